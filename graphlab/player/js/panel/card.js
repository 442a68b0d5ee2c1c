// The card of the step: rule, local Jacobian and product in three stages, and the Jacobian beside the product.

import { TYPING } from "../bar/keys.js";
import { elementsIn, make, mathFrom } from "../lib/safe.js";
import { heatMap } from "./heat.js";

/** @import { Answer, Card, CardAnswer, CardAxis, CardFactor, CardInside, CardShapes, CardSlot, Tab } from "../types.js" */
/** @import { View } from "../view.js" */

const STAGES = ["symbols", "derivatives", "numbers"];
const CARD_FIT = 0.62; // a formula is set smaller than this part of its size for no one: it scrolls instead
const CARDS_KEPT = 200;

/** A text of the labels with a number put in, its thousands apart. @param {string} text @param {number} n */
export const counted = (text, n) => text.replace("{n}", n.toLocaleString("en").replaceAll(",", "\u202f"));

class StepCard {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.stage = STAGES.length; // how many stages are shown
    this.slot = 0;
    this.key = "";
    this.inside = { step: 0, of: 0 }; // the operation that was chosen in a folded box
    /** @type {Map<string, Promise<?Answer<"card">>>} the answers of this walk, by step and operation */
    this.answers = new Map();
    /** The card that is shown. @type {?Card} */
    this.drawn = null;
    view.root.addEventListener("keydown", (event) => this.#pressed(event), { signal: view.listening.signal });
  }

