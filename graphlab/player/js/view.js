// The view of a walk: where it stands, and the parts of the player that show it.

import { Bar } from "./bar/bar.js";
import { THEMES } from "./constants.js";
import { Desk } from "./lib/desk.js";
import { Host } from "./host.js";
import { Input } from "./input.js";
import { unpack } from "./lib/packing.js";
import { Panel } from "./panel/panel.js";
import { downloadSvg } from "./lib/download.js";
import { clusterAround, sameWalk } from "./picture/folding.js";
import { Framing } from "./picture/framing.js";
import { Legend } from "./bar/legend.js";
import { light } from "./picture/lit.js";
import { Marks } from "./picture/marks.js";
import { Morph, placesIn } from "./picture/morph.js";
import { calm } from "./picture/motion.js";
import { Scene } from "./picture/scene.js";
import { Playback } from "./playback.js";
import { Presentation } from "./presentation.js";
import { make, svgFrom } from "./lib/safe.js";
import { Strip } from "./bar/strip.js";
import { Texts } from "./bar/texts.js";
import { themeAround } from "./lib/theme.js";

/** @import { Component, Data, Labels, Lit } from "./types.js" */

const ROOMY_PAGE = 2000; // pixels of the page from which the panel and the details of a vertex stand side by side

/**
 * Where the view that went away last stood: Streamlit may take an element away and mount it anew.
 * @type {?{key: string, step: number, vertex: ?string, detailed: ?string, whole: boolean, panel: string}}
 */
let left = null;

export class View {
  /** @param {HTMLElement | ShadowRoot} parent */
  constructor(parent) {
    this.parent = parent;
    this.calls = 0;
    this.listening = new AbortController();
    this.step = 0;
    /** The vertex that is chosen. @type {?string} */
    this.vertex = null;
    /** The walk that was taken last. @type {?Data} */
    this.taken = null;
    /** @type {?Scene} null while there is no picture, or one that can not be read */
    this.scene = null;
    /** What an explanation has lit up. @type {?Lit} */
    this.lit = null;
    /** The cluster that a person has just opened or folded. */
    this.toggled = "";
    /** @type {?Component} */
    this.newest = null;
    /** @type {?{key: string, data: Partial<Data>}} the large fields of a large walk */
    this.unpacked = null;
    /** @type {?Texts} */
    this.texts = null;
    /** @type {Labels} */
    this.labels = {};
    this.desk = new Desk();
    this.host = new Host(this);
    this.playback = new Playback(this);
    this.framing = new Framing(this);
    this.marks = new Marks(this);
    this.bar = new Bar();
    this.stage = make("div", { class: "stage" });
    this.strip = new Strip();
    // The bar comes first for the keyboard: a graph may hold thousands of vertices to tab through.
    this.root = make("div", { class: "graphlab-player", role: "group", tabindex: "-1" }, this.bar.root, this.stage, this.strip.root);
    this.presentation = new Presentation(this.root, () => this.#presentingChanged());
    this.panel = new Panel(this);
    this.legend = new Legend(this);
    this.input = new Input(this);
    this.resized = new ResizeObserver(() => {
      if (!this.taken) return;
      this.strip.fit();
      this.framing.resized();
    });
    this.#watch();
    parent.append(this.root);
  }

  #watch() {
    const { signal } = this.listening;
    document.addEventListener("fullscreenchange", () => this.presentation.judge(), { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.taken && this.#paintTheme(), { signal });
    this.resized.observe(this.strip.root);
    this.resized.observe(this.stage);
  }

  /** The walk that is shown; before the first one is taken nothing asks for it. @returns {Data} */
  get payload() {
    return /** @type {Data} */ (this.taken);
  }

  get svg() {
    return this.scene?.svg ?? null;
  }

  get camera() {
    return this.scene?.camera ?? null;
  }

  get timeline() {
    return this.scene?.timeline ?? null;
  }

  get inStreamlit() {
    return this.host.inStreamlit;
  }

  // ---- data --------------------------------------------------------------------------------------------------

  /** Take new data: a new walk starts over, the same walk stays where it stands. @param {Component} component */
  update(component) {
    const { data } = component;
    this.newest = component;
    if (!data.packed) this.#take(component, data);
    else if (this.unpacked?.key === data.key) this.#take(component, { ...data, ...this.unpacked.data });
    else this.#unpack(component, data.packed);
  }

  /**
   * A large walk comes packed. What was shown before stays until it is unpacked.
   * @param {Component} component @param {string} packed
   */
  async #unpack(component, packed) {
    const { key } = component.data;
    const data = await unpack(packed);
    if (this.newest !== component || this.listening.signal.aborted) return; // overtaken meanwhile
    this.unpacked = { key, data };
    this.#take(component, { ...component.data, ...data });
  }

  /** @param {Component} component @param {Data} data */
  #take(component, data) {
    const { host } = this;
    host.attach(component);
    const before = this.taken;
    this.taken = data;
    this.desk.attach(data);
    this.labels = data.labels;
    this.root.lang = data.lang ?? "en";
    this.#paintTheme();
    this.#label();
    const [told, chosen] = data.chosen ?? [0, null];
    const isTold = told !== (before?.chosen ?? [0])[0];
    if (before?.key === data.key) {
      if (isTold) {
        host.detailed = chosen;
        this.#mark(this.#known(chosen));
      }
      this.#words();
      this.panel.label(this.labels);
      return;
    }
    this.playback.pause();
    const texts = new Texts(data, this.desk, () => texts === this.texts && this.#words());
    this.texts = texts;
    const held = sameWalk(before, data, this.step);
    const morph = held !== null && this.scene ? new Morph(this.scene.svg, this.scene.camera, this.toggled) : null;
    this.toggled = "";
    this.#mountGraph();
    const most = data.steps.length;
    this.root.dataset.steps = String(most);
    this.bar.measure(data);
    const back = left?.key === data.key ? left : null; // the same walk, mounted again
    this.#mark(this.#known(isTold ? chosen : (back?.vertex ?? this.vertex)));
    if (isTold) host.detailed = chosen;
    else if (back) host.detailed = back.detailed;
    if (host.detailed !== null && this.vertex === null) host.detail(null); // it is not in this walk
    this.#show(Math.min(most, Math.max(0, back?.step ?? held ?? (Math.trunc(data.step ?? 0) || 0))));
    if (!morph) this.framing.look(back?.whole ? "whole" : "follow");
    else this.#refolded(morph);
    this.panel.label(this.labels);
    if (before) this.panel.update();
    else this.panel.show(back?.panel ?? host.panelAsked);
  }

  /** The same walk is folded otherwise: the reader stays in place, and what moves is seen to move. @param {Morph} morph */
  #refolded(morph) {
    const { scene } = this;
    if (!scene) return;
    const places = placesIn(scene.svg);
    const box = morph.held(places, scene.camera.size);
    if (box) scene.camera.lookAt(box);
    else this.framing.look("follow");
    this.labelFit();
    if (!calm()) morph.play(scene.svg, places, scene.camera.goal);
    this.host.tellLater();
  }

