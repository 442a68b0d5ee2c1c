// The bar of buttons above the graph, with the scrubber and the speed.

import { ICONS, KEYS, SPEEDS } from "./buttons.js";
import { make, makeSvg } from "../lib/safe.js";

/** @import { Data, Labels } from "../types.js" */

const STEPPING = ["first", "back", "play", "next", "last"];
const LOOKING = ["zoom_out", "zoom_in", "fit", "legend", "download", "explain", "present"];

export class Bar {
  constructor() {
    /** @type {Record<string, HTMLElement>} by their actions */
    this.buttons = Object.fromEntries([...STEPPING, ...LOOKING].map((action) => [action, make("button", { type: "button", "data-action": action })]));
    for (const action of Object.keys(this.buttons)) this.icon(action, action);
    this.scrubber = make("input", { type: "range", min: "0", max: "0", step: "1", value: "0", "data-role": "scrubber" });
    this.track = make("div", { class: "track" }, this.scrubber);
    this.counter = make("span", { class: "counter" });
    this.phaseWord = make("span", { class: "phase" });
    this.speeds = make("select", { "data-role": "speed" });
    for (const speed of SPEEDS) {
      this.speeds.append(make("option", { value: String(speed) }, `${String(speed).replace("0.5", "½")}×`));
    }
    this.speeds.value = "1";
    const group = (/** @type {string[]} */ actions) => actions.map((action) => this.buttons[action]);
    this.root = make(
      "div",
      { class: "bar", role: "toolbar" },
      make("div", { class: "group" }, ...group(STEPPING)),
      make("div", { class: "group scrub" }, this.track, make("div", { class: "where" }, this.counter, this.phaseWord)),
      make("div", { class: "group" }, this.speeds, ...group(LOOKING)),
    );
  }

  /** @param {string} action @param {string} name of the icon */
  icon(action, name) {
    const path = makeSvg("path", { d: ICONS[name] });
    this.buttons[action].replaceChildren(makeSvg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, path));
  }

  /**
   * The words of the buttons, in the language of the page.
   * @param {Labels} labels @param {{playing: boolean, presenting: boolean}} state
   */
  label(labels, { playing, presenting }) {
    this.root.setAttribute("aria-label", labels.step);
    for (const [action, element] of Object.entries(this.buttons)) {
      const name = action === "play" && playing ? "pause" : action === "present" && presenting ? "leave" : action;
      element.setAttribute("aria-label", labels[name]);
      element.title = KEYS[action] ? `${labels[name]} (${KEYS[action]})` : labels[name];
    }
    this.speeds.setAttribute("aria-label", labels.speed);
    this.speeds.title = labels.speed;
    this.scrubber.setAttribute("aria-label", labels.step);
    // Room for the longer word, so that the scrubber does not jump where the walk turns.
    const longest = Math.max(labels.forward.length, labels.backward.length);
    this.phaseWord.style.minWidth = `${longest + 2}ch`;
  }

  /**
   * With a large graph the button for the whole picture is a switch: pressed while the picture follows.
   * @param {Labels} labels @param {boolean} large @param {boolean} following
   */
  labelFit(labels, large, following) {
    const { fit } = this.buttons;
    fit.setAttribute("aria-label", large ? labels.follow : labels.fit);
    fit.title = `${large ? (following ? labels.following : labels.follow) : labels.fit} (${KEYS.fit})`;
    if (large) fit.setAttribute("aria-pressed", String(following));
    else fit.removeAttribute("aria-pressed");
  }

  /** A new walk. @param {Data} data */
  measure({ steps }) {
    this.scrubber.max = String(steps.length);
    const forwards = steps.filter((step) => step.phase === "forward").length;
    this.track.style.setProperty("--turn", String(steps.length ? forwards / steps.length : 1));
  }

  /** Where the walk stands. @param {number} step @param {Data} data @param {Labels} labels */
  show(step, { steps: walk, rolled }, labels) {
    const steps = walk.length;
    const phase = step ? labels[walk[step - 1].phase] : "";
    this.scrubber.value = String(step);
    this.scrubber.setAttribute("aria-valuetext", `${step} / ${steps} ${phase}`);
    this.track.style.setProperty("--at", String(steps ? step / steps : 0));
    this.counter.textContent = `${step} / ${steps}${rolled && step ? ` · t = ${rolled.at[step]}` : ""}`;
    this.phaseWord.textContent = phase;
    for (const [action, off] of Object.entries({ first: step === 0, back: step === 0, next: step === steps, last: step === steps })) {
      // Not `disabled`: a button that loses the focus under a lecturer's finger takes the keys with it.
      this.buttons[action].setAttribute("aria-disabled", String(off));
    }
  }
}