  /**
   * The answer on a step, asked for once; of a folded box with `of`, on that operation in it.
   * @param {number} step
   */
  #asked(step, of = 0) {
    const { payload, desk } = this.view;
    if (payload.key !== this.key) {
      this.key = payload.key;
      this.answers.clear();
    }
    const name = of ? `${step}/${of}` : String(step);
    let answer = this.answers.get(name);
    if (!answer) {
      answer = desk.ask("card", of ? { step, of } : { step }).then((found) => {
        if (!found || found.error) this.answers.delete(name);
        return found;
      });
      if (this.answers.size > CARDS_KEPT) this.answers.clear();
      this.answers.set(name, answer);
    }
    return answer;
  }

  /** @param {HTMLElement} place @param {number} step */
  async show(place, step) {
    const { labels } = this.view;
    if (step !== this.inside.step || this.view.payload.key !== this.key) this.inside = { step, of: 0 };
    const { of } = this.inside;
    const answer = step ? await this.#asked(step, of) : null;
    place.classList.add("card");
    // The next ones are there when they are wanted.
    for (const next of [step + 1, step + 2]) if (step && next <= this.view.steps) this.#asked(next);
    if (answer?.inside) this.#inside(place, answer.inside, Boolean(answer.more));
    if (answer?.card) this.#card(place, answer.card);
    else if (answer?.inside) return;
    else place.append(make("p", { class: "quiet" }, answer?.error ?? (step ? labels.card_missing : labels.card_start)));
  }

  /**
   * The operations of a folded box: one that is chosen is explained below.
   * @param {HTMLElement} place @param {CardInside[]} inside @param {boolean} more
   */
  #inside(place, inside, more) {
    const list = make("div", { class: "choices inside", role: "group" });
    for (const { math, of } of inside) {
      const chosen = of === this.inside.of;
      const button = make("button", { type: "button", class: "choice", "data-action": `inside-${of}`, "aria-pressed": String(chosen) });
      button.append(mathFrom(math) ?? String(of));
      button.addEventListener("click", () => {
        this.inside.of = chosen ? 0 : of;
        this.#again();
      });
      list.append(button);
    }
    if (more) list.append(make("span", { class: "quiet" }, "…"));
    place.append(make("h3", {}, this.view.labels.card_inside), list);
  }

  /** @param {HTMLElement} place @param {Card} card */
  #card(place, card) {
    this.drawn = card;
    place.dataset.phase = card.phase;
    const head = make("div", { class: "card-head" }, this.#math(card.title));
    if (card.sizes.length) {
      head.append(make("div", { class: "sizes" }, ...card.sizes.map((size) =>
        make("span", this.#dim(size.colour), `${size.name} = ${size.size}`))));
    }
    place.append(head, make("p", { class: "card-sentence" }, card.sentence));
    if (card.shapes) {
      place.append(make("section", { class: "card-stage" }, this.#shapes(card.shapes)));
      place.append(make("section", { class: "card-stage", "data-stage": "numbers" }, ...(card.numbers ?? []).map((line) => this.#math(line))));
    }
    if (!card.slots.length) return;
    const slot = card.slots.find((s) => s.slot === this.slot) ?? card.slots[0];
    if (card.slots.length > 1) head.append(this.#slots(card, slot));
    place.append(this.#stages(slot), this.#jacobian(slot));
  }

  #again() {
    this.view.panel.update();
  }

  /** @param {Card} card @param {CardSlot} current */
  #slots(card, current) {
    const bar = make("div", { class: "choices", role: "group" });
    for (const slot of card.slots) {
      const button = make("button", {
        type: "button", class: "choice", "data-action": `slot-${slot.slot}`, "aria-pressed": String(slot === current),
      });
      button.append(mathFrom(slot.target) ?? slot.vertex);
      button.addEventListener("click", () => {
        this.slot = slot.slot;
        this.#again();
      });
      bar.append(button);
    }
    return bar;
  }

  /** @param {number} stage */
  #reveal(stage) {
    this.stage = stage;
    const { body } = this.view.panel;
    for (const section of elementsIn(body, "[data-stage-number]")) this.#open(section);
    this.fit(body);
    body.querySelector(`[data-stage-number="${stage}"]`)?.scrollIntoView({ block: "nearest" });
  }

  /** A stage that has its turn shows its content, a later one its name alone. @param {HTMLElement} section */
  #open(section) {
    const open = Number(section.dataset.stageNumber) <= this.stage;
    section.querySelector(".stage-head")?.setAttribute("aria-expanded", String(open));
    section.querySelector(".stage-body")?.toggleAttribute("hidden", !open);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (this.view.panel.name !== "step" || !["1", "2", "3"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.drawn?.slots.length || /** @type {Element} */ (event.target).closest?.(TYPING)) return;
    event.preventDefault();
    this.#reveal(Number(event.key));
  }

  /** @param {CardSlot} slot */
  #stages(slot) {
    const { labels } = this.view;
    const local = make("p", { class: "local" }, this.#inline(slot.local.math), ": ", make("b", {}, slot.rank), " ");
    if (slot.local.axes.length && slot.local.input.length) local.append(this.#axes(slot.local.axes), "×");
    if (slot.local.input.length || !slot.local.axes.length) local.append(this.#axes(slot.local.input));
    else local.append(this.#axes(slot.local.axes));
    const parts = [
      [...slot.symbols.map((line) => this.#math(line)), local, this.#shapes(slot.contraction)],
      [...slot.derivatives.map((line) => this.#math(line)), this.#shapes(slot.coded), make("p", { class: "why" }, slot.why)],
      slot.numbers.map((line) => this.#math(line)),
    ];
    const sections = parts.map((content, i) => {
      const head = make("button", { type: "button", class: "stage-head", "data-action": `stage-${i + 1}` },
        make("b", {}, String(i + 1)), ` ${labels[`card_${STAGES[i]}`]}`);
      head.addEventListener("click", () => this.#reveal(this.stage === i + 1 && i ? i : i + 1));
      const section = make("section", { class: "card-stage", "data-stage": STAGES[i], "data-stage-number": String(i + 1) },
        head, make("div", { class: "stage-body" }, ...content));
      this.#open(section);
      return section;
    });
    return make("div", { class: "card-stages" }, ...sections);
  }

  /** Shapes of a product, each axis by its name and its number: (H) · (H×D) → (D). @param {CardShapes} shapes */
  #shapes(shapes) {
    const line = make("p", { class: "shapes", "data-role": "shapes", "aria-label": shapes.text });
    shapes.factors.forEach((factor, i) => {
      if (i) line.append(make("span", { class: "sign" }, shapes.sign));
      line.append(this.#factor(factor));
    });
    if (shapes.summed) line.append(make("span", { class: "sign" }, "Σ"));
    line.append(make("span", { class: "sign" }, "→"), this.#factor(shapes.result));
    return line;
  }

  /** @param {CardFactor} factor */
  #factor(factor) {
    return make("span", { class: "factor" }, this.#axes(factor.axes), make("span", { class: "factor-name" }, this.#inline(factor.math)));
  }

  /** @param {CardAxis[]} axes */
  #axes(axes) {
    const group = make("span", { class: "axes" }, "(");
    axes.forEach((axis, i) => {
      if (i) group.append("×");
      const dim = make("span", { ...this.#dim(axis.colour), ...(axis.met ? { "data-met": "true" } : {}) }, axis.label);
      if (axis.label !== String(axis.size)) dim.append(make("small", {}, String(axis.size)));
      group.append(dim);
    });
    group.append(")");
    return group;
  }

  /** @param {?number} colour */
  #dim(colour) {
    return { class: "dim", ...(colour === null ? {} : { "data-dim": String(colour) }) };
  }

  /** The Jacobian as a heat map, beside what it costs and what the product costs. @param {CardSlot} slot */
  #jacobian(slot) {
    const { labels } = this.view;
    const j = slot.jacobian;
    const section = make("section", { class: "card-stage jacobian", "data-role": "jacobian", "data-structure": j.structure });
    section.append(make("h3", {}, this.#inline(slot.local.math)), make("p", {}, j.says));
    const names = (/** @type {number[][]} */ places) => (places.some((at) => at.length) ? places.map((at) => at.join(",")) : []);
    const room = Math.max(240, Math.min(560, (this.view.panel.body.clientWidth || 400) - 48));
    if (j.values) {
      section.append(heatMap({
        rows: j.values, texts: j.texts, width: room, rowLabels: names(j.row_places), columnLabels: names(j.column_places),
        blockRows: j.block[0], blockColumns: j.block[1], label: `${slot.output}, ${slot.vertex}: ${j.rows} × ${j.columns}`,
        onCell: (row, column) => this.#cell(slot, row, column),
      }));
    } else {
      section.append(make("p", { class: "quiet" }, j.too_large ?? ""), heatMap({ rows: j.outline, digits: false, width: Math.min(room, 280), label: j.says }));
    }
    const most = Math.max(1, j.dense);
    const cost = (/** @type {string} */ name, /** @type {number} */ numbers, /** @type {number} */ n) => make("tr", {},
      make("th", { scope: "row" }, labels[name]), make("td", {}, counted(labels.card_numbers_of, numbers)),
      make("td", {}, counted(labels.card_multiplications, n)),
      make("td", { class: "bar-cell" }, make("span", { class: "cost", style: `--part: ${n / most}` })));
    section.append(make("table", { class: "costs" }, make("tbody", {},
      cost("card_dense", j.elements, j.dense), cost("card_product", j.columns, j.product))));
    return section;
  }

  /**
   * A cell was pressed: whoever follows single elements hears of it at the player's root.
   * @param {CardSlot} slot @param {number} row @param {number} column
   */
  #cell(slot, row, column) {
    const { row_places: rows, column_places: columns } = slot.jacobian;
    const detail = { array: slot.vertex, index: columns[column - 1] ?? [], of: { array: slot.output, index: rows[row - 1] ?? [] } };
    this.view.root.dispatchEvent(new CustomEvent("cell", { detail, bubbles: true }));
  }

  /** @param {string} source */
  #inline(source) {
    return mathFrom(source) ?? "";
  }

  /** @param {string} source */
  #math(source) {
    const math = mathFrom(source);
    return make("div", { class: "line", tabindex: "-1" }, make("div", { class: "fitted" }, math ?? ""));
  }

  /**
   * Set formulas that are too wide for the panel smaller, down to a floor; beyond it the line scrolls.
   * @param {HTMLElement} place
   */
  fit(place) {
    const lines = [...elementsIn(place, ".line")];
    for (const line of lines) line.style.removeProperty("--fit");
    const ratios = lines.map((line) => line.clientWidth / Math.max(1, /** @type {HTMLElement} */ (line.firstElementChild).offsetWidth));
    lines.forEach((line, i) => ratios[i] && ratios[i] < 1 && line.style.setProperty("--fit", Math.max(CARD_FIT, 0.98 * ratios[i]).toFixed(3)));
  }
}

/** One card a view. @type {WeakMap<View, StepCard>} */
const stepCards = new WeakMap();
export const stepCardOf = (/** @type {View} */ view) => {
  const card = stepCards.get(view) ?? new StepCard(view);
  stepCards.set(view, card);
  return card;
};

/** @type {Tab} */
export const stepTab = {
  name: "step",
  offered: (view) => view.desk.answers("card"),
  show: (view, place, { step }) => stepCardOf(view).show(place, step),
  shown: (view, place) => stepCardOf(view).fit(place),
};
