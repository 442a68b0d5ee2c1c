// What the picture looks like at a step: a pure function of the walk and the step, applied as a difference.

import { attribute, makeSvg, shapeIn, shapesIn } from "../lib/safe.js";

/** @import { Rolled, Step } from "../types.js" */

/**
 * @typedef {{element: SVGGraphicsElement, step: number}} Chip
 * @typedef {{element: SVGGraphicsElement, value?: ChipState, gradient?: ChipState}} VertexEntry
 * @typedef {{element: SVGGraphicsElement, ins: SVGGraphicsElement[], out?: SVGGraphicsElement}} OperationEntry
 * @typedef {{apply(step: number): void}} Item what changes with the steps
 */

/**
 * The number in a data attribute, or NaN, which no step is equal to or greater than.
 * @param {Element} element @param {string} name
 */
export const stepOf = (element, name) => parseInt(attribute(element, name), 10);

/** A vertex: idle until its value is there, current in the steps it takes part in, otherwise done. */
class VertexState {
  /** @param {SVGGraphicsElement} element */
  constructor(element) {
    this.element = element;
    this.forward = stepOf(element, "data-forward");
    /** @type {Set<number>} the steps that compute this vertex, or send or receive its gradient */
    this.active = new Set();
    /** @type {Set<number>} the steps that bring it a gradient */
    this.arrivals = new Set();
    this.state = "";
    this.arrives = false;
  }

  /** @param {number} step */
  apply(step) {
    const state = !(step >= this.forward) ? "idle" : this.active.has(step) ? "current" : "done";
    if (state !== this.state) {
      this.state = state;
      this.element.setAttribute("data-state", state);
    }
    const arrives = this.arrivals.has(step);
    if (arrives !== this.arrives) {
      this.arrives = arrives;
      // Said on the vertex itself: a rule with :has() would have every vertex looked at for every step.
      if (arrives) this.element.setAttribute("data-arrives", "true");
      else this.element.removeAttribute("data-arrives");
    }
  }
}

/** All steps in which something is passed: in a rolled picture once a time step. */
const stepsOf = (/** @type {SVGGraphicsElement} */ element, /** @type {string} */ name) =>
  (element.getAttribute(`${name}s`) ?? element.getAttribute(name) ?? "").split(" ").filter(Boolean).map(Number);

/** An operation or an edge: passed once forward and at most once backward, in a rolled picture at every time step. */
class PassState {
  /** @param {SVGGraphicsElement} element */
  constructor(element) {
    this.element = element;
    this.forward = stepOf(element, "data-forward");
    this.forwards = new Set(stepsOf(element, "data-forward"));
    this.backwards = new Set(stepsOf(element, "data-backward"));
    this.backward = this.backwards.size ? Math.min(...this.backwards) : NaN;
    this.state = "";
    this.gradient = "";
    element.removeAttribute("data-gradient");
  }

  /** @param {number} step */
  apply(step) {
    const state = !(step >= this.forward) ? "idle" : this.forwards.has(step) ? "current" : "done";
    if (state !== this.state) {
      this.state = state;
      this.element.setAttribute("data-state", state);
    }
    const gradient = !(step >= this.backward) ? "" : this.backwards.has(step) ? "current" : "done";
    if (gradient !== this.gradient) {
      this.gradient = gradient;
      if (gradient) this.element.setAttribute("data-gradient", gradient);
      else this.element.removeAttribute("data-gradient");
    }
  }
}

/** The chips of one vertex and role. Only the latest one reached is in the document, so an empty role is empty. */
class ChipState {
  /** @param {SVGGraphicsElement} group */
  constructor(group) {
    this.group = group;
    this.chips = [...shapesIn(group, ":scope > .chip")]
      .map((element) => ({ element, step: stepOf(element, "data-step") }))
      .sort((a, b) => a.step - b.step);
    /** @type {?Chip} */
    this.chip = null;
    this.fresh = false;
    group.replaceChildren();
  }

  /** @param {number} step */
  at(step) {
    let low = 0;
    let high = this.chips.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.chips[middle].step <= step) low = middle + 1;
      else high = middle;
    }
    return low ? this.chips[low - 1] : null;
  }

  /** @param {number} step */
  apply(step) {
    const chip = this.at(step);
    const fresh = step > 0 && step === chip?.step;
    if (chip !== this.chip) {
      this.shown?.remove();
      if (chip) this.group.append(chip.element);
      this.chip = chip;
    } else if (fresh === this.fresh) {
      return;
    }
    // The chip that this very step brings is told apart.
    this.fresh = fresh;
    if (fresh) chip?.element.setAttribute("data-fresh", "true");
    else chip?.element.removeAttribute("data-fresh");
  }

  /** The chip that is in the document now. */
  get shown() {
    return this.chip?.element ?? null;
  }
}

/** The contribution written on an edge, there only in the step in which it travels. */
class BadgeState {
  /** @param {SVGGraphicsElement} element */
  constructor(element) {
    this.element = element;
    this.edge = /** @type {Element} */ (element.parentNode);
    this.step = stepOf(element, "data-step");
    this.shown = false;
    element.remove();
  }

  /** @param {number} step */
  apply(step) {
    const show = step === this.step;
    if (show === this.shown) return;
    if (show) this.edge.append(this.element);
    else this.element.remove();
    this.shown = show;
  }
}

