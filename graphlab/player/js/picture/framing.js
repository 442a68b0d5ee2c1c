// How a graph is looked at: a small one as a whole, a large one step by step, and either as a person moves it.

import { HAIR, READABLE, frameOf } from "./follow.js";
import { calm } from "./motion.js";

/** @import { Scene } from "./scene.js" */
/** @import { Step } from "../types.js" */
/** @import { View } from "../view.js" */

export class Framing {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /**
     * How a large graph is looked at: the steps are followed, the whole of it is seen, or what a person moved to.
     * @type {"follow" | "whole" | "free"}
     */
    this.how = "follow";
  }

  /** Is the graph too large to be read as a whole? Then it is looked at step by step. */
  get large() {
    const scale = this.view.camera?.wholeScale ?? 0;
    return scale > 0 && scale < READABLE;
  }

  /** Choose how a large graph is looked at. @param {"follow" | "whole" | "free"} how */
  look(how, eased = false) {
    if (how === this.how && how === "free") return;
    this.how = how;
    this.view.labelFit();
    if (how !== "free") this.follow(eased);
  }

  /** The whole picture, or with a large graph: from the whole to following, and back. */
  fit() {
    const { large } = this;
    this.look(large && this.how === "follow" ? "whole" : "follow", true);
    if (!large) this.view.camera?.fit();
  }

  /** From the beginning again, after a person has moved the picture: it follows as at first. */
  restart() {
    if (this.large && this.how === "free") this.look("follow");
  }

  /** Have the step in view. */
  follow(eased = false) {
    const { scene, step, payload } = this.view;
    if (!scene) return;
    if (!this.large) this.#reveal(scene, payload.steps[step - 1]);
    else if (this.how !== "free") {
      const known = this.#part(scene);
      scene.camera.lookAt(scene.parts.near(known) ? this.#part(scene) : known, eased && !calm());
    }
  }

  /** The part of a large graph to look at. @param {Scene} scene */
  #part({ camera, places }) {
    // Before the first step the whole is seen, and of what would be a hair's breadth the beginning.
    const step = this.view.step || (camera.wholeScale < HAIR ? 1 : 0);
    const about = this.how === "follow" && step ? places.at(step) : null;
    if (!about?.core) return camera.home;
    const before = camera.goal.width === camera.home.width ? null : camera.goal;
    return frameOf({ core: about.core, rest: about.rest }, camera.size, camera.home, before);
  }

  /** The stage has another size. */
  resized() {
    const { camera } = this.view;
    if (!camera) return;
    const before = this.large;
    camera.measure();
    this.view.labelFit();
    if (this.large) this.follow();
    else if (before && this.how !== "free") camera.fit();
    camera.judge();
  }

  /** Zoomed in, a small graph follows the walk too. @param {Scene} scene @param {Step | undefined} now */
  #reveal({ camera, timeline }, now) {
    if (camera.zoom <= 1.01 || !now) return;
    const vertices = [now.output, ...(now.targets ?? [])].map((name) => timeline.vertices.get(name)?.element);
    const elements = [timeline.operations.get(now.operation ?? "")?.element, ...vertices];
    const boxes = elements.flatMap((element) => (element ? [element.getBoundingClientRect()] : []));
    if (!boxes.length) return;
    camera.reveal({
      left: Math.min(...boxes.map((b) => b.left)),
      right: Math.max(...boxes.map((b) => b.right)),
      top: Math.min(...boxes.map((b) => b.top)),
      bottom: Math.max(...boxes.map((b) => b.bottom)),
    });
  }

  /** A file holds what a person has chosen to look at, and not what the picture happened to follow. @param {Scene} scene */
  downloaded({ camera }) {
    return this.large && this.how !== "free" ? camera.home : camera.goal;
  }
}
