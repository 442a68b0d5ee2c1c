// The motion of one step: numbers travel along the edges, and what they make appears when they arrive.
//
// The document already shows the end of the step when its motion begins. Animations only hold back what has not
// arrived, so that to stop at any moment is to cancel them, and no state of the document depends on them.

const LEG = 280; // milliseconds a leg at normal speed; never more than 300 nor less than 150
const SAMPLES = 20;
const EASE = "cubic-bezier(.45, .05, .3, 1)";

class Motion {
  /** @param {SVGSVGElement} svg @param {Timeline} timeline */
  constructor(svg, timeline) {
    this.svg = svg;
    this.timeline = timeline;
    this.layer = makeSvg("g", { class: "tokens", "aria-hidden": "true" });
    svg.append(this.layer);
    /** @type {Animation[]} */
    this.running = [];
  }

  /** End at once; everything stands where the step leaves it. */
  finish() {
    for (const animation of this.running) animation.cancel();
    this.running = [];
    this.layer.replaceChildren();
  }

  /** Begin the motion of a step of the payload. */
  play(step, index, speed) {
    this.finish();
    const leg = Math.min(300, Math.max(150, LEG / speed));
    const operation = this.timeline.operations.get(step.operation);
    if (step.phase === "forward") this.#forward(step, operation, leg);
    else this.#backward(step, operation, index, leg);
    const whole = Promise.allSettled(this.running.map((animation) => animation.finished));
    const running = this.running;
    whole.then(() => running === this.running && this.finish());
  }

  #forward(step, operation, leg) {
    const output = this.timeline.vertices.get(step.output);
    const arrives = operation ? 2 * leg : 0;
    for (const edge of operation?.ins ?? []) {
      const source = this.timeline.vertices.get(edge.getAttribute("data-from"));
      this.#travel(edge, source?.value?.shown, 0, leg, false);
    }
    if (operation?.out) {
      this.#hold(operation.out.querySelector(".line"), leg, 0.25);
      this.#travel(operation.out, output?.value?.shown, leg, leg, false);
    }
    this.#hold(output?.element, arrives, 0.4);
    this.#hold(output?.value?.shown, arrives, 0);
  }

  #backward(step, operation, index, leg) {
    const output = this.timeline.vertices.get(step.output);
    if (!operation) {
      this.#hold(output?.gradient?.shown, leg / 2, 0);
      return;
    }
    if (operation.out) this.#travel(operation.out, output?.gradient?.shown, 0, leg, true);
    for (const edge of operation.ins) {
      if (stepOf(edge, "data-backward") !== index) continue;
      const badge = edge.querySelector(":scope > .badge");
      const target = this.timeline.vertices.get(edge.getAttribute("data-from"));
      this.#hold(edge.querySelector(".line"), leg, 0.25);
      this.#travel(edge, badge ?? target?.gradient?.shown, leg, leg, true);
      this.#hold(badge, 1.5 * leg, 0);
      this.#hold(target?.gradient?.shown, 2 * leg, 0);
    }
  }

  /** Keep something pale until its moment, then let it come up. */
  #hold(element, until, from) {
    if (!element || !until) return;
    const rise = 160;
    const keyframes = [{ opacity: from }, { opacity: from, offset: until / (until + rise) }, {}];
    this.running.push(element.animate(keyframes, { duration: until + rise }));
  }

  /** A copy of a chip, or a plain dot where there is none, goes along an edge. */
  #travel(edge, chip, delay, duration, reversed) {
    const line = edge.querySelector("path");
    if (!line) return;
    const token = chip ? this.#copyOf(chip) : makeSvg("circle", { r: "5", class: "token-dot" });
    const group = makeSvg("g", { class: "token" }, token);
    this.layer.append(group);
    const length = line.getTotalLength();
    const own = this.#toPicture(line);
    const points = [];
    for (let i = 0; i <= SAMPLES; i++) {
      const along = reversed ? 1 - i / SAMPLES : i / SAMPLES;
      points.push(line.getPointAtLength(along * length).matrixTransform(own));
    }
    const keyframes = points.map(({ x, y }, i) => ({
      transform: `translate(${x.toFixed(2)}px, ${y.toFixed(2)}px)`,
      opacity: i === 0 || i === SAMPLES ? 0 : 1,
    }));
    group.setAttribute("opacity", "0");
    this.running.push(group.animate(keyframes, { delay, duration, easing: EASE }));
  }

  /** A chip drawn again around the origin of the picture. */
  #copyOf(chip) {
    const box = (chip.querySelector(".box") ?? chip).getBBox();
    const inside = this.#toPicture(chip);
    const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2).matrixTransform(inside);
    const parent = this.#toPicture(chip.parentNode);
    const { a, b, c, d, e, f } = parent;
    const copy = /** @type {Element} */ (chip.cloneNode(true));
    copy.setAttribute("class", "copy");
    copy.removeAttribute("data-step");
    copy.querySelector(".stem")?.remove();
    const transform = `matrix(${a} ${b} ${c} ${d} ${e - middle.x} ${f - middle.y})`;
    return makeSvg("g", { transform }, copy);
  }

  /** The matrix from an element's units to the picture's. */
  #toPicture(element) {
    return this.svg.getScreenCTM().inverse().multiply(element.getScreenCTM());
  }
}
