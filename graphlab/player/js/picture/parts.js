// The parts of a large picture: what is far from view is there in outline only, until the picture comes near it.

import { unpack } from "../lib/packing.js";
import { svgFrom } from "../lib/safe.js";

/** @import { Desk } from "../lib/desk.js" */
/** @import { Box, Payload } from "../types.js" */

const MOST_PARTS = 8; // beside one another; of more than these nothing could be told apart, and outlines do
const AT_ONCE = 4; // parts that are drawn at once where they are looked at; more of them one after the other
const REACH = 600; // units of the picture by which an edge may reach out of its part

/** Do something small when the page has nothing better to do. */
const whenIdle = (/** @type {() => void} */ work) => ("requestIdleCallback" in window ? requestIdleCallback(work, { timeout: 300 }) : setTimeout(work, 20));

export class Parts {
  /**
   * @param {Payload} payload `parts` says how broad and how many they are, and holds some packed; without it all is there
   * @param {Desk} desk @param {(part: SVGSVGElement, seen: boolean) => void} put called with each part, once, when it
   *   is near; `seen` where it has come late
   */
  constructor(payload, desk, put) {
    this.about = payload.parts ?? { breadth: 1, count: 0, drawn: {} };
    this.desk = desk;
    this.put = put;
    /** @type {Map<number, Promise<void>>} as text, on its way or here */
    this.texts = new Map();
    /** @type {Map<number, string>} those that are here and not drawn yet */
    this.ready = new Map();
    /** @type {Set<number>} */
    this.drawn = new Set();
    /** @type {number[]} */
    this.seen = [];
    this.idle = false;
  }

  /**
   * Have the parts of a box of the picture drawn, and those beside it made ready.
   * @returns {boolean} whether one of them was drawn right now
   * @param {Box} box
   */
  near(box) {
    const within = (/** @type {number} */ x) => Math.min(this.about.count - 1, Math.max(0, Math.floor(x / this.about.breadth)));
    const [first, last] = [within(box.x - REACH), within(box.x + box.width + REACH)];
    if (!this.about.count || last - first >= MOST_PARTS) return false;
    this.seen = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const before = this.drawn.size;
    if (this.seen.length <= AT_ONCE) for (const n of this.seen) this.#draw(n, false);
    for (const n of [...this.seen, last + 1, first - 1, last + 2]) this.#fetch(n);
    this.#later();
    return this.drawn.size > before;
  }

  /** Have every part drawn. */
  async every() {
    const numbers = Array.from({ length: this.about.count }, (_, n) => n);
    await Promise.all(numbers.map((n) => this.#fetch(n)));
    for (const n of numbers) this.#draw(n, false);
  }

  /** @param {number} n */
  #fetch(n) {
    if (n < 0 || n >= this.about.count) return null;
    if (!this.texts.has(n)) this.texts.set(n, this.#text(n));
    return this.texts.get(n);
  }

  /** @param {number} n */
  async #text(n) {
    const packed = this.about.drawn[n] ?? (await this.desk.ask("part", { part: n }))?.packed;
    if (!packed) {
      this.texts.delete(n); // asked for again when the picture comes near it again
      return;
    }
    this.ready.set(n, await unpack(packed));
    if (this.seen.includes(n) && this.seen.length <= AT_ONCE) this.#draw(n, true);
    else this.#later();
  }

  /** @param {number} n @param {boolean} late */
  #draw(n, late) {
    const text = this.ready.get(n);
    if (text === undefined) return;
    this.ready.delete(n);
    this.drawn.add(n);
    const part = svgFrom(text);
    if (part) this.put(part, late);
  }

  /** What is ready is drawn part by part, what is seen first. */
  #later() {
    if (this.idle || !this.ready.size) return;
    this.idle = true;
    whenIdle(() => {
      this.idle = false;
      const next = this.seen.find((n) => this.ready.has(n)) ?? this.ready.keys().next().value;
      if (next !== undefined) this.#draw(next, this.seen.includes(next));
      this.#later();
    });
  }
}
