// One picture in the page, with all that knows it: its camera, its places, what it looks like at a step, its motion.

import { Camera } from "./camera.js";
import { withoutFolding } from "./folding.js";
import { Places } from "./follow.js";
import { Motion } from "./motion.js";
import { Parts } from "./parts.js";
import { Timeline } from "./timeline.js";

/** @import { Desk } from "../lib/desk.js" */
/** @import { Payload } from "../types.js" */

export class Scene {
  /**
   * @param {SVGSVGElement} svg in the document, since it is measured
   * @param {Payload} payload
   * @param {Desk} desk
   * @param {object} around
   * @param {boolean} around.foldable whether anybody can fold it
   * @param {() => void} around.byHand called when a person moves it
   * @param {(part: SVGSVGElement, late: boolean) => void} around.grown called with each part of a large picture once it
   *   is there; `late`: it is in view, and may show more of the step than was known
   */
  constructor(svg, payload, desk, { foldable, byHand, grown }) {
    this.svg = svg;
    this.foldable = foldable;
    if (!foldable) withoutFolding(svg);
    this.places = new Places(svg, payload.steps);
    this.timeline = new Timeline(svg, payload.steps);
    this.timeline.roll(payload.rolled);
    this.camera = new Camera(svg);
    this.camera.byHand = byHand;
    this.camera.judge();
    this.parts = new Parts(payload, desk, (part, late) => {
      this.places.add(part);
      this.timeline.add(part);
      if (!this.foldable) withoutFolding(svg);
      grown(part, late);
    });
    this.camera.moves = (box) => this.parts.near(box);
    this.motion = new Motion(svg, this.timeline);
  }
}
