// Zoom and pan of the graph: one rectangle of it, in the picture's own units, fills the stage.

const MOST_ZOOM = 12;
const LEAST_ZOOM = 0.5;
const FAR = 0.3; // pixels a unit, below which numbers can not be read and are not drawn: they cost most of a frame

class Camera {
  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    const box = (svg.getAttribute("viewBox") ?? "0 0 100 100").split(/[\s,]+/).map(Number);
    this.home = { x: box[0], y: box[1], width: box[2], height: box[3] };
    this.box = { ...this.home };
    this.frame = 0;
  }

  get zoom() {
    return this.home.width / this.box.width;
  }

  get moved() {
    return ["x", "y", "width", "height"].some((k) => Math.abs(this.box[k] - this.home[k]) > 1e-6);
  }

  fit() {
    this.#set({ ...this.home });
  }

  /** Zoom by a factor, holding the point of the page (or the middle) in its place. */
  zoomBy(factor, clientX, clientY) {
    const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, this.zoom * factor));
    const held = clientX === undefined ? this.#middle() : this.toPicture(clientX, clientY);
    const ratio = this.zoom / zoom;
    this.#set({
      x: held.x - (held.x - this.box.x) * ratio,
      y: held.y - (held.y - this.box.y) * ratio,
      width: this.box.width * ratio,
      height: this.box.height * ratio,
    });
  }

  /** Pan by a distance of the page, in CSS pixels. */
  panBy(dx, dy) {
    const scale = this.#unitsPerPixel();
    this.#set({ ...this.box, x: this.box.x - dx * scale, y: this.box.y - dy * scale });
  }

  /** Move, as little as it takes, so that a rectangle of the page is seen. Where all is seen, nothing moves. */
  reveal(rectangle) {
    const stage = this.svg.getBoundingClientRect();
    const margin = 24;
    const along = (low, high, from, to) => {
      if (high - low > to - from - 2 * margin) return (from + to - low - high) / 2;
      if (low < from + margin) return from + margin - low;
      return high > to - margin ? to - margin - high : 0;
    };
    const dx = along(rectangle.left, rectangle.right, stage.left, stage.right);
    const dy = along(rectangle.top, rectangle.bottom, stage.top, stage.bottom);
    if (Math.abs(dx) > 1 || Math.abs(dy) > 1) this.panBy(dx, dy);
  }

  /** Tell the picture whether it is seen from far away. */
  judge() {
    this.svg.toggleAttribute("data-far", 1 / this.#unitsPerPixel() < FAR);
  }

  toPicture(clientX, clientY) {
    // Reckoned from the box, not from the drawn picture, which may be one frame behind.
    const stage = this.svg.getBoundingClientRect();
    const middle = this.#middle();
    const scale = this.#unitsPerPixel();
    return {
      x: middle.x + (clientX - stage.left - stage.width / 2) * scale,
      y: middle.y + (clientY - stage.top - stage.height / 2) * scale,
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
  #set(box) {
    this.box = box;
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const { x, y, width, height } = this.box;
      this.judge();
      this.svg.setAttribute("viewBox", [x, y, width, height].map((v) => +v.toFixed(3)).join(" "));
    });
  }
}
