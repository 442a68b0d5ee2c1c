// Fingers, mouse and wheel on the graph: drag pans, two fingers or Ctrl and the wheel zoom, a double click is told on.

/** @import { Camera } from "./camera.js" */

const DRAG = 4; // pixels before a press counts as a drag and no longer as a click

export class Pointers {
  /** @param {HTMLElement} stage @param {() => Camera | null} camera @param {(event: MouseEvent) => void} twice @param {AbortSignal} signal */
  constructor(stage, camera, twice, signal) {
    this.stage = stage;
    this.camera = camera;
    /** @type {Map<number, {x: number, y: number}>} */
    this.down = new Map();
    /** Whether the press that is just ending was a drag. */
    this.dragged = false;
    stage.addEventListener("pointerdown", (event) => this.#pressed(event), { signal });
    stage.addEventListener("pointermove", (event) => this.#moved(event), { signal });
    for (const end of /** @type {("pointerup" | "pointercancel")[]} */ (["pointerup", "pointercancel"])) {
      stage.addEventListener(end, (event) => this.down.delete(event.pointerId), { signal });
    }
    stage.addEventListener("wheel", (event) => this.#wheeled(event), { signal, passive: false });
    stage.addEventListener("dblclick", twice, { signal });
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    if (event.button !== 0) return;
    if (!this.down.size) this.dragged = false;
    this.down.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    const before = this.down.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    if (!this.dragged) {
      if (Math.hypot(dx, dy) < DRAG) return;
      this.dragged = true;
      // Only now: a captured press would make a click on a vertex a click on the stage.
      this.stage.setPointerCapture(event.pointerId);
    }
    const other = [...this.down].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const spread = (/** @type {{x: number, y: number}} */ p) => Math.hypot(p.x - other.x, p.y - other.y) || 1;
      this.camera()?.zoomBy(spread(now) / spread(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
      this.camera()?.panBy(dx / 2, dy / 2);
    } else {
      this.camera()?.panBy(dx, dy);
    }
    this.down.set(event.pointerId, now);
  }

  /** @param {WheelEvent} event */
  #wheeled(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const distance = Math.max(-60, Math.min(60, event.deltaY * (event.deltaMode ? 16 : 1)));
    this.camera()?.zoomBy(Math.exp(-distance / 120), event.clientX, event.clientY);
  }
}
