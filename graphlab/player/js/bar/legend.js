// The legend: what the outlines, chips and colours of the picture mean, with samples taken from the picture itself.

import { KINDS_OF_VERTEX } from "../constants.js";
import { make, makeSvg, shapesIn } from "../lib/safe.js";

/** @import { View } from "../view.js" */

export class Legend {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.root = make("aside", { class: "legend", "data-role": "legend" });
  }

  get open() {
    return this.root.isConnected;
  }

  toggle() {
    if (this.open) this.root.remove();
    else {
      this.fill();
      this.view.stage.append(this.root);
    }
    this.view.bar.buttons.legend.setAttribute("aria-pressed", String(this.open));
  }

  /** Said of the picture that is shown: kinds that it has not stay out. */
  fill() {
    const { labels, svg } = this.view;
    this.root.setAttribute("aria-label", labels.legend);
    /** @type {[?Element, string][]} */
    const rows = KINDS_OF_VERTEX.map((kind) => [this.#sample(svg?.querySelector(`.kind-${kind}`), `vertex kind-${kind}`), labels[`kind_${kind}`]]);
    rows.push(
      [this.#sample(svg?.querySelector(".operation"), "operation"), labels.legend_operation],
      [legendChip("value"), labels.legend_value],
      [legendChip("gradient"), labels.legend_gradient],
      [legendArrow("forward", 1), labels.legend_forward],
      [legendArrow("backward", -1), labels.legend_backward],
    );
    this.root.replaceChildren(...rows.flatMap(([sample, text]) => (sample ? [make("div", {}, sample, make("span", {}, text ?? ""))] : [])));
  }

  /** The outline of a shape of the picture, small. @param {?Element | undefined} element @param {string} names */
  #sample(element, names) {
    const parts = element ? [...shapesIn(element, ".outline, .inner, .shape")] : [];
    if (!parts.length) return null;
    const boxes = parts.map((part) => part.getBBox());
    const box = {
      left: Math.min(...boxes.map((b) => b.x)), top: Math.min(...boxes.map((b) => b.y)),
      right: Math.max(...boxes.map((b) => b.x + b.width)), bottom: Math.max(...boxes.map((b) => b.y + b.height)),
    };
    const view = [box.left - 3, box.top - 3, box.right - box.left + 6, box.bottom - box.top + 6];
    const group = makeSvg("g", { class: names }, ...parts.map((part) => part.cloneNode()));
    return legendSample(view, group);
  }
}

const legendSample = (/** @type {number[]} */ view, /** @type {Element[]} */ ...content) =>
  makeSvg("svg", { class: "graphlab-graph sample", viewBox: view.join(" "), "aria-hidden": "true" }, ...content);

/** @param {string} role */
function legendChip(role) {
  const chip = makeSvg("g", { "data-chip": role },
    makeSvg("rect", { class: "box", x: 1, y: 1, width: 46, height: 24, rx: 7 }),
    makeSvg("text", { class: "number", x: 24, y: 18 }, "0.5"));
  return legendSample([0, 0, 48, 26], chip);
}

/** An arrow to the right with 1, to the left with -1. @param {string} phase @param {number} way */
function legendArrow(phase, way) {
  const path = way > 0 ? "M2 13H36 M28 5l10 8-10 8" : "M46 13H12 M20 5L10 13l10 8";
  return legendSample([0, 0, 48, 26], makeSvg("path", { class: "legend-arrow", "data-flow": phase, d: path }));
}
