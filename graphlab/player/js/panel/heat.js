// A heat map of a table of numbers: colours as in the picture, digits where there is room, cells that can be pressed.

import { attribute, makeSvg, shapeIn } from "../lib/safe.js";

const ROOMY = 46; // pixels a cell needs for its digits

/**
 * How deep a number is on the picture's scale of gradients, 0 to 8 with 4 for nought; null for what is no number.
 * @param {?number} x @param {number} scale
 */
function heatLevel(x, scale) {
  if (typeof x !== "number" || Number.isNaN(x)) return null;
  const unit = scale > 0 ? Math.max(-1, Math.min(1, x / scale)) : 0;
  return 4 + Math.sign(unit) * Math.ceil(Math.abs(unit) * 4 - 1e-9);
}

/** The largest finite magnitude of a table. @param {(number | null)[][]} rows */
export const heatScale = (rows) =>
  rows.flat().reduce((/** @type {number} */ most, x) => Math.max(most, Number.isFinite(x) ? Math.abs(Number(x)) : 0), 0);

/**
 * A table of numbers as an SVG.
 * @param {object} o
 * @param {(number|null)[][]} o.rows
 * @param {string[][]=} o.texts  the numbers as they are to be read; drawn where a cell has room for them
 * @param {boolean=} o.digits    whether to write digits into the cells at all
 * @param {number=} o.blockRows  rows of a block: a line separates blocks
 * @param {number=} o.blockColumns  columns of a block
 * @param {string[]=} o.rowLabels
 * @param {string[]=} o.columnLabels
 * @param {number=} o.width      the room there is, in pixels
 * @param {number=} o.scale      the magnitude of the deepest colour, where several maps share one
 * @param {string=} o.label      for screen readers
 * @param {(row: number, column: number) => void=} o.onCell  called with places from 1; makes the cells pressable
 * @param {number[][]=} o.lit    the cells with a frame, as [row, column] from 1
 */
export function heatMap({ rows, texts, digits = true, blockRows = 0, blockColumns = 0, rowLabels = [], columnLabels = [],
  width = 380, label = "", scale = heatScale(rows), onCell, lit = [] }) {
  const count = { rows: rows.length, columns: rows[0]?.length ?? 0 };
  const margin = { left: rowLabels.length ? 8 + 8 * Math.max(...rowLabels.map((text) => text.length)) : 1, top: columnLabels.length ? 20 : 1 };
  const room = (width - margin.left - 2) / Math.max(1, count.columns);
  const spelled = digits && Boolean(texts) && room >= ROOMY;
  const cell = { width: Math.min(room, spelled ? 76 : 24), height: spelled ? 30 : Math.min(room, 24) };
  const size = { width: margin.left + count.columns * cell.width + 2, height: margin.top + count.rows * cell.height + 2 };
  const svg = makeSvg("svg", {
    class: "heat", viewBox: `0 0 ${size.width} ${size.height}`, width: size.width, height: size.height,
    role: onCell ? "grid" : "img", "aria-label": label,
  });
  const marked = new Set(lit.map((at) => at.join(",")));
  rows.forEach((row, i) => {
    const line = makeSvg("g", onCell ? { role: "row" } : {});
    row.forEach((x, j) => {
      const at = `${i + 1},${j + 1}`;
      const group = makeSvg("g", { class: "heat-cell", "data-cell": at, "data-level": String(heatLevel(x, scale) ?? "none") });
      const place = { x: margin.left + j * cell.width, y: margin.top + i * cell.height };
      group.append(makeSvg("rect", { ...place, width: cell.width, height: cell.height }));
      const text = texts?.[i]?.[j] ?? String(x);
      if (spelled) {
        group.append(makeSvg("text", { x: place.x + cell.width / 2, y: place.y + cell.height / 2 + 5, "text-anchor": "middle" }, text));
      } else group.append(makeSvg("title", {}, text));
      if (onCell) {
        group.setAttribute("role", "gridcell");
        group.setAttribute("aria-label", `${rowLabels[i] ?? i + 1}; ${columnLabels[j] ?? j + 1}: ${text}`);
        group.setAttribute("tabindex", i + j === 0 ? "0" : "-1");
      }
      if (marked.has(at)) group.setAttribute("data-lit", "true");
      line.append(group);
    });
    svg.append(line);
  });
  const step = { rows: blockRows > 0 ? blockRows : count.rows, columns: blockColumns > 0 ? blockColumns : count.columns };
  for (let i = 0; i <= count.rows; i += step.rows) {
    const y = margin.top + i * cell.height;
    svg.append(makeSvg("line", { class: "heat-rule", x1: margin.left, x2: margin.left + count.columns * cell.width, y1: y, y2: y }));
  }
  for (let j = 0; j <= count.columns; j += step.columns) {
    const x = margin.left + j * cell.width;
    svg.append(makeSvg("line", { class: "heat-rule", x1: x, x2: x, y1: margin.top, y2: margin.top + count.rows * cell.height }));
  }
  if (cell.height >= 13) rowLabels.forEach((text, i) => svg.append(makeSvg("text", {
    class: "heat-name", x: margin.left - 5, y: margin.top + (i + 0.5) * cell.height + 4.5, "text-anchor": "end",
  }, text)));
  const widest = Math.max(0, ...columnLabels.map((text) => text.length));
  if (cell.width >= 7 * widest + 4) columnLabels.forEach((text, j) => svg.append(makeSvg("text", {
    class: "heat-name", x: margin.left + (j + 0.5) * cell.width, y: 14, "text-anchor": "middle",
  }, text)));
  if (onCell) pressable(svg, count, onCell);
  return svg;
}

/**
 * Cells by pointer, and by keys: arrows go from cell to cell, Enter and the space bar press, Escape goes back to the steps.
 * @param {SVGSVGElement} svg @param {{rows: number, columns: number}} count @param {(row: number, column: number) => void} onCell
 */
function pressable(svg, count, onCell) {
  const cellOf = (/** @type {Event} */ event) => /** @type {Element} */ (event.target).closest?.("[data-cell]");
  const placeOf = (/** @type {Element} */ cell) => attribute(cell, "data-cell").split(",").map(Number);
  svg.addEventListener("click", (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    const [row, column] = placeOf(cell);
    onCell(row, column);
  });
  svg.addEventListener("keydown", (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    const at = placeOf(cell);
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      /** @type {?HTMLElement} */ (svg.closest(".graphlab-player"))?.focus({ preventScroll: true });
      return;
    }
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const move = moves[event.key];
    if (!move && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    if (!move) {
      onCell(at[0], at[1]);
      return;
    }
    const row = Math.min(count.rows, Math.max(1, at[0] + move[0]));
    const column = Math.min(count.columns, Math.max(1, at[1] + move[1]));
    const next = shapeIn(svg, `[data-cell="${row},${column}"]`);
    cell.setAttribute("tabindex", "-1");
    next?.setAttribute("tabindex", "0");
    next?.focus();
  });
}
