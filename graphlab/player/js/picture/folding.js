// Folding: which cluster a person means, and where the reader stands in the walk when it is folded otherwise.

/** @import { Payload } from "../types.js" */

/** The cluster whose folded box or caption an element is part of, or "" for none. */
export const clusterAt = (/** @type {Element} */ element) => element.closest?.("[data-cluster]")?.getAttribute("data-cluster") ?? "";

/**
 * The open block or equation around an operation, or around the operation that computes a vertex, or "" for none.
 * @param {?SVGSVGElement} svg @param {Element} element
 */
export function clusterAround(svg, element) {
  const shape = element.closest?.("[data-operation], [data-vertex]");
  const vertex = shape?.getAttribute("data-vertex");
  const operation = vertex ? svg?.querySelector(`[data-operation="${CSS.escape(vertex)}"]`) : shape;
  return operation?.getAttribute("data-within") ?? "";
}

/** The step of the whole walk that a step of a folded one ends with. `stops` is missing where nothing is folded. */
const wholeStep = (/** @type {Payload} */ data, /** @type {number} */ step) => (step && data.stops ? data.stops[step - 1] : step);

/**
 * The step of a walk, however it is folded, that holds a step of the whole walk: in a folded box the box's step.
 * @param {Payload} data @param {number} whole
 */
function stepHolding(data, whole) {
  if (!data.stops) return Math.min(whole, data.steps.length);
  const at = data.stops.findIndex((stop) => stop >= whole);
  return whole ? (at < 0 ? data.steps.length : at + 1) : 0;
}

/** Where the reader stands when the same walk is folded otherwise, or null for another walk. */
export const sameWalk = (/** @type {?Payload} */ before, /** @type {Payload} */ data, /** @type {number} */ step) =>
  before?.walk && before.walk === data.walk ? stepHolding(data, wholeStep(before, step)) : null;

/** Without a server nothing can be folded: boxes and captions are no buttons then. @param {SVGSVGElement} svg */
export function withoutFolding(svg) {
  for (const element of svg.querySelectorAll("[data-cluster]")) {
    element.removeAttribute("tabindex");
    element.removeAttribute("role");
  }
  for (const element of svg.querySelectorAll("[data-within]")) {
    element.removeAttribute("data-within");
    if (element.hasAttribute("data-cluster")) continue;
    for (const name of ["tabindex", "role", "aria-label"]) element.removeAttribute(name);
    element.querySelector(":scope > title")?.remove();
  }
}
