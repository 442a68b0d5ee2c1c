// The panel beside the graph: its tabs explain the step, or a vertex, or show it all in other words.

import { elementsIn, make, makeSvg } from "../lib/safe.js";
import { TABS } from "./tabs.js";

/** @import { Labels, Tab } from "../types.js" */
/** @import { View } from "../view.js" */

const SIDE_BY_SIDE = 1080; // pixels of the player from which the panel stands at its right, and not below the graph
const PATIENCE = 4000; // milliseconds after which a tab that has not answered no longer holds up the next step

export class Panel {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.name = "";
    this.turn = 0;
    this.tabs = make("div", { class: "tabs", role: "tablist" });
    this.body = make("div", { class: "tab-body", role: "tabpanel", tabindex: "-1" });
    this.close = make("button", { type: "button", "data-action": "explain", class: "close" });
    this.close.append(makeSvg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, makeSvg("path", { d: "M6 6l12 12 M18 6L6 18" })));
    const head = make("div", { class: "panel-head" }, this.tabs, this.close);
    this.root = make("aside", { class: "panel", "data-role": "panel" }, head, this.body);
    /** @type {Map<string, HTMLElement>} by the names of their tabs */
    this.buttons = new Map();
    for (const tab of TABS) {
      const button = make("button", {
        type: "button", role: "tab", class: "tab", "data-action": `tab-${tab.name}`, "aria-selected": "false",
      });
      this.buttons.set(tab.name, button);
      this.tabs.append(button);
    }
    this.tabs.addEventListener("keydown", (event) => this.#walkTabs(event));
    const sizes = new ResizeObserver(() => this.#settle());
    sizes.observe(view.root);
    for (const tab of TABS) tab.begin?.(view);
    view.listening.signal.addEventListener("abort", () => sizes.disconnect());
  }

  /** At the right of the graph where there is room for both, below it otherwise. */
  #settle() {
    const { root } = this.view;
    this.view.oneAtATime();
    const where = !this.open ? "" : root.clientWidth >= SIDE_BY_SIDE ? "side" : "below";
    if ((root.dataset.explaining ?? "") !== where) {
      if (where) root.dataset.explaining = where;
      else delete root.dataset.explaining;
    }
    /** @type {?HTMLElement} */
    const place = this.body.querySelector(":scope > *");
    if (where && place) this.#current()?.shown?.(this.view, place);
  }

  get open() {
    return this.name !== "";
  }

  /** Whether a tab has anything to say of this walk. @param {Tab} tab */
  #offered(tab) {
    return tab.offered?.(this.view) ?? true;
  }

  /** The words of the tabs, in the language of the page. @param {Labels} labels */
  label(labels) {
    this.root.setAttribute("aria-label", labels.explain);
    this.close.setAttribute("aria-label", labels.close);
    for (const tab of TABS) {
      const button = this.buttons.get(tab.name);
      if (!button) continue;
      button.textContent = labels[`tab_${tab.name}`];
      button.hidden = !this.#offered(tab);
    }
    this.view.bar.buttons.explain.hidden = !TABS.some((tab) => this.#offered(tab));
  }

  /** Does the action belong to the panel? Then it is done. @param {string} action */
  act(action) {
    if (action === "explain") this.show(this.open ? "" : (this.last ?? TABS.find((tab) => this.#offered(tab))?.name ?? ""));
    else if (action.startsWith("tab-")) this.show(action.slice(4));
    else return false;
    return true;
  }

  /** Open a tab by its name, or close the panel with "". An unknown name opens nothing. @param {string} name */
  show(name) {
    const tab = TABS.find((t) => t.name === name && this.#offered(t));
    if (name && !tab) return;
    if (name !== this.name) this.#current()?.clear?.(this.view);
    const was = this.open;
    this.name = name;
    if (!name) this.root.remove();
    else if (!was) this.view.root.append(this.root);
    if (name) {
      this.last = name;
      this.root.dataset.tab = name;
    }
    for (const [key, button] of this.buttons) {
      button.setAttribute("aria-selected", String(key === name));
      button.tabIndex = key === name ? 0 : -1;
    }
    if (name) this.body.replaceChildren();
    this.#settle();
    this.waiting = false;
    this.turn += 1;
    if (name) this.update();
    if (was !== this.open || name) this.view.panelChanged(name);
  }

  /** The step or the chosen vertex has changed: the current tab is shown again. The latest wins. */
  update() {
    if (!this.open || !this.view.payload) return;
    if (this.waiting) {
      this.again = true; // one question at a time, so that a held key does not flood the server
      return;
    }
    this.#fill();
  }

  #current() {
    return TABS.find((tab) => tab.name === this.name);
  }

  async #fill() {
    const tab = this.#current();
    if (!tab) return;
    const turn = ++this.turn;
    const place = make("div", { class: `page page-${tab.name}` });
    this.waiting = true;
    this.again = false;
    const late = setTimeout(() => turn === this.turn && this.#next(), PATIENCE);
    try {
      await tab.show(this.view, place, { step: this.view.step, vertex: this.view.vertex });
    } finally {
      clearTimeout(late);
      if (turn === this.turn) {
        const top = this.body.scrollTop;
        const held = this.#held();
        this.body.replaceChildren(place);
        this.body.scrollTop = top;
        if (held) (elementsIn(this.body, held)[0] ?? this.view.root).focus({ preventScroll: true });
        tab.shown?.(this.view, place);
        this.#next();
      }
    }
  }

  /** Where the keyboard is within the tab, as a selector of the same place in what comes next. */
  #held() {
    const { activeElement } = /** @type {Document | ShadowRoot} */ (this.root.getRootNode());
    const at = /** @type {?HTMLElement} */ (activeElement);
    if (!at || at === this.body || !this.body.contains(at)) return "";
    const { action, cell } = at.dataset;
    const map = /** @type {?HTMLElement} */ (at.closest("[data-map]"))?.dataset.map;
    if (cell) return `${map ? `[data-map="${map}"] ` : ""}[data-cell="${cell}"]`;
    return action ? `[data-action="${action}"]` : ".nowhere";
  }

  #next() {
    this.waiting = false;
    if (this.again) this.#fill();
  }

  /** @param {KeyboardEvent} event */
  #walkTabs(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const names = TABS.filter((tab) => this.#offered(tab)).map((tab) => tab.name);
    const next = names[(names.indexOf(this.name) + by + names.length) % names.length];
    this.show(next);
    this.buttons.get(next)?.focus();
  }
}