  #mountGraph() {
    this.scene?.motion.finish();
    this.scene = null;
    const svg = svgFrom(this.payload.svg);
    if (!svg) {
      this.stage.replaceChildren();
      return;
    }
    svg.setAttribute("preserveAspectRatio", "xMidYMid meet");
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    this.stage.replaceChildren(svg, ...(this.legend.open ? [this.legend.root] : []));
    const scene = new Scene(svg, this.payload, this.desk, {
      foldable: this.host.trigger !== null,
      byHand: () => this.framing.look("free"),
      grown: (_part, late) => scene === this.scene && this.#grown(late),
    });
    this.scene = scene;
    this.marks.mount();
  }

  /** A part of a large picture is there; `late`: it is in view. @param {boolean} late */
  #grown(late) {
    if (this.payload.breaks?.length || this.marks.checking) this.marks.mount();
    if (this.lit) light(this, this.lit);
    if (late && this.framing.how === "follow") this.framing.follow();
  }

  // ---- words -------------------------------------------------------------------------------------------------

  #label() {
    this.root.setAttribute("aria-label", this.payload.title ?? "");
    this.bar.label(this.labels, { playing: this.playback.playing, presenting: this.presentation.mode !== "" });
    if (this.legend.open) this.legend.fill();
    this.labelFit();
  }

  labelFit() {
    this.bar.labelFit(this.labels, this.framing.large, this.framing.how === "follow");
  }

  #paintTheme() {
    const { theme = "auto" } = this.payload;
    this.root.dataset.theme = THEMES.includes(theme) ? theme : themeAround(this.root);
  }

  /** Everything in words and numbers that belongs to the step. */
  #words() {
    this.bar.show(this.step, this.payload, this.labels);
    this.strip.show(this.texts?.at(this.step) ?? null);
  }

  // ---- steps -------------------------------------------------------------------------------------------------

  get steps() {
    return this.payload.steps.length;
  }

  /**
   * Go to a step. `moving`: a single step forward shows its motion; `eased`: the picture follows on a short way.
   * @param {number} step @param {{moving?: boolean, eased?: boolean}} how
   */
  go(step, { moving = false, eased = moving } = {}) {
    const next = Math.min(this.steps, Math.max(0, step));
    const { scene } = this;
    if (next === this.step) {
      scene?.motion.finish();
      return;
    }
    const single = next === this.step + 1;
    const near = Math.abs(next - this.step) === 1;
    this.#show(next);
    this.framing.follow(eased && near);
    // From far away numbers are not drawn, and what can not be read does not travel.
    if (moving && single && scene && !scene.camera.far && !calm()) {
      scene.motion.play(this.payload.steps[next - 1], next, this.playback.speed);
    }
    this.host.tellLater();
  }

  /** Back before the first step, to play from there. */
  rewind() {
    this.#show(0);
    this.framing.restart();
  }

  /** @param {number} step */
  #show(step) {
    this.scene?.motion.finish();
    this.step = step;
    const phase = this.payload.steps[step - 1]?.phase ?? "forward";
    const { root, svg } = this;
    root.dataset.step = String(step);
    if (root.dataset.phase !== phase) root.dataset.phase = phase;
    if (svg && svg.dataset.phase !== phase) svg.dataset.phase = phase;
    this.timeline?.show(step);
    this.marks.show(step);
    this.#words();
    this.panel.update();
  }

  playingChanged() {
    const { playing } = this.playback;
    this.bar.icon("play", playing ? "pause" : "play");
    this.root.toggleAttribute("data-playing", playing);
    this.#label();
  }

  #presentingChanged() {
    this.bar.icon("present", this.presentation.mode ? "leave" : "present");
    this.#label();
  }

  // ---- what a person does ------------------------------------------------------------------------------------

  /** @param {string} action @param {{moving?: boolean}} options */
  act(action, options = {}) {
    this.input.used();
    const { playback, framing, presentation } = this;
    if (["next", "back", "first", "last"].includes(action)) playback.pause();
    /** @type {Record<string, () => void>} */
    const actions = {
      next: () => this.go(this.step + 1, { moving: true, ...options }),
      back: () => this.go(this.step - 1, { eased: options.moving ?? true }),
      first: () => {
        framing.restart();
        this.go(0);
      },
      last: () => this.go(this.steps),
      play: () => (playback.playing ? playback.pause() : playback.play()),
      zoom_in: () => this.camera?.zoomBy(1.25),
      zoom_out: () => this.camera?.zoomBy(0.8),
      fit: () => framing.fit(),
      details: () => this.details(),
      legend: () => this.legend.toggle(),
      present: () => (presentation.mode ? presentation.leave() : presentation.enter()),
      download: () => this.#download(),
    };
    if (!this.panel.act(action)) actions[action]?.();
  }

  async #download() {
    await this.scene?.parts.every();
    if (this.scene) downloadSvg(this.scene.svg, this.fileName(), this.framing.downloaded(this.scene));
  }

  fileName() {
    const stem = String(this.payload.stem || this.payload.title || "graphlab").replace(/[^\p{L}\p{N}_-]+/gu, "-");
    return `${stem}-${this.root.dataset.phase}-${this.step}.svg`;
  }

  /** Open or fold a cluster: the server draws the picture, and this one stays until the new one is there. @param {string} cluster */
  toggle(cluster) {
    if (!this.host.trigger) return;
    this.playback.pause();
    this.toggled = cluster;
    this.host.trigger("toggle", cluster);
  }

  /** Fold the block or the equation around an operation or a vertex. False where there is none. @param {Element} element */
  foldAround(element) {
    const cluster = clusterAround(this.svg, element);
    if (cluster) this.toggle(cluster);
    return Boolean(cluster);
  }

  /**
   * The vertex that a shape stands for: in a rolled picture that of the time step at which the walk is.
   * @param {Element} element
   */
  meant(element) {
    const name = element.getAttribute("data-vertex") ?? "";
    const { rolled } = this.payload;
    return rolled?.shows[String(rolled.at[this.step])]?.[name] ?? name;
  }

  /** Choose a vertex, or none. @param {?string} name */
  select(name) {
    if (name !== this.vertex) this.#mark(name);
    if (!this.narrow || !this.panel.open) this.host.detail(name);
    else if (name && this.panel.name !== "vertex") this.panel.show("vertex"); // it needs no second place beside the graph
  }

  /** The details of the vertex, with the values to be set, in place of the panel where there is no room for both. */
  details() {
    if (this.narrow) this.panel.show("");
    this.host.detail(this.vertex);
  }

  /** Is there room for the graph and one thing beside it only? */
  get narrow() {
    return this.inStreamlit && innerWidth < ROOMY_PAGE;
  }

  /** In a narrow page the panel takes the place of the details. */
  oneAtATime() {
    if (this.narrow && this.panel.open && this.taken) this.host.detail(null);
  }

  /** The panel was opened at a tab, or closed with "". @param {string} name */
  panelChanged(name) {
    this.bar.buttons.explain.setAttribute("aria-pressed", String(Boolean(name)));
    this.oneAtATime();
    if (this.inStreamlit && this.taken) this.host.writeAddress();
  }

  /** @param {?string} name */
  #known(name) {
    return name !== null && this.timeline?.vertices.has(name) ? name : null;
  }

  /** @param {?string} name */
  #mark(name) {
    const shape = (/** @type {?string} */ vertex) => this.timeline?.vertices.get(vertex ?? "")?.element;
    shape(this.vertex)?.removeAttribute("data-selected");
    this.vertex = name;
    shape(name)?.setAttribute("data-selected", "true");
    this.panel.update();
  }

  destroy() {
    this.playback.pause();
    this.host.stop();
    this.listening.abort();
    this.desk.leave();
    this.resized.disconnect();
    this.scene?.motion.finish();
    this.root.remove();
    left = this.taken && {
      key: this.taken.key, step: this.step, vertex: this.vertex, detailed: this.host.detailed,
      whole: this.framing.how === "whole", panel: this.panel.name,
    };
    this.input.leave();
  }
}
