// The motion of one step: numbers travel along the edges, and what they make appears when they arrive.
//
// The document already shows the end of the step when its motion begins. Animations only hold back what has not
// arrived, so that to stop at any moment is to cancel them, and no state of the document depends on them.

import { attribute, makeSvg, shapeIn } from "../lib/safe.js";
import { stepOf } from "./timeline.js";

/** @import { Step } from "../types.js" */
/** @import { OperationEntry, Timeline } from "./timeline.js" */

const LEG = 280; // milliseconds a leg at normal speed; never more than 300 nor less than 150
const SAMPLES = 20;
const EASE = "cubic-bezier(.45, .05, .3, 1)";

/** Does the reader want nothing to move? */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Motion {
  /** @param {SVGSVGElement} svg @param {Timeline} timeline */
  constructor(svg, timeline) {
    this.svg = svg;
    this.timeline = timeline;
    this.layer = makeSvg("g", { class: "tokens", "aria-hidden": "true" });
    svg.append(this.layer);
    /** @type {Animation[]} */
    this.running = [];
    /** What is still to be written: first everything is measured, so that the page is laid out once and not once a token. */
    this.waiting = /** @type {(() => void)[]} */ ([]);
  }

  /** End at once; everything stands where the step leaves it. */
  finish() {
    for (const animation of this.running) animation.cancel();
    this.running = [];
    this.layer.replaceChildren();
  }

  /** Begin the motion of a step of the payload. @param {Step} step @param {number} index @param {number} speed */
  play(step, index, speed) {
    this.finish();
    const leg = Math.min(300, Math.max(150, LEG / speed));
    const operation = this.timeline.operations.get(step.operation ?? "");
    if (step.phase === "forward") this.#forward(step, operation, leg);
    else this.#backward(step, operation, index, leg);
    for (const write of this.waiting.splice(0)) write();
    const whole = Promise.allSettled(this.running.map((animation) => animation.finished));
    const running = this.running;
    whole.then(() => running === this.running && this.finish());
  }

  /** @param {Step} step @param {OperationEntry | undefined} operation @param {number} leg */
  #forward(step, operation, leg) {
    const output = this.timeline.vertices.get(step.output);
    const arrives = operation ? 2 * leg : 0;
    for (const edge of operation?.ins ?? []) {
      const source = this.timeline.vertices.get(attribute(edge, "data-from"));
      this.#travel(edge, source?.value?.shown, 0, leg, true);
    }
    if (operation?.out) {
      this.#hold(shapeIn(operation.out, ".line"), leg, 0.25);
      this.#travel(operation.out, output?.value?.shown, leg, leg, false);
    }
    this.#hold(output?.element, arrives, 0.4);
    this.#hold(output?.value?.shown, arrives, 0);
  }

  /** @param {Step} step @param {OperationEntry | undefined} operation @param {number} index @param {number} leg */
  #backward(step, operation, index, leg) {
    const output = this.timeline.vertices.get(step.output);
    if (!operation) {
      this.#hold(output?.gradient?.shown, leg / 2, 0);
      return;
    }
    if (operation.out) this.#travel(operation.out, output?.gradient?.shown, 0, leg, true);
    for (const edge of operation.ins) {
      if (stepOf(edge, "data-backward") !== index) continue;
      const badge = shapeIn(edge, ":scope > .badge");
      const target = this.timeline.vertices.get(attribute(edge, "data-from"));
      this.#hold(shapeIn(edge, ".line"), leg, 0.25);
      this.#travel(edge, target?.gradient?.shown, leg, leg, false, badge ?? undefined);
      this.#hold(badge, 2 * leg, 0);
      this.#hold(target?.gradient?.shown, 2 * leg, 0);
    }
  }

  /**
   * Keep something pale until its moment, then let it come up.
   * @param {?SVGGraphicsElement | undefined} element @param {number} until @param {number} from
   */
  #hold(element, until, from) {
    if (!element || !until) return;
    const rise = 160;
    const keyframes = [{ opacity: from }, { opacity: from, offset: until / (until + rise) }, {}];
    this.waiting.push(() => this.running.push(element.animate(keyframes, { duration: until + rise })));
  }

  /**
   * A number goes along an edge: from its chip, by the vertex's end, into the operation, or out of the operation to
   * where its chip stands. `looks` is what is seen of it, the chip itself where there is nothing else; a dot for none.
   * @param {SVGGraphicsElement} edge @param {?SVGGraphicsElement | undefined} chip
   * @param {number} delay @param {number} duration milliseconds, both @param {boolean} into
   */
  #travel(edge, chip, delay, duration, into, looks = chip) {
    const line = /** @type {?SVGGeometryElement} */ (shapeIn(edge, ".line"));
    if (!line) return;
    const token = looks ? this.#copyOf(looks) : makeSvg("circle", { r: "5", class: "token-dot" });
    const group = makeSvg("g", { class: "token", opacity: "0" }, token);
    // The route is made from the chip to the operation, and turned round for what comes out.
    const route = this.#pointsOf(line);
    const out = edge.getAttribute("data-part") === "out";
    if (out) route.reverse();
    if (chip) route.unshift(this.#middleOf(chip));
    const operation = this.timeline.operations.get(attribute(edge, out ? "data-from" : "data-to"));
    const shape = operation && shapeIn(operation.element, ".shape");
    if (shape) route.push(this.#middleOf(shape));
    if (!into) route.reverse();
    const small = 0.7;
    const keyframes = evenly(route, SAMPLES).map(({ x, y }, i) => {
      const away = into ? i / SAMPLES : 1 - i / SAMPLES; // 0 at the chip, 1 at the operation
      const scale = 1 - (1 - small) * away;
      return {
        transform: `translate(${x.toFixed(2)}px, ${y.toFixed(2)}px) scale(${scale.toFixed(3)})`,
        opacity: away > 0.99 ? 0 : 1,
      };
    });
    this.waiting.push(() => {
      this.layer.append(group);
      this.running.push(group.animate(keyframes, { delay, duration, easing: EASE }));
    });
  }

  /** A chip drawn again around the origin of the picture. @param {SVGGraphicsElement} chip */
  #copyOf(chip) {
    const middle = this.#middleOf(chip);
    const { a, b, c, d, e, f } = this.#toPicture(/** @type {SVGGraphicsElement} */ (chip.parentNode));
    const copy = /** @type {Element} */ (chip.cloneNode(true));
    copy.setAttribute("class", "copy");
    copy.removeAttribute("data-step");
    copy.querySelector(".stem")?.remove();
    return makeSvg("g", { transform: `matrix(${a} ${b} ${c} ${d} ${e - middle.x} ${f - middle.y})` }, copy);
  }

  /** The middle of what an element draws, in the units of the picture. @param {SVGGraphicsElement} element */
  #middleOf(element) {
    const box = (shapeIn(element, ".box") ?? element).getBBox();
    return new DOMPoint(box.x + box.width / 2, box.y + box.height / 2).matrixTransform(this.#toPicture(element));
  }

  /** @param {SVGGeometryElement} line */
  #pointsOf(line) {
    const length = line.getTotalLength();
    const matrix = this.#toPicture(line);
    const points = [];
    for (let i = 0; i <= SAMPLES; i++) points.push(line.getPointAtLength((i / SAMPLES) * length).matrixTransform(matrix));
    return points;
  }

  /** The matrix from an element's units to the picture's. @param {SVGGraphicsElement} element */
  #toPicture(element) {
    return screenMatrix(this.svg).inverse().multiply(screenMatrix(element));
  }
}

/** The matrix from an element's units to the screen's: the page is there, or nothing would move. @param {SVGGraphicsElement} element */
const screenMatrix = (element) => /** @type {DOMMatrix} */ (element.getScreenCTM());

/** n + 1 points at equal distances along a polyline. @param {DOMPoint[]} points @param {number} n */
function evenly(points, n) {
  const lengths = [0];
  for (let i = 1; i < points.length; i++) {
    lengths.push(lengths[i - 1] + Math.hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y));
  }
  const whole = lengths[lengths.length - 1];
  const found = [];
  let k = 1;
  for (let i = 0; i <= n; i++) {
    const wanted = (whole * i) / n;
    while (k < points.length - 1 && lengths[k] < wanted) k++;
    const share = (wanted - lengths[k - 1]) / (lengths[k] - lengths[k - 1] || 1);
    const [from, to] = [points[k - 1], points[k]];
    found.push({ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share });
  }
  return found;
}