/** The whole picture, indexed once, so that a step touches only what changes in it. */
export class Timeline {
  /** @param {SVGSVGElement} svg @param {Step[]} steps the walk, as in the payload */
  constructor(svg, steps) {
    this.at = -1;
    this.svg = svg;
    /** The names of what is defined once and drawn in many places. */
    this.labels = new Set([...svg.querySelectorAll(":scope > defs > *")].map((label) => label.id));
    /** @type {Map<string, VertexEntry>} */
    this.vertices = new Map();
    /** @type {Map<string, OperationEntry>} */
    this.operations = new Map();
    /** What changes when the walk enters or leaves step n. */
    this.touched = Array.from({ length: steps.length + 1 }, () => /** @type {Item[]} */ ([]));
    /** @type {Item[]} */
    this.every = [];
    const states = this.#indexVertices(svg);
    this.#indexOperations(svg);
    for (const [i, { phase, output, targets }] of steps.entries()) {
      for (const name of phase === "backward" ? [output, ...targets] : [output]) {
        const state = states.get(name);
        if (!state) continue;
        state.active.add(i + 1);
        if (targets.includes(name)) state.arrivals.add(i + 1);
        this.touched[i + 1].push(state);
      }
    }
  }
  /** @param {Item} item @param {number[]} steps */
  #watch(item, ...steps) {
    if (this.at < 0) this.every.push(item);
    else item.apply(this.at);
    for (const step of steps) this.touched[step]?.push(item);
  }

  /** @param {SVGSVGElement} svg */
  #indexVertices(svg) {
    const states = new Map();
    for (const element of shapesIn(svg, ".vertex[data-vertex]")) {
      const name = attribute(element, "data-vertex");
      const state = new VertexState(element);
      const entry = { element };
      states.set(name, state);
      this.#watch(state, state.forward);
      this.#indexChips(entry);
      this.vertices.set(name, entry);
    }
    return states;
  }

  /** @param {VertexEntry} entry */
  #indexChips(entry) {
    for (const role of /** @type {const} */ (["value", "gradient"])) {
      const group = shapeIn(entry.element, `[data-role="${role}"]`);
      if (!group) continue;
      entry[role] = new ChipState(group);
      this.#watch(entry[role], ...entry[role].chips.map((chip) => chip.step));
    }
  }

  /** @param {SVGSVGElement} svg */
  #indexOperations(svg) {
    for (const element of shapesIn(svg, '[data-role="clock"]')) {
      const clock = new ChipState(element);
      this.#watch(clock, ...clock.chips.map((chip) => chip.step));
    }
    for (const element of shapesIn(svg, "[data-operation]")) {
      const state = new PassState(element);
      this.#watch(state, ...state.forwards, ...state.backwards);
      this.operations.set(attribute(element, "data-operation"), { element, ins: [], out: undefined });
    }
    this.#indexEdges(svg);
  }

  /** @param {ParentNode} svg */
  #indexEdges(svg) {
    for (const element of shapesIn(svg, "[data-edge]")) {
      const state = new PassState(element);
      this.#watch(state, ...state.forwards, ...state.backwards);
      const out = element.getAttribute("data-part") === "out";
      const operation = this.operations.get(attribute(element, out ? "data-from" : "data-to"));
      if (operation && out) operation.out = element;
      else if (operation) operation.ins.push(element);
      for (const badge of shapesIn(element, ":scope > .badge")) {
        const item = new BadgeState(badge);
        this.#watch(item, item.step);
      }
    }
  }

  /** Take in a part of a large picture: what was there in outline gets its contents. @param {SVGSVGElement} part */
  add(part) {
    const fill = (/** @type {Element} */ outline, /** @type {Element} */ drawn) => {
      outline.querySelector(":scope > :is(.outline, .shape)")?.remove();
      outline.prepend(...drawn.childNodes);
      for (const name of drawn.getAttributeNames()) {
        if (!outline.hasAttribute(name)) outline.setAttribute(name, attribute(drawn, name));
      }
    };
    for (const drawn of shapesIn(part, ".vertex[data-vertex]")) {
      const entry = this.vertices.get(attribute(drawn, "data-vertex"));
      if (!entry) continue;
      fill(entry.element, drawn);
      this.#indexChips(entry);
    }
    for (const drawn of shapesIn(part, "[data-operation]")) {
      const entry = this.operations.get(attribute(drawn, "data-operation"));
      if (entry) fill(entry.element, drawn);
    }
    for (const layer of ["references", "edges"]) {
      const drawn = shapeIn(part, `:scope > .${layer}`);
      if (!drawn) continue;
      this.#indexEdges(drawn);
      this.#layer(layer).append(...drawn.childNodes);
    }
    const defs = this.svg.querySelector(":scope > defs");
    for (const label of shapesIn(part, ":scope > defs > *")) {
      if (this.labels.has(label.id)) continue;
      this.labels.add(label.id);
      defs?.append(label);
    }
  }

  /**
   * A layer of the picture; what has none of its kind yet comes right beneath the operations.
   * @param {string} name
   */
  #layer(name) {
    const operations = this.svg.querySelector(":scope > .operations");
    const layer = shapeIn(this.svg, `:scope > .${name}`) ?? makeSvg("g", { class: name });
    if (!layer.parentNode) operations?.before(layer);
    return layer;
  }

  /**
   * In a rolled picture a vertex of any time step is found too: at the shape that computes it, or else carries it.
   * @param {Rolled | undefined} rolled
   */
  roll(rolled) {
    this.stands = rolled?.stands ?? {};
    for (const [name, shape] of Object.entries(this.stands)) {
      const entry = this.vertices.get(shape);
      if (entry && !this.vertices.has(name)) this.vertices.set(name, entry);
    }
  }

  /** Bring the picture to a step, whatever step it stands at. @param {number} step */
  show(step) {
    if (step === this.at) return;
    if (this.at < 0) {
      for (const item of this.every) item.apply(step);
    } else {
      const [low, high] = step < this.at ? [step, this.at] : [this.at, step];
      for (let n = low; n <= high; n++) for (const item of this.touched[n]) item.apply(step);
    }
    this.at = step;
  }
}
