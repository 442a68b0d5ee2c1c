// The tab of doubts: where numbers break and why, the stable form beside the naive one, and every gradient checked.

import { WORST_FIRST } from "../constants.js";
import { SIGNS } from "../picture/marks.js";
import { make } from "../lib/safe.js";

/** @import { Answer, Break, CheckAnswer, CheckedRow, StableShown, Tab } from "../types.js" */
/** @import { View } from "../view.js" */

/** One number that breaks, which goes to its step when it is pressed. @param {View} view @param {Break} mark */
function brokenNumber(view, mark) {
  const { labels } = view;
  const name = mark.phase === "forward" ? mark.element : `∇ ${mark.element}`;
  const head = make("button", { type: "button", class: "to-step" }, `${name} = ${mark.value}`);
  head.title = `${labels.step} ${mark.step}`;
  head.addEventListener("click", () => view.go(mark.step));
  return make("li", { "data-broken": mark.vertex, "data-phase": mark.phase },
    make("span", { class: "phase-word" }, labels[mark.phase]), head, make("p", {}, mark.says));
}

/** A table of texts: the head first. @param {string[][]} rows */
function tableOf(rows, attributes = {}) {
  const line = (/** @type {string[]} */ cells, /** @type {"th" | "td"} */ kind) => make("tr", {}, ...cells.map((cell) =>
    make(kind, kind === "th" ? { scope: "col" } : (/∞|nan/.test(cell) ? { class: "broken" } : {}), cell)));
  return make("table", attributes,
    make("thead", {}, line(rows[0], "th")), make("tbody", {}, ...rows.slice(1).map((row) => line(row, "td"))));
}

/**
 * The naive form and the stable one, with what each gives here, and as one logit grows.
 * @param {View} view @param {StableShown} form
 */
function stableForm(view, form) {
  const { labels } = view;
  const place = make("section", { class: "stable", "data-role": "stable" },
    make("h3", {}, labels.check_stable),
    tableOf([
      ["", labels.check_naive, labels.check_stable_form],
      [labels.check_formula, form.before, form.after],
      [form.of, ...form.loss],
      [`∂${form.of} / ∂${form.logits}`, ...form.gradient],
    ], { class: "sides", "data-role": "sides" }));
  if (view.inStreamlit) {
    const swap = make("button", { type: "button", class: "swap", "data-role": "swap" }, labels.check_swap);
    swap.addEventListener("click", () => view.host.send("swap", [form.index, form.after, Date.now()]));
    place.append(swap);
  }
  const sweep = tableOf([
    [form.logits, labels.check_value, labels.check_gradient, labels.check_value, labels.check_gradient], ...form.sweep,
  ], { class: "sweep", "data-role": "sweep" });
  sweep.tHead?.prepend(make("tr", {}, make("th", {}), make("th", { colspan: "2" }, labels.check_naive),
    make("th", { colspan: "2" }, labels.check_stable_form)));
  place.append(make("p", { class: "quiet" }, labels.check_sweep.replace("{name}", form.logits)), sweep);
  return place;
}

/**
 * A row of the check: the vertex, how many of its elements were looked at, the worst error, and the verdict in a word.
 * @param {View} view @param {CheckedRow} row
 */
function checkedRow(view, row) {
  const { labels } = view;
  const name = make("button", { type: "button", class: "to-vertex" }, row.vertex);
  name.addEventListener("click", () => view.select(row.vertex));
  const some = row.elements < row.size;
  const line = make("tr", { "data-checked": row.vertex, "data-verdict": row.verdict },
    make("td", {}, name), make("td", { class: some ? "some" : "" }, some ? `${row.elements} / ${row.size}` : String(row.size)),
    make("td", {}, row.error ?? "–"), make("td", {}, row.element ?? ""),
    make("td", { class: "verdict-word" }, `${SIGNS[row.verdict]} ${labels[`check_${row.verdict}`]}`));
  if (row.verdict === "right" || row.verdict === "missed") return [line];
  const said = row.verdict === "kink"
    ? `${row.why}: ${labels.check_slopes.replace("{left}", row.left ?? "").replace("{right}", row.right ?? "").replace("{ours}", row.ours ?? "")}`
    : labels.check_differs.replace("{element}", row.element ?? "").replace("{ours}", row.ours ?? "").replace("{theirs}", row.theirs ?? "");
  return [line, make("tr", { class: "said", "data-verdict": row.verdict }, make("td", { colspan: "5" }, said))];
}

