// From one folding to another: what is in both pictures moves from its old place to its new one, and the rest fades in.

import { shapeIn, shapesIn } from "../lib/safe.js";

/** @import { Box, Size } from "../types.js" */
/** @import { Camera } from "./camera.js" */

const MORPHING = 240; // milliseconds
const MORPH_EASING = "cubic-bezier(.2, 0, 0, 1)";
const MOST_MOVED = 700; // shapes; of more than these all are put in their places at once

const MOST_SEEN = 0.94; // of the stage, at most, for a cluster that was opened
const BORDER = 12; // pixels between it and the border of the stage

/** @typedef {{element: SVGGraphicsElement, x: number, y: number, width: number, height: number}} Place the middle of a shape, and its size */

const MOVED_BODIES = ":scope > :is(.outline, .shape, .frame)";

/**
 * Every shape of a picture by its name, with the middle of its body in the picture's own units.
 * @param {SVGSVGElement} svg
 */
export function placesIn(svg) {
  /** @type {Map<string, Place>} */
  const found = new Map();
  for (const kind of ["vertex", "operation", "frame"]) {
    for (const element of shapesIn(svg, `[data-${kind}]`)) {
      const body = shapeIn(element, MOVED_BODIES);
      if (!body) continue;
      const { x, y, width, height } = body.getBBox();
      found.set(`${kind} ${element.getAttribute(`data-${kind}`)}`, {
        element, width, height, x: x + width / 2, y: y + height / 2,
      });
    }
  }
  return found;
}

/** What stood where, kept while a picture is exchanged for one of the same walk, folded otherwise. */
export class Morph {
  /** @param {SVGSVGElement} svg @param {Camera} camera @param {string} cluster the one a person clicked, or "" */
  constructor(svg, camera, cluster) {
    this.places = placesIn(svg);
    this.goal = { ...camera.goal };
    this.cluster = cluster;
    this.moves = this.places.size <= MOST_MOVED;
  }

  /**
   * The box of the new picture that has the clicked cluster where it was on the screen, at the scale it had; or null
   * without one. What does not fit into a stage of this `size` is seen smaller, and as near to its place as it can be.
   * @param {Map<string, Place>} places @param {Size} size
   */
  held(places, size) {
    const before = this.#clicked(this.places);
    const after = this.#clicked(places);
    if (!this.cluster || !before || !after) return null;
    const { goal } = this;
    const scale = Math.min(size.width / goal.width, size.height / goal.height);
    const shrink = Math.min(1, (MOST_SEEN * size.width) / (after.width * scale), (MOST_SEEN * size.height) / (after.height * scale));
    const along = (/** @type {"x" | "y"} */ x, /** @type {"width" | "height"} */ width) => {
      const middle = goal[x] + goal[width] / 2;
      const reach = size[width] / scale / shrink / 2 - after[width] / 2 - BORDER / (scale * shrink);
      const wanted = after[x] - (before[x] - middle) / shrink;
      const near = Math.min(Math.max(wanted, after[x] - Math.max(reach, 0)), after[x] + Math.max(reach, 0));
      return near - goal[width] / shrink / 2;
    };
    return {
      x: along("x", "width"), y: along("y", "height"), width: goal.width / shrink, height: goal.height / shrink,
    };
  }

  /**
   * A cluster is a box while it is folded and a frame, or its last operation, while it is open.
   * @param {Map<string, Place>} places
   */
  #clicked(places) {
    const at = (/** @type {string} */ name) => places.get(`frame ${name}`) ?? places.get(`operation ${name}`);
    const inner = this.cluster.split("/").at(-1) ?? "";
    return at(this.cluster) ?? at(inner);
  }

  /**
   * Let everything travel from where it was on the screen to its new place. `to`: the box that is looked at now.
   * @param {SVGSVGElement} svg @param {Map<string, Place>} places @param {Box} to
   */
  play(svg, places, to) {
    if (!this.moves || places.size > MOST_MOVED) return;
    const { width, height } = svg.getBoundingClientRect();
    const scaleOf = (/** @type {Box} */ box) => Math.min(width / box.width, height / box.height) || 1;
    const ratio = scaleOf(this.goal) / scaleOf(to);
    const middle = (/** @type {Box} */ box) => [box.x + box.width / 2, box.y + box.height / 2];
    const [fromX, fromY] = middle(this.goal);
    const [toX, toY] = middle(to);
    const timing = { duration: MORPHING, easing: MORPH_EASING };
    /** @type {Map<string, ?[number, number]>} */
    const shifts = new Map();
    for (const [key, { element, x, y }] of places) {
      const old = this.places.get(key);
      const dx = old ? toX + (old.x - fromX) * ratio - x : 0;
      const dy = old ? toY + (old.y - fromY) * ratio - y : 0;
      shifts.set(key, old ? [dx, dy] : null);
      if (!old) element.animate([{ opacity: 0 }, { opacity: 1 }], timing);
      else if (Math.hypot(dx, dy) > 0.5) {
        element.animate([{ transform: `translate(${dx}px, ${dy}px)` }, { transform: "none" }], timing);
      }
    }
    for (const edge of svg.querySelectorAll("[data-edge]")) this.#edge(edge, shifts, timing);
    for (const rest of svg.querySelectorAll("[data-reference]")) rest.animate([{ opacity: 0 }, { opacity: 1 }], timing);
  }

  /**
   * An edge goes along where both of its ends move alike; else it is drawn anew once they have arrived.
   * @param {Element} edge @param {Map<string, ?[number, number]>} shifts @param {KeyframeAnimationOptions} timing
   */
  #edge(edge, shifts, timing) {
    const inward = edge.getAttribute("data-part") === "in";
    const [from, to] = [edge.getAttribute("data-from"), edge.getAttribute("data-to")];
    const a = shifts.get(`${inward ? "vertex" : "operation"} ${from}`);
    const b = shifts.get(`${inward ? "operation" : "vertex"} ${to}`);
    if (a && b && Math.hypot(a[0] - b[0], a[1] - b[1]) < 0.5) {
      if (Math.hypot(...a) > 0.5) {
        edge.animate([{ transform: `translate(${a[0]}px, ${a[1]}px)` }, { transform: "none" }], timing);
      }
      return;
    }
    edge.animate([{ opacity: 0 }, { opacity: 0, offset: 0.4 }, { opacity: 1 }], timing);
  }
}
