// The words and formulas of the steps: of a small walk all are there at once, of a long one they come in chunks.

import { unpack } from "../lib/packing.js";

/** @import { Desk } from "../lib/desk.js" */
/** @import { Payload, StepTexts } from "../types.js" */

export class Texts {
  /**
   * @param {Payload} payload `steps` hold their own texts, or `texts` says how many make a chunk and holds some packed
   * @param {Desk} desk @param {() => void} arrived called when texts have come that were not there when asked for
   */
  constructor(payload, desk, arrived) {
    this.payload = payload;
    this.desk = desk;
    this.arrived = arrived;
    /** @type {Map<number, ?StepTexts[]>} null: on its way */
    this.chunks = new Map();
  }

  /**
   * What is said of a step; null while its texts are on their way. @returns {?StepTexts}
   * @param {number} step
   */
  at(step) {
    const { start, steps, texts } = this.payload;
    const own = step ? /** @type {StepTexts} */ (steps[step - 1]) : start; // of a long walk nobody looks at the steps' own
    if (!texts) return own;
    const n = Math.floor(Math.max(0, step - 1) / texts.size);
    // The walk may be stepped either way, and faster forward than a chunk takes to come.
    for (const near of [n, n + 1, n - 1, n + 2]) this.#want(near);
    return step ? (this.chunks.get(n)?.[(step - 1) % texts.size] ?? null) : own;
  }

  /** @param {number} n */
  async #want(n) {
    const { texts } = this.payload;
    if (!texts) return;
    const { size, chunks } = texts;
    if (this.chunks.has(n) || n < 0 || n * size >= this.payload.steps.length) return;
    this.chunks.set(n, null);
    const packed = chunks[n] ?? (await this.desk.ask("texts", { chunk: n }))?.packed;
    if (packed) this.chunks.set(n, await unpack(packed));
    else this.chunks.delete(n); // asked for again by the next step
    if (packed) this.arrived();
  }
}
