// The camera that follows the walk: what a step is about, and where a large graph is looked at for it to be read.

import { attribute, shapeIn, shapesIn } from "../lib/safe.js";

/** @import { Box, Size, Step } from "../types.js" */

export const READABLE = 0.75; // pixels a unit: digits are 14 units high, and well below 11 pixels they can not be read
const CLOSE = 0.8; // the scale at which steps are looked at
const CLOSEST = 1.4; // on a large screen, where there is room around the step anyway
const AROUND = 400; // units of the picture a screen should show from top to bottom before anything is set larger
const FARTHEST = 0.55; // below it an input from far away is left outside, so that the rest can still be read
export const HAIR = 0.1; // below it the whole picture shows nothing that could be recognized
const MARGIN = 18; // pixels between the step and the edge of the stage

/** @param {?Box | undefined} box @returns {box is Box} */
const isBox = (box) => Boolean(box);

const union = (/** @type {Box} */ a, /** @type {Box} */ b) => {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y };
};

/** Where everything stands, in units of the picture, measured once while all chips and badges are in the document. */
export class Places {
  /** @param {SVGSVGElement} svg drawn, with every chip of every step @param {Step[]} steps */
  constructor(svg, steps) {
    this.steps = steps;
    const inverse = svg.getScreenCTM()?.inverse();
    const measure = (/** @type {SVGGraphicsElement} */ element) => (inverse ? boxOf(element, inverse) : null);
    const all = (/** @type {string} */ selector, /** @type {string} */ name) =>
      [...shapesIn(svg, selector)].map((e) => /** @type {[string, SVGGraphicsElement]} */ ([attribute(e, name), e]));
    /** @type {Map<string, {body: (?Box)[], gradient: ?Box}>} */
    this.vertices = new Map();
    for (const [name, element] of all(".vertex[data-vertex]", "data-vertex")) {
      if (element.hasAttribute("data-room")) {
        this.vertices.set(name, { body: [roomOf(element)], gradient: roomOf(element, "data-gradient-room") });
        continue;
      }
      const gradient = shapeIn(element, ':scope > [data-role="gradient"]');
      const body = [...shapesIn(element, ":scope > *")].filter((part) => part !== gradient).map(measure).filter(isBox);
      this.vertices.set(name, { body, gradient: gradient && measure(gradient) });
    }
    const operations = all("[data-operation]", "data-operation");
    this.operations = new Map(operations.map(([name, e]) => [name, roomOf(e) ?? measure(e)]));
    /** The light copies of a shared parameter, by the edge they stand at. */
    this.references = new Map(all("[data-for]", "data-for").map(([edge, e]) => [edge, measure(e)]));
    /** @type {Map<string, Box[]>} by operation and step */
    this.badges = new Map();
    for (const [, element] of all(".edge > .badge", "data-step")) this.#badge(element, measure(element));
  }

  /** @param {Element} element @param {?Box} box */
  #badge(element, box) {
    const key = `${element.getAttribute("data-step")} ${element.parentElement?.getAttribute("data-to")}`;
    this.badges.set(key, [...(this.badges.get(key) ?? []), box].filter(isBox));
  }

  /**
   * Take in a part of a large picture, whose vertices and operations say what room they need. Nothing is measured.
   * @param {Element} part
   */
  add(part) {
    for (const element of part.querySelectorAll("[data-for]")) {
      this.references.set(attribute(element, "data-for"), boxIn(element, ".outline"));
    }
    for (const element of part.querySelectorAll(".edge > .badge")) this.#badge(element, boxIn(element, ".box"));
  }

  /** What has to be seen in a step, and what should be besides, the most telling first. @param {number} step */
  at(step) {
    const { phase, operation, output, outputs = [], inputs = [], targets = [] } = this.steps[step - 1];
    const back = phase === "backward";
    const vertex = (/** @type {string} */ name) => {
      const { body = [], gradient = null } = this.vertices.get(name) ?? {};
      return back ? [...body, gradient] : body;
    };
    const core = [this.operations.get(operation ?? ""), ...vertex(output)].filter(isBox);
    const beside = inputs.map((name, i) => ({ name, reference: this.references.get(`${operation}:${i}`) }));
    // A folded box may compute several vertices.
    const groups = outputs.filter((name) => name !== output).map(vertex);
    if (back) groups.push(this.badges.get(`${step} ${operation}`) ?? []);
    for (const { reference } of beside) if (reference) groups.push([reference]);
    for (const name of targets) groups.push(vertex(name));
    for (const { name, reference } of beside) if (!reference && !targets.includes(name)) groups.push(vertex(name));
    const rest = groups.map((group) => group.filter(isBox)).filter((group) => group.length);
    return { core: core.length ? core.reduce(union) : null, rest: rest.map((group) => group.reduce(union)) };
  }
}

