// The picture as it stands, as an SVG file that needs neither this page nor its style sheet.

import { make, makeSvg } from "./safe.js";

/** @import { Box } from "../types.js" */

const INLINED = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap",
  "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "font-style", "text-anchor",
  "dominant-baseline", "paint-order",
];

/** Values that say nothing, and would only make the file large. */
/** @type {Record<string, string>} */
const IDLE = {
  "fill-opacity": "1", "stroke-opacity": "1", "stroke-dasharray": "none", "stroke-linecap": "butt",
  "stroke-linejoin": "miter", opacity: "1", "font-style": "normal", "font-weight": "400", "text-anchor": "start",
  "dominant-baseline": "auto", "paint-order": "normal",
};

const DRAWN = new Set(["path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "use", "g", "stop"]);
const TEXT_ONLY = /^(font|text-anchor|dominant)/;

/**
 * @param {SVGSVGElement} svg the live picture @param {Box} box the part of it that is wanted
 * @returns {SVGSVGElement} a copy with its looks written into it
 */
function standaloneSvg(svg, box) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const live = [svg, ...svg.querySelectorAll("*")];
  const copies = [copy, ...copy.querySelectorAll("*")];
  const hidden = [];
  for (const [i, element] of live.entries()) {
    if (element.closest(".tokens")) continue;
    const style = getComputedStyle(element);
    const inDefs = element.closest("defs");
    if (!inDefs && (style.display === "none" || style.visibility === "hidden")) hidden.push(copies[i]);
    else if (DRAWN.has(element.localName) && !inDefs) inline(element, copies[i], style);
  }
  for (const element of hidden) element.remove();
  copy.querySelector(".tokens")?.remove();
  for (const element of copies) {
    for (const name of ["tabindex", "role", "data-selected"]) element.removeAttribute(name);
  }
  copy.setAttribute("role", "img");
  copy.removeAttribute("style"); // the camera's
  copy.setAttribute("viewBox", [box.x, box.y, box.width, box.height].join(" "));
  copy.setAttribute("width", String(box.width));
  copy.setAttribute("height", String(box.height));
  return copy;
}

/** @param {Element} element @param {Element} copy @param {CSSStyleDeclaration} style */
function inline(element, copy, style) {
  const isText = element.localName === "text" || element.localName === "tspan";
  for (const name of INLINED) {
    if (TEXT_ONLY.test(name) && !isText) continue;
    // A group hands its colours down; its parts say their own.
    if (element.localName === "g" && name !== "opacity") continue;
    const value = style.getPropertyValue(name);
    const said = element.hasAttribute(name);
    if (value && (said || value !== IDLE[name])) copy.setAttribute(name, value);
  }
  if (element.localName === "use") copy.setAttribute("color", style.color);
}

/** @param {SVGSVGElement} svg @param {string} name @param {Box} box */
export function downloadSvg(svg, name, box) {
  const far = svg.hasAttribute("data-far");
  svg.removeAttribute("data-far"); // a file has all of its numbers, however small they stand here
  const copy = standaloneSvg(svg, box);
  svg.toggleAttribute("data-far", far);
  const background = getComputedStyle(svg.closest(".graphlab-player") ?? svg).backgroundColor;
  const { x, y, width, height } = box;
  copy.prepend(makeSvg("rect", { x, y, width, height, fill: background }));
  const text = new XMLSerializer().serializeToString(copy);
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
