// Marks in the picture: the first numbers that break, and what central differences say of every gradient.

import { makeSvg, shapeIn } from "../lib/safe.js";

/** @import { Answer, Box, Break, CheckAnswer, Verdict } from "../types.js" */
/** @import { VertexEntry } from "./timeline.js" */
/** @import { View } from "../view.js" */

/** @type {Record<Verdict, string>} */
export const SIGNS = { right: "✓", wrong: "✗", kink: "∧", unknown: "?", missed: "…" };

/**
 * A small sign with a word, as wide as its text. `at` is its right end and its middle line; it is moved into `frame`.
 * @param {Record<string, string>} attributes @param {string} text @param {{right: number, middle: number}} at @param {Box} frame
 */
function pill(attributes, text, at, frame) {
  const width = 12 + 8.4 * [...text].length;
  // Within the frame, less 1 for half of its line.
  const x = Math.max(frame.x + 1, Math.min(at.right - width, frame.x + frame.width - width - 1));
  const y = Math.max(frame.y + 1, Math.min(at.middle - 10, frame.y + frame.height - 21));
  return makeSvg("g", attributes,
    makeSvg("rect", { x, y, width, height: 20, rx: 10 }),
    makeSvg("text", { x: x + width / 2, y: y + 15 }, text));
}

/** Attributes of a shape that are numbers. @param {Element} element @param {string[]} names */
const numbersOf = (element, ...names) => names.map((name) => Number(element.getAttribute(name)));

/** What is drawn on top of the vertices of a walk; it is made anew with each picture. */
export class Marks {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.checking = false;
    this.key = "";
    /** @type {?CheckAnswer} the answer of the check of this walk */
    this.found = null;
    /** @type {{element: SVGElement, seen: (step: number) => boolean}[]} */
    this.drawn = [];
    /** @type {?Promise<?Answer<"check">>} */
    this.asked = null;
  }

  /** A picture was put into the page. */
  mount() {
    const { payload } = this.view;
    if (payload.key !== this.key) this.found = this.asked = null;
    this.key = payload.key;
    for (const { element } of this.drawn) element.remove();
    this.drawn = [];
    for (const mark of payload.breaks ?? []) this.#break(mark);
    this.#verdicts();
    if (this.checking && !this.found) this.check();
  }

  /** @param {number} step */
  show(step) {
    for (const { element, seen } of this.drawn) {
      const hidden = !seen(step);
      if (hidden !== element.hasAttribute("hidden")) element.toggleAttribute("hidden", hidden);
    }
  }

  /** @param {string} name */
  #vertex(name) {
    return this.view.timeline?.vertices.get(name);
  }

  /** @param {VertexEntry} vertex @param {SVGGraphicsElement} element @param {(step: number) => boolean} seen */
  #add(vertex, element, seen) {
    element.toggleAttribute("hidden", !seen(this.view.step));
    vertex.element.append(element);
    this.drawn.push({ element, seen });
  }

  /** A ring around the vertex whose value breaks first, or a frame around the gradient, and what it has become. @param {Break} mark */
  #break({ phase, vertex: name, value, step, says }) {
    const vertex = this.#vertex(name);
    const { camera } = this.view;
    if (!vertex || !camera) return;
    const frame = camera.home;
    const text = `⚠ ${value}`;
    const role = { class: "break", "data-role": "break", "data-phase": phase, "data-action": "tab-check" };
    const group = makeSvg("g", role, makeSvg("title", {}, says));
    if (phase === "forward") {
      const circle = shapeIn(vertex.element, ".outline");
      const [cx, cy, r] = circle?.localName === "circle" ? numbersOf(circle, "cx", "cy", "r") : this.#round(vertex.element);
      group.append(makeSvg("circle", { class: "break-ring", cx, cy, r: r + 5 }),
        pill({ class: "pill" }, text, { right: cx + r + 12 + 4 * text.length, middle: cy - r - 1 }, frame));
    } else {
      const box = vertex.gradient?.chips.at(-1)?.element.querySelector(".box");
      if (!box) return;
      const [x, y, width, height] = numbersOf(box, "x", "y", "width", "height");
      group.append(makeSvg("rect", { class: "break-ring", x: x - 4, y: y - 4, width: width + 8, height: height + 8, rx: 9 }),
        pill({ class: "pill" }, text, { right: x + width / 2 + 6 + 4.2 * text.length, middle: y - 14 }, frame));
    }
    this.#add(vertex, group, (at) => at >= step);
  }

  /** @param {SVGGraphicsElement} element */
  #round(element) {
    const box = shapeIn(element, ".outline")?.getBBox?.() ?? { x: 0, y: 0, width: 0, height: 0 };
    return [box.x + box.width / 2, box.y + box.height / 2, Math.max(box.width, box.height) / 2];
  }

  /** Switch the overlay on or off. @param {boolean} on */
  switch(on) {
    this.checking = on;
    if (on) return this.check();
    this.#verdicts();
    return Promise.resolve(null);
  }

  /** Ask for the check of this walk, once. */
  check() {
    const { key } = this;
    this.asked ??= this.view.desk.ask("check").then((answer) => {
      if (key !== this.key) return null;
      if (!answer || answer.error) this.asked = null;
      else {
        this.found = answer;
        this.#verdicts();
      }
      return answer;
    });
    return this.asked;
  }

  #verdicts() {
    this.drawn = this.drawn.filter(({ element }) => {
      const stays = !element.classList.contains("verdict");
      if (!stays) element.remove();
      return stays;
    });
    this.view.svg?.toggleAttribute("data-checked", this.checking && Boolean(this.found));
    if (!this.checking || !this.found) return;
    const { labels, camera } = this.view;
    if (!camera) return;
    for (const row of this.found.rows) {
      const vertex = this.#vertex(row.vertex);
      const chips = vertex?.gradient?.chips ?? [];
      const box = chips.at(-1)?.element.querySelector(".box");
      if (!vertex || !box) continue;
      const [x, y, width] = numbersOf(box, "x", "y", "width");
      const word = labels[`check_${row.verdict}`];
      const text = row.verdict === "right" ? SIGNS.right : `${SIGNS[row.verdict]} ${word}`;
      const attributes = { class: "pill verdict", "data-role": "verdict", "data-verdict": row.verdict, "data-action": "tab-check" };
      const group = pill(attributes, text, { right: x + width + 10, middle: y - 3 }, camera.home);
      group.prepend(makeSvg("title", {}, [word, row.error, row.why].filter(Boolean).join(", ")));
      const first = chips[0].step;
      this.#add(vertex, group, (at) => at >= first);
    }
  }
}