/** @param {View} view @param {Answer<"check">} answer */
function checkedTable(view, answer) {
  const { labels } = view;
  const rows = [...answer.rows].sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict));
  const head = [labels.check_vertex, labels.check_elements, labels.check_error, labels.check_worst, ""];
  const table = make("table", { class: "checked", "data-role": "checked" },
    make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))),
    make("tbody", {}, ...rows.flatMap((row) => checkedRow(view, row))));
  const notes = [];
  if (answer.culprit) notes.push(make("p", { class: "culprit", "data-role": "culprit" }, `✗ ${answer.culprit.says}`));
  if (answer.sampled || answer.missed.length) notes.push(make("p", { class: "quiet" }, labels.check_sampled));
  return [...notes, table];
}

class CheckTab {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** The walk that `forms` were asked for. */
    this.key = "";
    /** @type {Promise<?Answer<"stable">>} */
    this.forms = Promise.resolve(null);
  }

  /** @param {HTMLElement} place */
  show(place) {
    const { view } = this;
    const { labels, marks, payload } = view;
    const broken = payload.breaks ?? [];
    const stable = make("div", {});
    if (broken.length) {
      place.append(make("section", { class: "breaks", "data-role": "breaks" },
        make("h3", {}, `⚠ ${labels.check_breaks}`), make("ul", {}, ...broken.map((mark) => brokenNumber(view, mark)))), stable);
    }
    const results = make("div", { class: "results" });
    const on = make("button", {
      type: "button", role: "switch", class: "switch", "data-role": "check-switch", "aria-checked": String(marks.checking),
    }, make("span", { class: "knob", "aria-hidden": "true" }), labels.check_switch);
    on.addEventListener("click", () => {
      marks.switch(!marks.checking);
      on.setAttribute("aria-checked", String(marks.checking));
      this.#results(results);
    });
    place.append(make("section", {}, on, make("p", { class: "quiet" }, labels.check_about), results));
    if (!broken.length) place.append(stable);
    this.#results(results);
    this.#stable(stable);
  }

  /** @param {HTMLElement} place */
  async #results(place) {
    const { view } = this;
    const { labels, marks } = view;
    if (!marks.checking) {
      place.replaceChildren();
      return;
    }
    if (!marks.found) place.replaceChildren(make("p", { class: "quiet", role: "status" }, labels.check_running));
    /** @type {?Answer<"check">} */
    const answer = marks.found ?? (await marks.check());
    if (!marks.checking) return;
    if (!answer || answer.error) place.replaceChildren(make("p", { class: "quiet" }, answer?.error ?? labels.card_missing));
    else place.replaceChildren(...checkedTable(view, answer));
  }

  /** @param {HTMLElement} place */
  async #stable(place) {
    const { view } = this;
    const { key } = view.payload;
    if (this.key !== key) {
      this.key = key;
      this.forms = view.desk.ask("stable");
    }
    const answer = await this.forms;
    if (key === view.payload.key) place.replaceChildren(...(answer?.forms ?? []).map((form) => stableForm(view, form)));
  }
}

/** @type {WeakMap<View, CheckTab>} */
const checkTabs = new WeakMap();

/** @type {Tab} */
export const checkTab = {
  name: "check",
  offered: (view) => view.desk.answers("check"),
  /** The tab says the same at every step: it is drawn again only for another walk, or after something was switched. */
  show(view, place) {
    if (!checkTabs.has(view)) checkTabs.set(view, new CheckTab(view));
    checkTabs.get(view)?.show(place);
  },
};
