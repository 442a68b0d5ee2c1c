// The minibatch under the lens: one object, all of them one by one, or the matrices that hold them.

import { make, mathFrom } from "../lib/safe.js";
import { heatMap, heatScale } from "./heat.js";

/** @import { LensAnswer, LensItem, LensShare, SharedItem, Tab, Table } from "../types.js" */
/** @import { View } from "../view.js" */

const LENS_WAYS = /** @type {const} */ (["object", "stack", "matrix"]);

class LensPage {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** @type {"object" | "stack" | "matrix"} */
    this.way = "object";
    this.n = 1;
  }

  /** @param {HTMLElement} place @param {number} step */
  async show(place, step) {
    const { labels, desk } = this.view;
    const answer = await desk.ask("lens", { step });
    if (!answer?.count) {
      place.append(make("p", { class: "quiet" }, answer?.error ?? labels.lens_missing));
      return;
    }
    this.n = Math.min(this.n, answer.count);
    place.append(this.#choices(answer));
    if (answer.sentence) place.append(make("p", { class: "quiet" }, answer.sentence));
    for (const item of answer.items) place.append(this.#item(item, answer));
    place.append(this.#whole(answer));
  }

  /** @param {Partial<LensPage>} changed */
  #again(changed) {
    Object.assign(this, changed);
    this.view.panel.update();
  }

  /** @param {LensAnswer} answer */
  #choices({ count }) {
    const { labels } = this.view;
    const ways = LENS_WAYS.map((way) => {
      const button = make("button", {
        type: "button", class: "choice", "data-action": `lens-${way}`, "aria-pressed": String(way === this.way),
      }, labels[`lens_${way}`]);
      button.addEventListener("click", () => this.#again({ way }));
      return button;
    });
    const objects = Array.from({ length: count }, (_, i) => {
      const button = make("button", {
        type: "button", class: "choice number", "data-object": String(i + 1), "aria-pressed": String(i + 1 === this.n),
        "aria-label": `${labels.lens_object} ${i + 1}`,
      }, String(i + 1));
      button.addEventListener("click", () => this.#again({ n: i + 1, way: this.way === "stack" ? "object" : this.way }));
      return button;
    });
    const row = make("div", { class: "choices objects", role: "group" }, make("span", { class: "quiet" }, "n ="), ...objects);
    row.hidden = this.way === "stack";
    return make("div", { class: "lens-bar" }, make("div", { class: "choices", role: "group" }, ...ways), row);
  }

  /** @param {LensItem} item @param {LensAnswer} answer */
  #item(item, answer) {
    const box = make("section", { class: "lens-item", "data-vertex-shown": item.vertex, "data-kind": item.kind });
    const formula = item[this.way] ?? item.matrix;
    if (formula) box.append(make("div", { class: "lens-formula" }, mathFrom(formula) ?? ""));
    if (item.part) box.append(make("p", { class: "quiet" }, item.part));
    box.append(make("p", {}, item.sentence));
    if (item.shares?.length) {
      const shared = { ...item, shares: item.shares };
      box.append(item.kind === "own" ? this.#own(shared) : this.#shared(shared, answer));
    }
    return box;
  }

  /**
   * A table of numbers as a heat map; all tables of an item share a scale, so that their colours add up.
   * @param {?Table | undefined} table @param {number} scale
   * @param {{rowLabels?: string[], lit?: number[][]}} options
   */
  #heat(table, scale, options = {}) {
    if (!table) return make("span", { class: "quiet" }, this.view.labels.lens_large);
    const columns = table.rows[0]?.length ?? 1;
    return heatMap({ ...table, scale, width: Math.min(this.#room(), 62 * columns + 3 + (options.rowLabels ? 30 : 0)), ...options });
  }

  #room() {
    return Math.max(220, this.view.panel.body.clientWidth - 56);
  }

  /** @param {SharedItem} item */
  #own(item) {
    const scale = scaleOf([item.whole]);
    const row = (/** @type {number} */ n) => make("div", { class: "lens-row" }, make("span", { class: "lens-n" }, String(n)), this.#heat(item.shares[n - 1].value, scale));
    if (this.way === "object") return make("div", { class: "lens-stack" }, row(this.n));
    if (this.way === "stack") return make("div", { class: "lens-stack" }, ...item.shares.map((_, i) => row(i + 1)));
    return this.#heat(item.whole, scale, { rowLabels: item.shares.map((_, i) => String(i + 1)), lit: this.#litRow(item.whole) });
  }

  /** @param {?Table | undefined} table */
  #litRow(table) {
    return (table?.rows[this.n - 1] ?? []).map((_, j) => [this.n, j + 1]);
  }

  /** @param {SharedItem} item @param {LensAnswer} answer */
  #shared(item, answer) {
    const scale = scaleOf([item.whole, ...item.shares.flatMap((share) => [share.value, share.total])]);
    if (this.way === "object") return this.#one(item, answer, scale);
    if (this.way === "stack") return this.#stack(item, scale);
    return this.#matrices(item, scale);
  }

  /**
   * Object n: its two rows, their product, and the sum so far.
   * @param {SharedItem} item @param {LensAnswer} answer @param {number} scale
   */
  #one(item, { count }, scale) {
    const { labels } = this.view;
    const share = item.shares[this.n - 1];
    const pick = (/** @type {?Table | undefined} */ table) => table && { rows: [table.rows[this.n - 1]], texts: [table.texts[this.n - 1]] };
    const box = make("div", { class: "lens-one" });
    if (item.kind === "outer") {
      const left = transposed(pick(item.left));
      box.append(make("div", { class: "lens-outer" },
        make("span", { class: "lens-corner" }, ...(item.names ?? []).flatMap((name, i) => [...(i ? ["·"] : []), mathFrom(name) ?? ""])),
        this.#heat(pick(item.right), scaleOf([item.right])),
        this.#heat((item.right && item.right.rows[0].length > 1) || !left ? left : pick(item.left), scaleOf([item.left])),
        this.#heat(share.value, scale)));
      if (item.right?.rows[0].length === 1) box.firstElementChild?.classList.add("scaled");
    } else box.append(this.#heat(share.value, scale));
    const sum = this.n === 1 ? "1" : `1 + … + ${this.n}`;
    box.append(
      make("p", { class: "lens-sum" }, `${this.n === count ? labels.lens_all : labels.lens_so_far} (${this.n === 2 ? "1 + 2" : sum})`),
      this.#heat(share.total, scale),
    );
    return box;
  }

  /**
   * All shares with plus signs between them, and what they add up to.
   * @param {SharedItem} item @param {number} scale
   */
  #stack(item, scale) {
    const parts = item.shares.flatMap((share, i) => {
      const map = make("figure", {}, this.#heat(share.value, scale), make("figcaption", {}, String(i + 1)));
      return i ? [make("span", { class: "lens-sign" }, "+"), map] : [map];
    });
    return make("div", { class: "lens-adding" }, ...parts,
      make("span", { class: "lens-sign" }, "="), make("figure", { class: "lens-total" }, this.#heat(item.whole, scale)));
  }

  /**
   * Xᵀ, G and their product; the column and the row of object n are framed.
   * @param {SharedItem} item @param {number} scale
   */
  #matrices(item, scale) {
    const right = this.#heat(item.right, scaleOf([item.right]), { lit: this.#litRow(item.right) });
    const column = (/** @type {?Table | undefined} */ table) => (table?.rows ?? []).map((_, i) => [i + 1, this.n]);
    const total = make("figure", { class: "lens-total" }, this.#heat(item.whole, scale));
    const sign = (/** @type {string} */ text) => make("span", { class: "lens-sign" }, text);
    if (item.kind !== "outer") return make("div", { class: "lens-adding" }, sign("Σ"), make("figure", {}, right), sign("="), total);
    const left = transposed(item.left);
    return make("div", { class: "lens-adding" },
      make("figure", {}, this.#heat(left, scaleOf([left]), { lit: column(left) })), sign("·"), make("figure", {}, right), sign("="), total);
  }

  /** The graphs of the single objects against that of the minibatch. @param {LensAnswer} answer */
  #whole(answer) {
    const { labels } = this.view;
    const losses = answer.losses.map((text, i) => make("span", { class: "lens-loss", "data-current": String(i + 1 === this.n && this.way !== "stack") }, `${i + 1}: ${text}`));
    return make("section", { class: "lens-whole", "data-reduction": answer.reduction },
      make("h4", {}, labels.lens_whole),
      make("p", { "data-role": "lens-check" }, answer.check),
      make("div", { class: "lens-losses" }, mathFrom(answer.loss) ?? "", ...losses));
  }
}

/** The scale that tables share. @param {(?Table | undefined)[]} tables */
const scaleOf = (tables) => Math.max(0, ...tables.map((table) => (table ? heatScale(table.rows) : 0)));

const transposed = (/** @type {?Table | undefined} */ table) => table && {
  rows: table.rows[0].map((/** @type {unknown} */ _, /** @type {number} */ j) => table.rows.map((row) => row[j])),
  texts: table.texts[0].map((/** @type {unknown} */ _, /** @type {number} */ j) => table.texts.map((row) => row[j])),
};

/** @type {WeakMap<View, LensPage>} */
const lensPages = new WeakMap();

/** @type {Tab} */
export const lensTab = {
  name: "lens",
  offered: (view) => Boolean(view.payload?.batch) && view.desk.answers("lens"),
  async show(view, place, { step }) {
    if (!lensPages.has(view)) lensPages.set(view, new LensPage(view));
    await lensPages.get(view)?.show(place, step);
  },
};
