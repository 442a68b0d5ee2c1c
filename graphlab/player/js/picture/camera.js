// Zoom and pan of the graph: one rectangle of it, in the picture's own units, fills the stage.

/** @import { Box, Size } from "../types.js" */

const MOST_ZOOM = 12;
const LEAST_ZOOM = 0.5;
const FLIGHT = 250; // milliseconds
const FAR = 0.3; // pixels a unit, below which numbers can not be read and are not drawn: they cost most of a frame

/** @type {("x" | "y" | "width" | "height")[]} */
const SIDES_OF_BOX = ["x", "y", "width", "height"];

export class Camera {
  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    const box = (svg.getAttribute("viewBox") ?? "0 0 100 100").split(/[\s,]+/).map(Number);
    this.home = { x: box[0], y: box[1], width: box[2], height: box[3] };
    this.box = { ...this.home };
    this.frame = 0;
    /** @type {?{from: Box, to: Box, begin: number}} a way that the picture is on */
    this.flight = null;
    /** Whether the box was chosen by the step, and not by hand. */
    this.followed = false;
    /** The box that viewBox says, and how far the picture is pushed away from it, in pixels. */
    this.said = { ...this.home };
    this.push = { x: 0, y: 0 };
    /** Called when a person moves the picture. */
    this.byHand = () => {};
    /** Called once a frame with the box that is looked at, or is being moved to. */
    this.moves = (/** @type {Box} */ _box) => {};
    /** @type {Size} */
    this.size = this.measure();
  }

  /** Take the stage's size anew. Kept, so that a step need not have the page laid out for it. @returns {Size} */
  measure() {
    const { width, height } = this.svg.getBoundingClientRect();
    this.size = { width, height };
    return this.size;
  }

  /** Pixels a unit with the whole picture in the stage; 0 while there is no stage. */
  get wholeScale() {
    return Math.min(this.size.width / this.home.width, this.size.height / this.home.height);
  }

  /** The box that is looked at, or is being moved to. */
  get goal() {
    return this.flight?.to ?? this.box;
  }

  /** Whether numbers can not be read where the picture is, or is being moved to. */
  get far() {
    const { width, height } = this.goal;
    return Math.min(this.size.width / width, this.size.height / height) < FAR;
  }

  get zoom() {
    return this.home.width / this.box.width;
  }

  get moved() {
    return SIDES_OF_BOX.some((k) => Math.abs(this.box[k] - this.home[k]) > 1e-6);
  }

  fit() {
    this.#set({ ...this.home });
  }

  /** Look at a part of the picture, at once or on a short way there. @param {Box} box */
  lookAt(box, eased = false) {
    if (SIDES_OF_BOX.every((k) => Math.abs(box[k] - this.goal[k]) < 1e-6)) return;
    if (!eased) {
      this.#set({ ...box });
      this.followed = true;
      return;
    }
    this.followed = true;
    this.flight = { from: { ...this.box }, to: { ...box }, begin: performance.now() };
    this.frame ||= requestAnimationFrame(() => this.#draw());
  }

  /**
   * Zoom by a factor, holding the point of the page (or the middle) in its place.
   * @param {number} factor @param {number} [clientX] @param {number} [clientY]
   */
  zoomBy(factor, clientX, clientY) {
    this.byHand();
    const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, this.zoom * factor));
    const held = clientX === undefined || clientY === undefined ? this.#middle() : this.toPicture(clientX, clientY);
    const ratio = this.zoom / zoom;
    this.#set({
      x: held.x - (held.x - this.box.x) * ratio,
      y: held.y - (held.y - this.box.y) * ratio,
      width: this.box.width * ratio,
      height: this.box.height * ratio,
    });
  }

  /** Pan by a distance of the page, in CSS pixels. @param {number} dx @param {number} dy */
  panBy(dx, dy) {
    this.byHand();
    this.#shift(dx, dy);
  }

  /** @param {number} dx @param {number} dy */
  #shift(dx, dy) {
    const scale = this.#unitsPerPixel();
    this.#set({ ...this.box, x: this.box.x - dx * scale, y: this.box.y - dy * scale });
  }

  /**
   * Move, as little as it takes, so that a rectangle of the page is seen. Where all is seen, nothing moves.
   * @param {{left: number, right: number, top: number, bottom: number}} rectangle
   */
  reveal(rectangle) {
    const stage = this.svg.getBoundingClientRect();
    const margin = 24;
    const along = (/** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ from, /** @type {number} */ to) => {
      if (high - low > to - from - 2 * margin) return (from + to - low - high) / 2;
      if (low < from + margin) return from + margin - low;
      return high > to - margin ? to - margin - high : 0;
    };
    const dx = along(rectangle.left, rectangle.right, stage.left, stage.right);
    const dy = along(rectangle.top, rectangle.bottom, stage.top, stage.bottom);
    if (Math.abs(dx) > 1 || Math.abs(dy) > 1) this.#shift(dx, dy);
  }

  /** Tell the picture whether it is seen from far away. */
  judge() {
    this.svg.toggleAttribute("data-far", 1 / this.#unitsPerPixel() < FAR);
  }

  /** @param {number} clientX @param {number} clientY */
  toPicture(clientX, clientY) {
    // Reckoned from the box, not from the drawn picture, which may be one frame behind.
    const stage = this.svg.getBoundingClientRect();
    const middle = this.#middle();
    const scale = this.#unitsPerPixel();
    return {
      x: middle.x + (clientX - stage.left + this.push.x - stage.width / 2) * scale,
      y: middle.y + (clientY - stage.top + this.push.y - stage.height / 2) * scale,
    };
  }

  #middle() {
    return { x: this.box.x + this.box.width / 2, y: this.box.y + this.box.height / 2 };
  }

  #unitsPerPixel() {
    const stage = this.svg.getBoundingClientRect();
    return Math.max(this.box.width / (stage.width || 1), this.box.height / (stage.height || 1));
  }

  // Pointers move oftener than frames are drawn: the picture is told once a frame.
  /** @param {Box} box */
  #set(box) {
    this.box = box;
    this.followed = false;
    this.flight = null;
    this.frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.frame = 0;
    if (this.flight) {
      const { from, to, begin } = this.flight;
      const share = Math.min(1, (performance.now() - begin) / FLIGHT);
      const way = 1 - (1 - share) ** 3;
      for (const k of SIDES_OF_BOX) this.box[k] = from[k] + (to[k] - from[k]) * way;
      if (share < 1) this.frame = requestAnimationFrame(() => this.#draw());
      else this.flight = null;
    }
    this.judge();
    this.moves(this.goal);
    this.#write();
  }

  #write() {
    const { x, y, width, height } = this.box;
    const { said, svg } = this;
    const pushed = this.followed && Math.abs(width / said.width - 1) < 1e-6 && Math.abs(height / said.height - 1) < 1e-6;
    // A new viewBox has every text of the picture laid out again, 25 ms of 2,500 nodes: only where the scale changes.
    if (pushed) {
      const scale = 1 / this.#unitsPerPixel();
      this.push = { x: (said.x - x) * scale, y: (said.y - y) * scale };
      svg.style.transform = `translate(${this.push.x.toFixed(2)}px, ${this.push.y.toFixed(2)}px)`;
      return;
    }
    this.push = { x: 0, y: 0 };
    svg.style.removeProperty("transform");
    this.said = { ...this.box };
    svg.setAttribute("viewBox", [x, y, width, height].map((v) => +v.toFixed(3)).join(" "));
  }
}
