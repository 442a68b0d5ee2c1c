// The strip below the graph: the step's formula in symbols, with numbers, and a sentence.

import { make, mathFrom } from "../lib/safe.js";

/** @import { StepTexts } from "../types.js" */

const SMALLEST_FIT = 0.62; // a formula is set smaller than this part of its size for no one: it scrolls instead

export class Strip {
  constructor() {
    /** What stands in each row. @type {Map<HTMLElement, string>} */
    this.sources = new Map();
    this.formula = make("div", { "data-role": "formula", tabindex: "-1" });
    this.numbers = make("div", { "data-role": "numbers", tabindex: "-1" });
    this.sentence = make("div", { "data-role": "sentence", "aria-live": "polite" });
    this.root = make("div", { class: "strip" }, this.formula, this.numbers, this.sentence);
  }

  /** @param {?StepTexts} texts null while they are on their way: the strip is calm until they come */
  show(texts) {
    this.root.toggleAttribute("data-waiting", !texts);
    const sentence = texts?.sentence ?? (texts ? "" : "…");
    this.#setMath(this.formula, texts?.formula ?? "");
    this.#setMath(this.numbers, texts?.numbers ?? "");
    if (this.sentence.textContent !== sentence) this.sentence.textContent = sentence;
    this.fit();
  }

  /** @param {HTMLElement} place @param {string} source */
  #setMath(place, source) {
    if (this.sources.get(place) === source) return;
    this.sources.set(place, source);
    const math = source ? mathFrom(source) : null;
    if (math) place.replaceChildren(make("div", { class: "fitted" }, math));
    else place.replaceChildren(source ? source.replace(/<[^>]*>/g, " ") : "");
  }

  /** Set a formula that is too large for its row smaller, down to a floor; beyond it the row scrolls. */
  fit() {
    const rows = [this.formula, this.numbers].filter((row) => row.firstElementChild);
    for (const row of rows) row.style.removeProperty("--fit");
    const fits = rows.map((row) => {
      const { offsetWidth, offsetHeight } = /** @type {HTMLElement} */ (row.firstElementChild);
      const wide = row.clientWidth / Math.max(1, offsetWidth);
      const high = row.clientHeight / Math.max(1, offsetHeight);
      // A hair below the exact ratio: widths of text do not scale quite evenly.
      return Math.max(SMALLEST_FIT, wide < 1 || high < 1 ? 0.985 * Math.min(wide, high) : 1);
    });
    for (const [i, row] of rows.entries()) if (fits[i] < 1) row.style.setProperty("--fit", fits[i].toFixed(3));
  }
}
