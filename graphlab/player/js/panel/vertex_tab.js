// The tab of a vertex: one element followed, the paths to the loss, and the gradient of any vertex by any other.

import { FEW_ELEMENTS } from "../constants.js";
import { light } from "../picture/lit.js";
import { attribute, make, mathFrom } from "../lib/safe.js";
import { counted, stepCardOf } from "./card.js";
import { heatMap } from "./heat.js";

/** @import { Answer, Details, ElementAnswer, ElementEquation, ElementPart, FollowedElement, Kind, PathShown, PathsAnswer, Phase, Tab } from "../types.js" */
/** @import { View } from "../view.js" */

/** @type {Phase[]} */
const SIDES = ["forward", "backward"];

/** Is one element followed? @param {ElementAnswer} element @returns {element is FollowedElement} */
const isFollowed = (element) => Boolean(element.index);

class VertexPage {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** @type {?string} */
    this.vertex = null;
    /** The element that is followed: places counted from 1, one an axis. @type {?number[]} */
    this.index = null;
    /** Which half of an element's story is lit in the graph. @type {Phase} */
    this.side = "forward";
    /** Whether its equation is lit alone; null: a gate is, as long as no element is followed. @type {?boolean} */
    this.alone = null;
    /** The vertex that was chosen in the graph when the tab was last shown. @type {?string} */
    this.seen = null;
    /** Is the arithmetic to be brought into view? */
    this.bring = false;
    this.key = "";
    this.turn = 0;
    /** The gradient that is asked for; `follows`: the vertex that `by` was taken from. */
    this.target = { of: "", by: "", follows: "" };
    /** @type {Map<string, Promise<any>>} the answers of this walk */
    this.answers = new Map();
  }

  /** @template {Kind} K @param {K} kind @param {Details} details @returns {Promise<?Answer<K>>} */
  #ask(kind, details) {
    const { payload, desk } = this.view;
    if (payload.key !== this.key) {
      this.key = payload.key;
      this.answers.clear();
    }
    const name = JSON.stringify([kind, details]);
    const asked = this.answers.get(name) ?? desk.ask(kind, details).then((answer) => {
      if (!answer || answer.error) this.answers.delete(name);
      return answer;
    });
    this.answers.set(name, asked);
    return asked;
  }

  /**
   * Follow this element, as if a person had gone to its vertex and pressed its cell.
   * @param {?string} vertex @param {?number[]} index
   */
  follow(vertex, index) {
    this.vertex = vertex;
    this.index = index;
    this.seen = this.view.vertex;
    this.side = "forward";
    this.alone = null;
  }

  /** @param {HTMLElement} place @param {?string} vertex */
  async show(place, vertex) {
    const { labels } = this.view;
    place.classList.add("card");
    if (vertex && vertex !== this.seen) this.follow(vertex, null);
    this.seen = vertex;
    if (!this.vertex) {
      place.append(make("p", { class: "quiet" }, labels.vertex_choose));
      this.#target(place);
      return;
    }
    const turn = ++this.turn;
    const { vertex: name, index } = this;
    const [followed, paths] = await Promise.all([
      this.#ask("element", { vertex: name, ...(index ? { index } : {}) }),
      this.#ask("paths", { vertex: name }),
    ]);
    const element = followed || !index ? followed : await this.#ask("element", { vertex: name }); // its tables at least
    if (turn !== this.turn) return;
    if (!element || element.error) {
      light(this.view, null);
      if (element?.error) this.vertex = null; // not of this walk
      place.append(make("p", { class: "quiet" }, element ? labels.vertex_choose : labels.vertex_missing));
      return;
    }
    this.#element(place, element);
    if (element.equation) this.#equation(place, element, element.equation);
    if (paths && !paths.error) this.#paths(place, paths);
    this.#target(place);
    this.#lightElement(element);
  }

  clear() {
    light(this.view, null);
  }

  /**
   * The equation that a vertex comes from, lit by itself: a gate and what it does.
   * @param {HTMLElement} place @param {ElementAnswer} element @param {ElementEquation} equation
   */
  #equation(place, element, equation) {
    const { labels } = this.view;
    const section = this.#section("equation");
    if (equation.says) section.append(make("p", {}, equation.says));
    const button = make("button", {
      type: "button", class: "choice", "data-action": "lit-equation", "aria-pressed": String(this.#isAlone(element)),
    }, labels.vertex_alone);
    button.addEventListener("click", () => {
      this.alone = !this.#isAlone(element);
      this.#lightElement(element);
    });
    section.append(make("div", { class: "card-head" }, button));
    place.querySelector('[data-role="entries"]')?.before(section);
  }

  /** @param {ElementAnswer} element @returns {boolean} */
  #isAlone(element) {
    return Boolean(element.equation && (this.alone ?? (element.equation.gate && !element.index)));
  }

  /** @param {ElementAnswer} element */
  #lightElement(element) {
    const alone = this.#isAlone(element);
    this.view.panel.body.querySelector('[data-action="lit-equation"]')?.setAttribute("aria-pressed", String(alone));
    if (alone) {
      light(this.view, element.equation?.lit ?? null);
      return;
    }
    light(this.view, element.lit ? { ...element.lit[this.side], role: this.side === "forward" ? "value" : "gradient" } : null);
  }

  /** @param {string} role @param {string | Element} title */
  #section(role, title = "") {
    const section = make("section", { class: "card-stage", "data-role": role });
    if (title) section.append(make("h3", {}, title));
    return section;
  }

  #width() {
    return Math.max(240, Math.min(560, (this.view.panel.body.clientWidth || 400) - 60));
  }

  // ---- one element ----

  /** @param {HTMLElement} place @param {ElementAnswer} element */
  #element(place, element) {
    const { labels } = this.view;
    const head = make("div", { class: "card-head" }, this.#line(element.name), make("span", { class: "quiet" }, `${element.sort}, ${element.size}`));
    place.append(head);
    if (this.view.narrow) { // where there is room the details stand beside the panel
      head.append(make("button", { type: "button", class: "choice", "data-action": "details" }, labels.vertex_details));
    }
    const maps = this.#section("entries");
    const tables = make("div", { class: "entry-maps" });
    this.#table(tables, element, "value", labels.vertex_value);
    this.#table(tables, element, "gradient", mathFrom(element.gradient_name) ?? "");
    maps.append(tables);
    if (!element.value) maps.append(make("p", { class: "quiet" }, labels.vertex_large));
    else if (!element.index && this.#followed(element)) maps.append(make("p", { class: "quiet" }, labels.vertex_press));
    place.append(maps);
    if (!isFollowed(element)) return;
    // What is fed is made of nothing, and where the walk brings no gradient there is none to follow.
    if (!element.lit[this.side].edges.length) this.side = SIDES.find((side) => element.lit[side].edges.length) ?? "forward";
    place.append(this.#half("forward", element, element.forward.map((line) => this.#line(line))));
    const back = element.backward.flatMap((part, i) => [
      ...(element.backward.length > 1 ? [this.#sender(part, i)] : []),
      ...part.lines.map((line) => this.#line(line)),
    ]);
    back.push(...element.total.map((line) => this.#line(line)));
    if (back.length) place.append(this.#half("backward", element, back));
  }

  /** @param {ElementPart} part @param {number} i */
  #sender(part, i) {
    const line = make("p", { class: "quiet" }, `${i + 1}. ${this.view.labels.vertex_from} `);
    line.append(mathFrom(part.sender) ?? "");
    return line;
  }

  /**
   * Half of an element's story, with the switch that lights it up in the graph.
   * @param {Phase} side @param {FollowedElement} element @param {Element[]} content
   */
  #half(side, element, content) {
    const { labels } = this.view;
    const section = this.#section(`element-${side}`);
    const [entries, vertices] = element.counts[side];
    const told = labels[`vertex_counts_${side}`].replace("{n}", String(entries)).replace("{m}", String(vertices));
    const button = make("button", {
      type: "button", class: "choice", "data-action": `lit-${side}`, "aria-pressed": String(this.side === side),
    }, labels[`vertex_${side}`]);
    button.addEventListener("click", () => {
      this.side = side;
      this.alone = false;
      for (const other of SIDES) {
        this.view.panel.body.querySelector(`[data-action="lit-${other}"]`)?.setAttribute("aria-pressed", String(other === side));
      }
      this.#lightElement(element);
    });
    section.append(make("div", { class: "card-head" }, button), ...content);
    if (element.lit[side].edges.length) section.append(make("p", { class: "quiet" }, told));
    return section;
  }

  /** @param {HTMLElement} place @param {ElementAnswer} element @param {"value" | "gradient"} role @param {string | Element} title */
  #table(place, element, role, title) {
    const table = element[role];
    if (!table) return;
    const lit = isFollowed(element) ? [this.#cellOf(element)] : [];
    const heading = make("h3", {});
    heading.append(title);
    const map = heatMap({
      rows: table.rows, texts: table.texts, width: this.#width(), label: `${element.vertex}, ${role}`, lit,
      rowLabels: element.shape.length === 2 ? table.rows.map((_, i) => String(i + 1)) : [],
      columnLabels: element.shape.length ? table.rows[0].map((_, j) => String(j + 1)) : [],
      onCell: element.shape.length && this.#followed(element) ? (row, column) => this.#pressed(element, row, column, role) : undefined,
    });
    map.dataset.map = role;
    place.append(make("div", {}, heading, map));
  }

  /** Can its elements be followed? A file carries those of small arrays alone. @param {ElementAnswer} element */
  #followed({ shape }) {
    return Boolean(this.view.desk.name) || shape.reduce((n, size) => n * size, 1) <= FEW_ELEMENTS;
  }

  /** Where the chosen element stands in its table: the last axis goes across, the others down. @param {FollowedElement} element */
  #cellOf({ index, shape }) {
    let row = 0;
    for (let axis = 0; axis < shape.length - 1; axis++) row = row * shape[axis] + index[axis] - 1;
    return [row + 1, index.at(-1) ?? 1];
  }

  /** @param {ElementAnswer} element @param {number} row @param {number} column @param {"value" | "gradient"} role */
  #pressed({ vertex, shape }, row, column, role) {
    const index = [column];
    let rest = row - 1;
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      index.unshift((rest % shape[axis]) + 1);
      rest = Math.floor(rest / shape[axis]);
    }
    this.follow(vertex, index);
    this.side = role === "gradient" ? "backward" : "forward";
    this.bring = true;
    this.view.panel.update();
  }

  /** Formulas fit the panel, and after a press on a cell its arithmetic is in sight. @param {HTMLElement} place */
  shown(place) {
    stepCardOf(this.view).fit(place);
    if (!this.bring) return;
    this.bring = false;
    place.querySelector(`[data-role="element-${this.side}"]`)?.scrollIntoView({ block: "nearest" });
  }

  // ---- paths ----

  /** @param {HTMLElement} place @param {PathsAnswer} paths */
  #paths(place, paths) {
    const { labels } = this.view;
    const section = this.#section("paths", labels.vertex_paths);
    const counted = paths.count === "0" ? labels.vertex_no_path
      : labels.vertex_counted.replace("{n}", paths.count).replace("{m}", String(paths.visits));
    const all = make("button", { type: "button", class: "choice", "data-action": "lit-paths" }, counted);
    all.addEventListener("click", () => light(this.view, paths));
    section.append(paths.count === "0" ? make("p", {}, counted) : all);
    if (paths.visits) section.append(make("p", { class: "quiet" }, labels.vertex_once));
    if (paths.listed.length > 1 || (paths.listed.length === 1 && paths.visits)) {
      const list = make("ol", { class: "paths" });
      for (const path of paths.listed) list.append(this.#path(path));
      section.append(list);
      if (paths.apart !== null) {
        section.append(make("p", { class: "quiet", "data-role": "paths-checked" },
          labels.vertex_checked.replace("{error}", paths.apart)));
      }
    }
    place.append(section);
  }

  /** @param {PathShown} path */
  #path(path) {
    const button = make("button", { type: "button", class: "path", "data-action": "path" });
    const names = make("span", { class: "path-names" });
    path.names.forEach((name, i) => {
      const part = make("span", {}, ...(i ? ["→ "] : []));
      part.append(mathFrom(name) ?? "");
      names.append(part);
    });
    button.append(names);
    if (typeof path.text === "string") button.append(make("span", { class: "path-value" }, path.text));
    for (const event of ["click", "focus", "pointerenter"]) button.addEventListener(event, () => light(this.view, path.lit));
    const item = make("li", {}, button);
    if (path.text && typeof path.text !== "string") {
      item.append(heatMap({ rows: path.text.rows, texts: path.text.texts, width: this.#width() - 30, digits: path.text.rows.length <= 4 }));
    }
    return item;
  }

  // ---- the gradient of any vertex by any other ----

  /** @param {HTMLElement} place */
  #target(place) {
    const { labels, payload, desk } = this.view;
    if (!desk.answers("target")) return;
    const { svg } = this.view;
    const names = [...new Set(svg ? [...svg.querySelectorAll("[data-vertex]")].map((shape) => attribute(shape, "data-vertex")) : [])];
    const loss = payload.steps.find((s) => s.phase === "backward")?.output ?? names[names.length - 1];
    if (!names.includes(this.target.of)) this.target.of = loss;
    if (this.vertex && names.includes(this.vertex) && this.target.follows !== this.vertex) {
      this.target.by = this.vertex;
      this.target.follows = this.vertex;
    }
    if (!names.includes(this.target.by)) this.target.by = names[0];
    const section = this.#section("target", labels.vertex_target);
    const result = make("div", { class: "page-part", "aria-live": "polite" });
    const select = (/** @type {"of" | "by"} */ field) => {
      const box = make("select", { "data-action": `target-${field}`, "aria-label": labels[`vertex_${field}`] });
      for (const name of names) box.append(make("option", { value: name, ...(name === this.target[field] ? { selected: "" } : {}) }, name));
      box.addEventListener("change", () => {
        this.target[field] = box.value;
        this.#answer(result);
      });
      return make("label", {}, `${labels[`vertex_${field}`]} `, box);
    };
    section.append(make("div", { class: "target-choice" }, select("of"), select("by")), result);
    place.append(section);
    this.#answer(result);
  }

  /** @param {HTMLElement} result */
  async #answer(result) {
    const { of, by } = this.target;
    const answer = await this.#ask("target", { of, by });
    if (of !== this.target.of || by !== this.target.by) return;
    const { labels } = this.view;
    if (!answer || answer.error) {
      result.replaceChildren(make("p", { class: "quiet" }, answer?.error ?? labels.vertex_missing));
      return;
    }
    const most = Math.max(1, answer.reverse.visits, answer.forward.visits);
    const row = (/** @type {"reverse" | "forward"} */ mode) => {
      const { passes, visits } = answer[mode];
      return make("tr", { "data-mode": mode }, make("th", { scope: "row" }, labels[`vertex_mode_${mode}`]),
        make("td", {}, counted(labels.vertex_passes, passes)), make("td", {}, counted(labels.vertex_visits, visits)),
        make("td", { class: "bar-cell" }, make("span", { class: "cost", style: `--part: ${visits / most}` })));
    };
    const head = make("div", { class: "card-head" }, this.#line(answer.math), make("span", { class: "quiet" }, answer.size));
    result.replaceChildren(head, make("p", { "data-role": "target-says" }, answer.sentence),
      make("table", { class: "costs" }, make("tbody", {}, row("reverse"), row("forward"))));
    for (const mode of /** @type {const} */ (["reverse", "forward"])) {
      const { table } = answer[mode];
      if (!table) continue;
      result.append(make("h3", {}, labels[`vertex_made_${mode}`]), heatMap({
        rows: table.rows, texts: table.texts, width: this.#width(), label: `${of}, ${by}: ${mode}`,
        blockRows: mode === "reverse" ? 1 : 0, blockColumns: mode === "forward" ? 1 : 0,
      }));
    }
    if (answer.apart === null && answer.reverse.table) return;
    result.append(make("p", { class: "quiet" }, answer.reverse.table
      ? labels.vertex_agree.replace("{error}", answer.apart ?? "") : labels.vertex_too_many));
  }

  /** @param {string} source */
  #line(source) {
    return make("div", { class: "line", tabindex: "-1" }, make("div", { class: "fitted" }, mathFrom(source) ?? ""));
  }
}

/** One page a view. @type {WeakMap<View, VertexPage>} */
const vertexPages = new WeakMap();
const vertexPageOf = (/** @type {View} */ view) => {
  const page = vertexPages.get(view) ?? new VertexPage(view);
  vertexPages.set(view, page);
  return page;
};

/** @type {Tab} */
export const vertexTab = {
  name: "vertex",
  offered: (view) => view.desk.answers("element"),
  begin(view) {
    // A cell pressed elsewhere in the panel is followed here.
    view.root.addEventListener("cell", (event) => {
      const { array, index } = /** @type {CustomEvent} */ (event).detail;
      vertexPageOf(view).follow(array, index);
      view.panel.show("vertex");
    }, { signal: view.listening.signal });
  },
  show: (view, place, { vertex }) => vertexPageOf(view).show(place, vertex),
  shown: (view, place) => vertexPageOf(view).shown(place),
  clear: (view) => vertexPageOf(view).clear(),
};
