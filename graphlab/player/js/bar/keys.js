// Keys and clickers: what a pressed key means, and to whom it belongs.

import { clusterAt } from "../picture/folding.js";

/** Controls in which the arrow keys, or letters, already mean something. */
export const TYPING = "input, textarea, select, [contenteditable]:not([contenteditable=false]), [role=slider], [role=spinbutton], " +
  "[role=combobox], [role=listbox], [role=option], [role=menu], [role=menuitem], [role=tab], [role=radio], " +
  "[role=textbox], [role=tree], [role=treeitem], [role=grid], [role=gridcell], [role=dialog], dialog";

const PRESSABLE = "button, a[href], summary, [role=button]";

/** The keys of a clicker mean a step wherever the focus is within the player, save in its boxes of choices. */
/** @type {Record<string, string>} */
const CLICKER = { PageDown: "next", PageUp: "back" };
const CHOOSING = "input, textarea, select";

/**
 * The action of a key, or nothing where the key belongs to the control that has the focus. `inside`: it was pressed within
 * the player; `overlay`: the player lies over the whole page.
 * @param {KeyboardEvent} event @param {Element} target
 * @param {{inside: boolean, scrubber: Element, overlay: boolean}} around
 */
export function meaningOf(event, target, { inside, scrubber, overlay }) {
  const { key } = event;
  if (key === "Escape") return overlay && (inside || !target.closest(TYPING)) ? "leave" : "";
  if (inside && CLICKER[key] && (target === scrubber || !target.closest(CHOOSING))) return CLICKER[key];
  if (target !== scrubber && target.closest(TYPING)) return "";
  const presses = key === " " || key === "Enter";
  if (inside && key === "Enter" && target.closest("[data-vertex]")) return "select";
  if (inside && key === "Enter" && clusterAt(target)) return "toggle";
  if (inside && /^[fFаА]$/.test(key) && target.closest("[data-operation], [data-vertex]")) return "fold";
  if (presses && target.closest(PRESSABLE) && !target.closest("[data-vertex]")) return "";
  if (key === "+" || key === "=") return "zoom_in";
  if (event.shiftKey && key !== "P" && key !== "E") return "";
  /** @type {Record<string, string>} */
  const actions = {
    ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "back", PageUp: "back", Home: "first", End: "last",
    p: "present", P: "present", з: "present", З: "present", e: "explain", E: "explain", у: "explain", У: "explain", "-": "zoom_out", 0: "fit",
  };
  return actions[key] ?? "";
}