/** The room that an element says it needs, or null. @param {Element} element */
function roomOf(element, name = "data-room") {
  const [x, y, width, height] = (element.getAttribute(name) ?? "").split(" ").map(Number);
  return height === undefined ? null : { x, y, width, height };
}

/** The box of a circle or a rectangle in an element, by its attributes. @param {Element} element @param {string} selector */
function boxIn(element, selector) {
  const shape = element.querySelector(selector);
  if (!shape) return null;
  const [cx, cy, r, x, y, width, height] = ["cx", "cy", "r", "x", "y", "width", "height"].map((name) => Number(shape.getAttribute(name)));
  return shape.localName === "circle" ? { x: cx - r, y: cy - r, width: 2 * r, height: 2 * r } : { x, y, width, height };
}

/**
 * The box of an element in the picture's units, or null where it draws nothing.
 * @param {SVGGraphicsElement} element @param {DOMMatrix} inverse
 */
function boxOf(element, inverse) {
  const { x, y, width, height } = element.getBBox?.() ?? new DOMRect();
  if (!width && !height) return null;
  const matrix = inverse.multiply(element.getScreenCTM() ?? undefined);
  const corners = [[x, y], [x + width, y], [x, y + height], [x + width, y + height]]
    .map(([px, py]) => new DOMPoint(px, py).matrixTransform(matrix));
  const [xs, ys] = [corners.map((p) => p.x), corners.map((p) => p.y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

/**
 * The part of the picture to look at in a step: the part looked at before, moved and scaled no more than it takes.
 * @param {{core: Box, rest: Box[]}} about as Places gives it
 * @param {Size} size of the stage in pixels
 * @param {Box} home the whole picture @param {?Box} before null where the step comes to the middle
 */
export function frameOf({ core, rest }, size, home, before) {
  const room = { width: size.width - 2 * MARGIN, height: size.height - 2 * MARGIN };
  const scaleFor = (/** @type {Box} */ box) => Math.min(room.width / box.width, room.height / box.height);
  let seen = core;
  for (const box of rest) {
    const both = union(seen, box);
    if (scaleFor(both) >= FARTHEST) seen = both;
  }
  const usual = Math.min(CLOSEST, Math.max(CLOSE, size.height / AROUND));
  const held = before ? size.width / before.width : 0;
  // What can be read keeps its size from step to step, as long as the step fits into it.
  const scale = Math.min(held >= READABLE && held <= usual ? held : usual, scaleFor(seen));
  const along = (/** @type {"x" | "y"} */ at, /** @type {"width" | "height"} */ span) => {
    const extent = size[span] / scale;
    const [low, high] = [seen[at], seen[at] + seen[span]];
    const apart = before && (high < before[at] || low > before[at] + before[span]);
    let from = before && !apart ? before[at] + (before[span] - extent) / 2 : (low + high - extent) / 2;
    const last = home[at] + home[span] - extent;
    from = last < home[at] ? (home[at] + last) / 2 : Math.min(last, Math.max(home[at], from));
    const margin = Math.min(MARGIN / scale, (extent - seen[span]) / 2);
    return [Math.min(low - margin, Math.max(high + margin - extent, from)), extent];
  };
  const [[x, width], [y, height]] = [along("x", "width"), along("y", "height")];
  return { x, y, width, height };
}
