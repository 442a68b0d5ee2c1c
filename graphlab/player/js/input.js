// What a person does to a view: clicks, keys, the scrubber, fingers on the graph.

import { meaningOf } from "./bar/keys.js";
import { clusterAt } from "./picture/folding.js";
import { Pointers } from "./picture/pointers.js";

/** @import { View } from "./view.js" */

/** Of several players in one page, the keys on the page's body drive the one used last. @type {?View} */
let latest = null;

/** What an event happened to. @param {Event} event @returns {Element} */
const targetOf = (event) => /** @type {Element} */ (event.target);

export class Input {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.byPointer = false;
    const { signal } = view.listening;
    const { root, stage, bar } = view;
    root.addEventListener("click", (event) => {
      this.#clicked(event);
      this.#keysBack(event);
    }, { signal });
    root.addEventListener("pointerdown", () => {
      this.used();
      this.byPointer = true;
    }, { signal });
    root.addEventListener("keydown", () => (this.byPointer = false), { signal, capture: true });
    root.addEventListener("change", () => this.byPointer && root.focus({ preventScroll: true }), { signal });
    bar.scrubber.addEventListener("input", () => {
      view.playback.pause();
      view.go(Number(bar.scrubber.value));
    }, { signal });
    bar.speeds.addEventListener("change", () => {
      view.playback.speed = Number(bar.speeds.value);
      root.focus({ preventScroll: true }); // so that a clicker's keys step again, and do not choose a speed
    }, { signal });
    document.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    this.pointers = new Pointers(stage, () => view.camera, (event) => {
      const target = targetOf(event);
      if (clusterAt(target)) return; // the first of the two clicks has opened or folded it
      if (!target.closest("[data-operation]") || !view.foldAround(target)) view.act("fit");
    }, signal);
    latest ??= view;
  }

  /** The view was used: keys are meant for it from now on. */
  used() {
    latest = this.view;
  }

  leave() {
    if (latest === this.view) latest = null;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const { view } = this;
    const target = targetOf(event);
    const button = /** @type {?HTMLElement | SVGElement} */ (target.closest("[data-action]"));
    if (button) {
      view.act(button.dataset.action ?? "");
      return;
    }
    if (this.pointers.dragged || !view.stage.contains(target)) return;
    const cluster = clusterAt(target);
    if (cluster) {
      view.toggle(cluster);
      return;
    }
    const vertex = target.closest("[data-vertex]");
    if (vertex) view.select(view.meant(vertex));
    else if (!target.closest("[data-operation]") && event.detail < 2) view.select(null);
  }

  /**
   * After a click the keys step again, whatever was clicked: a clicker must not die on a tab, a switch or a cell.
   * @param {MouseEvent} event
   */
  #keysBack(event) {
    const target = targetOf(event);
    if (!event.detail || target.closest?.("input, select, textarea") || this.view.stage.contains(target)) return;
    this.view.root.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { view } = this;
    const [first] = event.composedPath();
    const inside = event.composedPath().includes(view.root);
    if (!inside && latest !== view) return;
    const target = first instanceof Element ? first : document.body;
    const action = meaningOf(event, target, {
      inside, scrubber: view.bar.scrubber, overlay: view.presentation.mode === "overlay",
    });
    if (!action) return;
    event.preventDefault();
    const vertex = target.closest("[data-vertex]");
    if (action === "select" && vertex) view.select(view.meant(vertex));
    else if (action === "toggle") view.toggle(clusterAt(target));
    else if (action === "fold") view.foldAround(target);
    else if (action === "leave") view.presentation.leave();
    else view.act(action, { moving: !event.repeat });
  }
}
