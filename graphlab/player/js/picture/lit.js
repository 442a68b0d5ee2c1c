// Parts of the picture lit up while the rest is dimmed: what an explanation in the panel speaks of.

import { attribute, makeSvg } from "../lib/safe.js";

/** @import { Box, Lit } from "../types.js" */
/** @import { View } from "../view.js" */

/**
 * The places of the cells of a chip, [row][column], read from what is drawn; a vector is one row.
 * @param {Element} chip
 */
function chipGrid(chip) {
  const cells = [...chip.querySelectorAll(":scope > rect:not(.box, .winner, .lit-cell)")].map((rect) => ({
    x: Number(rect.getAttribute("x")), y: Number(rect.getAttribute("y")),
    width: Number(rect.getAttribute("width")), height: Number(rect.getAttribute("height")),
  }));
  if (cells.length) {
    /** @type {Map<number, Box[]>} */
    const rows = new Map();
    for (const cell of cells) rows.set(cell.y, [...(rows.get(cell.y) ?? []), cell]);
    return [...rows.entries()].sort(([a], [b]) => a - b).map(([, row]) => row.sort((a, b) => a.x - b.x));
  }
  const box = chip.querySelector(":scope > .box");
  const count = chip.querySelectorAll(":scope > .number").length;
  if (!box || !count) return [];
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)));
  return [Array.from({ length: count }, (_, i) => ({ x: x + (i * width) / count, y, width: width / count, height }))];
}

/**
 * Frames around cells of a vertex's chips. `indices` count from 1: [row, column] of a matrix, [i] of a vector.
 * @param {Element} element @param {number[][]} indices @param {string | undefined} role
 */
function frameCells(element, indices, role) {
  const chips = role ? `.chip[data-chip="${role}"]` : '.chip[data-chip="value"], .chip[data-chip="gradient"]';
  for (const chip of element.querySelectorAll(chips)) {
    const grid = chipGrid(chip);
    for (const index of indices) {
      const [row, column] = index.length > 1 ? index.slice(-2) : [1, index[0] ?? 1];
      const cell = grid[row - 1]?.[column - 1];
      if (!cell) continue; // a large array is drawn in averaged blocks, which have no single elements
      chip.append(makeSvg("rect", { class: "lit-cell", ...cell }));
    }
  }
}

/**
 * Light up vertices and edges, and cells within vertices; everything else is dimmed. null puts it all back.
 * @param {View} view
 * @param {?Lit} what edges by their `data-edge`;
 *   operations of lit edges are lit too, `operations` names further ones, such as a folded box;
 *   with a role, "value" or "gradient", only the cells of that chip are framed
 */
export function light(view, what) {
  const { svg } = view;
  view.lit = what;
  if (!svg) return;
  for (const frame of svg.querySelectorAll(".lit-cell")) frame.remove();
  for (const element of svg.querySelectorAll("[data-lit]")) element.removeAttribute("data-lit");
  svg.removeAttribute("data-dimmed");
  if (!what) return;
  const stands = view.timeline?.stands ?? {};
  const shape = (/** @type {string} */ name) => stands[name] ?? name;
  const vertices = new Set([...(what.vertices ?? []), ...Object.keys(what.cells ?? {})].map(shape));
  const edges = new Set((what.edges ?? []).map((key) => key.replace(/^[^:]*/, shape)));
  const cellsOf = Object.fromEntries(Object.entries(what.cells ?? {}).map(([name, cells]) => [shape(name), cells]));
  svg.setAttribute("data-dimmed", "true");
  for (const element of svg.querySelectorAll("[data-vertex]")) {
    if (!vertices.has(attribute(element, "data-vertex"))) continue;
    element.setAttribute("data-lit", "true");
    frameCells(element, cellsOf[attribute(element, "data-vertex")] ?? [], what.role);
  }
  const operations = new Set(what.operations ?? []);
  for (const element of svg.querySelectorAll("[data-edge]")) {
    if (!edges.has(attribute(element, "data-edge"))) continue;
    element.setAttribute("data-lit", "true");
    const part = attribute(element, "data-part");
    operations.add(attribute(element, part === "out" ? "data-from" : "data-to"));
  }
  for (const element of svg.querySelectorAll("[data-reference]")) { // the small sign of a parameter, at its edge
    if (edges.has(attribute(element, "data-for"))) element.setAttribute("data-lit", "true");
  }
  for (const element of svg.querySelectorAll("[data-operation]")) {
    if (operations.has(attribute(element, "data-operation"))) element.setAttribute("data-lit", "true");
  }
}
