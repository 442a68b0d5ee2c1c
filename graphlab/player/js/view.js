// The view of a walk: what stands in the page, the step, and what a person does.

import { ENGLISH, ICONS, KEYS, SPEEDS } from "./buttons.js";
import { Desk } from "./desk.js";
import { meaningOf } from "./keys.js";
import { unpack } from "./packing.js";
import { Panel } from "./panel/panel.js";
import { Camera } from "./picture/camera.js";
import { downloadSvg } from "./picture/download.js";
import { clusterAround, clusterAt, sameWalk, withoutFolding } from "./picture/folding.js";
import { HAIR, Places, READABLE, frameOf } from "./picture/follow.js";
import { Legend } from "./picture/legend.js";
import { light } from "./picture/lit.js";
import { Marks } from "./picture/marks.js";
import { Morph, placesIn } from "./picture/morph.js";
import { Motion } from "./picture/motion.js";
import { Parts } from "./picture/parts.js";
import { Pointers } from "./picture/pointers.js";
import { Timeline } from "./picture/timeline.js";
import { make, makeSvg, svgFrom } from "./safe.js";
import { Strip } from "./strip.js";
import { Texts } from "./texts.js";
import { themeAround } from "./theme.js";

const PACE = 1700; // milliseconds a step while playing at normal speed
const ROOMY_PAGE = 2000; // pixels of the page from which the panel and the details of a vertex stand side by side


/** Of several players in one page, the keys on the page's body drive the one used last. */
let latest = null;

/** Where the view that went away last stood: Streamlit may take an element away and mount it anew. */
let left = null;

export class View {
  /** @param {HTMLElement | ShadowRoot} parent */
  constructor(parent) {
    this.parent = parent;
    this.calls = 0;
    this.listening = new AbortController();
    this.step = 0;
    this.speed = 1;
    this.vertex = null;
    /** The vertex whose details stand open in the page around; in a narrow page none while the panel does. */
    this.detailed = null;
    this.timer = 0;
    /** How a large graph is looked at: "follow" the steps, the "whole" of it, or "free" where a person moved it. */
    this.looking = "follow";
    this.payload = null;
    this.desk = new Desk();
    this.marks = new Marks(this);
    this.#build();
    this.#listen();
    parent.append(this.root);
    latest ??= this;
  }

  // ---- what stands in the page -------------------------------------------------------------------------------

  #build() {
    this.buttons = {};
    this.stage = make("div", { class: "stage" });
    this.scrubber = make("input", { type: "range", min: "0", max: "0", step: "1", value: "0", "data-role": "scrubber" });
    this.track = make("div", { class: "track" }, this.scrubber);
    this.counter = make("span", { class: "counter" });
    this.phaseWord = make("span", { class: "phase" });
    this.speedSelect = make("select", { "data-role": "speed" });
    for (const speed of SPEEDS) {
      this.speedSelect.append(make("option", { value: String(speed) }, `${String(speed).replace("0.5", "½")}×`));
    }
    this.speedSelect.value = "1";
    const button = (action) => {
      const element = make("button", { type: "button", "data-action": action });
      this.buttons[action] = element;
      this.#icon(action, action);
      return element;
    };
    this.bar = make(
      "div",
      { class: "bar", role: "toolbar" },
      make("div", { class: "group" }, ...["first", "back", "play", "next", "last"].map(button)),
      make("div", { class: "group scrub" }, this.track, make("div", { class: "where" }, this.counter, this.phaseWord)),
      make("div", { class: "group" }, this.speedSelect,
        ...["zoom_out", "zoom_in", "fit", "legend", "download", "explain", "present"].map(button)),
    );
    this.strip = new Strip();
    // The bar comes first for the keyboard: a graph may hold thousands of vertices to tab through.
    this.root = make("div", { class: "graphlab-player", role: "group", tabindex: "-1" }, this.bar, this.stage, this.strip.root);
    this.panel = new Panel(this);
    this.legend = new Legend(this);
  }

  #icon(action, name) {
    const path = makeSvg("path", { d: ICONS[name] });
    this.buttons[action].replaceChildren(makeSvg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, path));
  }

  /** Take new data: a new walk starts over, the same walk stays where it stands. */
  update(component) {
    const { data } = component;
    this.newest = component;
    if (!data.packed) this.#take(component, data);
    else if (this.unpacked?.key === data.key) this.#take(component, { ...data, ...this.unpacked.data });
    else this.#unpack(component);
  }

  /** A large walk comes packed. What was shown before stays until it is unpacked. */
  async #unpack(component) {
    const { key, packed } = component.data;
    const data = await unpack(packed);
    if (this.newest !== component || this.listening.signal.aborted) return; // overtaken meanwhile
    this.unpacked = { key, data };
    this.#take(component, { ...component.data, ...data });
  }

  #take(component, data) {
    this.send = component.setStateValue ?? (() => {});
    this.trigger = component.setTriggerValue ?? null;
    this.inStreamlit = !component.standalone;
    const before = this.payload;
    this.payload = data;
    this.desk.attach(data);
    this.labels = { ...ENGLISH, ...data.labels };
    this.root.lang = data.lang ?? "en";
    this.#paintTheme();
    this.#label();
    const chosen = data.chosen ?? [0, null];
    const told = chosen[0] !== (before?.chosen ?? [0, null])[0];
    if (before?.key === data.key) {
      if (told) {
        this.detailed = chosen[1];
        this.#mark(this.#known(chosen[1]));
      }
      this.#words();
      this.panel.label(this.labels);
      return;
    }
    this.pause();
    const texts = new Texts(data, this.desk, () => texts === this.texts && this.#words());
    this.texts = texts;
    const held = sameWalk(before, data, this.step);
    const morph = held !== null && this.svg ? new Morph(this.svg, this.camera, this.toggled ?? "") : null;
    this.toggled = "";
    this.#mountGraph();
    const most = data.steps.length;
    this.root.dataset.steps = String(most);
    this.scrubber.max = String(most);
    const forwards = data.steps.filter((step) => step.phase === "forward").length;
    this.track.style.setProperty("--turn", String(most ? forwards / most : 1));
    const back = left?.key === data.key ? left : null; // the same walk, mounted again
    const wanted = told ? chosen[1] : (back?.vertex ?? this.vertex);
    this.#mark(this.#known(wanted));
    this.detailed = told ? chosen[1] : (back ? back.detailed : this.detailed);
    if (this.detailed !== null && this.vertex === null) this.#detail(null); // it is not in this walk
    this.#show(Math.min(most, Math.max(0, back?.step ?? held ?? (Math.trunc(data.step) || 0))));
    if (!morph) this.#look(back?.whole ? "whole" : "follow");
    else this.#refolded(morph);
    this.panel.label(this.labels);
    if (before) this.panel.update();
    else this.panel.show(back?.panel ?? (this.inStreamlit ? new URL(location.href).searchParams.get("panel") : null) ?? "");
  }

  /** The same walk is folded otherwise: the reader stays in place, and what moves is seen to move. */
  #refolded(morph) {
    if (!this.camera) return;
    const places = placesIn(this.svg);
    const box = morph.held(places, this.camera.size);
    if (box) this.camera.lookAt(box);
    else this.#look("follow");
    this.#labelFit();
    if (!calm()) morph.play(this.svg, places, this.camera.goal);
    this.#tellLater();
  }

  /** Open or fold a cluster: the server draws the picture, and this one stays until the new one is there. */
  toggle(cluster) {
    if (!this.trigger) return;
    this.pause();
    this.toggled = cluster;
    this.trigger("toggle", cluster);
  }

  /** Fold the block or the equation around an operation or a vertex. False where there is none. */
  #fold(element) {
    const cluster = clusterAround(this.svg, element);
    if (cluster) this.toggle(cluster);
    return Boolean(cluster);
  }

  #mountGraph() {
    this.motion?.finish();
    this.timeline = this.motion = this.camera = null;
    const svg = svgFrom(this.payload.svg);
    this.svg = svg;
    if (!svg) {
      this.stage.replaceChildren();
      return;
    }
    svg.setAttribute("preserveAspectRatio", "xMidYMid meet");
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    this.stage.replaceChildren(svg, ...(this.legend.open ? [this.legend.root] : []));
    if (!this.trigger) withoutFolding(svg);
    this.places = new Places(svg, this.payload.steps);
    this.timeline = new Timeline(svg, this.payload.steps);
    this.timeline.roll(this.payload.rolled);
    this.camera = new Camera(svg);
    this.camera.byHand = () => this.#look("free");
    this.camera.judge();
    const parts = new Parts(this.payload, this.desk, (part, late) => parts === this.parts && this.#grown(part, late));
    this.parts = parts;
    this.camera.moves = (box) => parts.near(box);
    this.motion = new Motion(svg, this.timeline);
    this.marks.mount();
  }

  /** A part of a large picture is there; `late`: it is in view, and may show more of the step than was known. */
  #grown(part, late) {
    this.places.add(part);
    this.timeline.add(part);
    if (!this.trigger) withoutFolding(this.svg);
    if (this.payload.breaks?.length || this.marks.checking) this.marks.mount();
    if (this.lit) light(this, this.lit);
    if (late && this.looking === "follow") this.#follow();
  }

  #label() {
    const { labels } = this;
    this.root.setAttribute("aria-label", this.payload.title ?? "");
    this.bar.setAttribute("aria-label", labels.step);
    for (const [action, element] of Object.entries(this.buttons)) {
      const name = action === "play" && this.timer ? "pause" : action === "present" && this.presenting ? "leave" : action;
      element.setAttribute("aria-label", labels[name]);
      element.title = KEYS[action] ? `${labels[name]} (${KEYS[action]})` : labels[name];
    }
    if (this.legend.open) this.legend.fill();
    this.#labelFit();
    this.speedSelect.setAttribute("aria-label", labels.speed);
    this.speedSelect.title = labels.speed;
    this.scrubber.setAttribute("aria-label", labels.step);
    // Room for the longer word, so that the scrubber does not jump where the walk turns.
    const longest = Math.max(labels.forward.length, labels.backward.length);
    this.phaseWord.style.minWidth = `${longest + 2}ch`;
  }

  /** With a large graph the button for the whole picture is a switch: pressed while the picture follows. */
  #labelFit() {
    const { fit } = this.buttons;
    const { labels, large, looking } = this;
    const following = looking === "follow";
    fit.setAttribute("aria-label", large ? labels.follow : labels.fit);
    fit.title = `${large ? (following ? labels.following : labels.follow) : labels.fit} (${KEYS.fit})`;
    if (large) fit.setAttribute("aria-pressed", String(following));
    else fit.removeAttribute("aria-pressed");
  }

  #paintTheme() {
    const { theme = "auto" } = this.payload;
    this.root.dataset.theme = theme === "light" || theme === "dark" ? theme : themeAround(this.root);
  }

  // ---- steps -------------------------------------------------------------------------------------------------

  get steps() {
    return this.payload.steps.length;
  }

  /** Go to a step. `moving`: a single step forward shows its motion; `eased`: the picture follows on a short way. */
  go(step, { moving = false, eased = moving } = {}) {
    const next = Math.min(this.steps, Math.max(0, step));
    if (next === this.step) {
      this.motion?.finish();
      return;
    }
    const single = next === this.step + 1;
    const near = Math.abs(next - this.step) === 1;
    this.#show(next);
    this.#follow(eased && near);
    // From far away numbers are not drawn, and what can not be read does not travel.
    const seen = this.camera && !this.camera.far;
    if (moving && single && seen && !calm()) this.motion?.play(this.payload.steps[next - 1], next, this.speed);
    this.#tellLater();
  }

  #show(step) {
    this.motion?.finish();
    this.step = step;
    const now = this.payload.steps[step - 1];
    const { root } = this;
    const phase = now?.phase ?? "forward";
    root.dataset.step = String(step);
    if (root.dataset.phase !== phase) root.dataset.phase = phase;
    if (this.svg && this.svg.dataset.phase !== phase) this.svg.dataset.phase = phase;
    this.timeline?.show(step);
    this.marks.show(step);
    this.#words();
    this.panel.update();
  }

  /** Everything in words and numbers that belongs to the step. */
  #words() {
    const { step, steps, labels } = this;
    const phase = step ? labels[this.payload.steps[step - 1].phase] : "";
    this.scrubber.value = String(step);
    this.scrubber.setAttribute("aria-valuetext", `${step} / ${steps} ${phase}`);
    this.track.style.setProperty("--at", String(steps ? step / steps : 0));
    const { rolled } = this.payload;
    this.counter.textContent = `${step} / ${steps}${rolled && step ? ` · t = ${rolled.at[step]}` : ""}`;
    this.phaseWord.textContent = phase;
    for (const [action, off] of [["first", step === 0], ["back", step === 0], ["next", step === steps], ["last", step === steps]]) {
      // Not `disabled`: a button that loses the focus under a lecturer's finger takes the keys with it.
      this.buttons[action].setAttribute("aria-disabled", String(off));
    }
    this.strip.show(this.texts.at(step));
  }

  /** Is the graph too large to be read as a whole? Then it is looked at step by step. */
  get large() {
    const scale = this.camera?.wholeScale ?? 0;
    return scale > 0 && scale < READABLE;
  }

  /** Choose how a large graph is looked at. */
  #look(how, eased = false) {
    if (how === this.looking && how === "free") return;
    this.looking = how;
    this.#labelFit();
    if (how !== "free") this.#follow(eased);
  }

  /** The whole picture, or with a large graph: from the whole to following, and back. */
  #fit() {
    const { large } = this;
    this.#look(large && this.looking === "follow" ? "whole" : "follow", true);
    if (!large) this.camera?.fit();
  }

  /** From the beginning again, after a person has moved the picture: it follows as at first. */
  #restart() {
    if (this.large && this.looking === "free") this.#look("follow");
  }

  /** Have the step in view. */
  #follow(eased = false) {
    if (!this.camera) return;
    if (!this.large) this.#reveal();
    else if (this.looking !== "free") {
      const known = this.#part();
      this.camera.lookAt(this.parts.near(known) ? this.#part() : known, eased && !calm());
    }
  }

  /** The part of a large graph to look at. */
  #part() {
    const { camera, looking } = this;
    // Before the first step the whole is seen, and of what would be a hair's breadth the beginning.
    const step = this.step || (camera.wholeScale < HAIR ? 1 : 0);
    const about = looking === "follow" && step ? this.places.at(step) : null;
    if (!about?.core) return camera.home;
    const before = camera.goal.width === camera.home.width ? null : camera.goal;
    return frameOf(about, camera.size, camera.home, before);
  }

  #resized() {
    const { camera } = this;
    if (!camera) return;
    const before = this.large;
    camera.measure();
    this.#labelFit();
    if (this.large) this.#follow();
    else if (before && this.looking !== "free") camera.fit();
    camera.judge();
  }

  /** Zoomed in, a small graph follows the walk too. */
  #reveal() {
    if (this.camera.zoom <= 1.01 || !this.step) return;
    const now = this.payload.steps[this.step - 1];
    const operation = this.timeline.operations.get(now.operation);
    const elements = [operation?.element, this.timeline.vertices.get(now.output)?.element];
    for (const name of now.targets ?? []) elements.push(this.timeline.vertices.get(name)?.element);
    const boxes = elements.filter(Boolean).map((element) => element.getBoundingClientRect());
    if (!boxes.length) return;
    this.camera.reveal({
      left: Math.min(...boxes.map((b) => b.left)),
      right: Math.max(...boxes.map((b) => b.right)),
      top: Math.min(...boxes.map((b) => b.top)),
      bottom: Math.max(...boxes.map((b) => b.bottom)),
    });
  }

  /** The step into the address, without the server; to the server only while a vertex's details stand open. */
  #tellLater() {
    if (!this.inStreamlit) return;
    clearTimeout(this.addressTimer);
    clearTimeout(this.tellTimer);
    this.addressTimer = setTimeout(() => this.#writeAddress(), 150);
    if (this.detailed !== null) this.tellTimer = setTimeout(() => this.#tellStep(), 500);
  }

  /** The panel was opened at a tab, or closed with "". */
  panelChanged(name) {
    this.buttons.explain.setAttribute("aria-pressed", String(Boolean(name)));
    this.oneAtATime();
    if (this.inStreamlit && this.payload) this.#writeAddress();
  }

  #writeAddress() {
    const address = new URL(location.href);
    if (this.panel.name) address.searchParams.set("panel", this.panel.name);
    else address.searchParams.delete("panel");
    if (this.step) address.searchParams.set("step", String(this.step));
    else address.searchParams.delete("step");
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }

  #tellStep() {
    if (this.told === this.step || this.timer) return;
    this.told = this.step;
    this.send("step", this.step);
  }

  play() {
    if (this.timer) return;
    if (this.step === this.steps) {
      this.#show(0);
      this.#restart();
    }
    const tick = () => {
      this.timer = this.step < this.steps ? setTimeout(tick, PACE / this.speed) : 0;
      if (this.timer) this.go(this.step + 1, { moving: true });
      if (this.step >= this.steps) this.pause();
    };
    this.timer = -1;
    tick();
    this.#showPlaying();
  }

  pause() {
    clearTimeout(this.timer);
    const played = this.timer !== 0;
    this.timer = 0;
    if (!played) return;
    this.#showPlaying();
    this.#tellLater();
  }

  #showPlaying() {
    this.#icon("play", this.timer ? "pause" : "play");
    this.root.toggleAttribute("data-playing", this.timer !== 0);
    this.#label();
  }

  // ---- what a person does ------------------------------------------------------------------------------------

  act(action, options = {}) {
    latest = this;
    if (action !== "play" && ["next", "back", "first", "last"].includes(action)) this.pause();
    const actions = {
      next: () => this.go(this.step + 1, { moving: true, ...options }),
      back: () => this.go(this.step - 1, { eased: options.moving ?? true }),
      first: () => {
        this.#restart();
        this.go(0);
      },
      last: () => this.go(this.steps),
      play: () => (this.timer ? this.pause() : this.play()),
      zoom_in: () => this.camera?.zoomBy(1.25),
      zoom_out: () => this.camera?.zoomBy(0.8),
      fit: () => this.#fit(),
      details: () => this.details(),
      legend: () => this.legend.toggle(),
      present: () => (this.presenting ? this.leave() : this.present()),
      download: () => this.svg && this.#download(),
    };
    if (!this.panel.act(action)) actions[action]?.();
  }

  async #download() {
    await this.parts.every();
    downloadSvg(this.svg, this.fileName(), this.#downloaded());
  }

  /** A file holds what a person has chosen to look at, and not what the picture happened to follow. */
  #downloaded() {
    const { camera } = this;
    return this.large && this.looking !== "free" ? camera.home : camera.goal;
  }

  fileName() {
    const stem = String(this.payload.stem || this.payload.title || "graphlab").replace(/[^\p{L}\p{N}_-]+/gu, "-");
    return `${stem}-${this.root.dataset.phase}-${this.step}.svg`;
  }

  /** The vertex that a shape stands for: in a rolled picture that of the time step at which the walk is. */
  #meant(element) {
    const name = element.getAttribute("data-vertex");
    const { rolled } = this.payload;
    return rolled?.shows[rolled.at[this.step]]?.[name] ?? name;
  }

  select(name) {
    if (name !== this.vertex) this.#mark(name);
    if (!this.narrow || !this.panel.open) this.#detail(name);
    else if (name && this.panel.name !== "vertex") this.panel.show("vertex"); // it needs no second place beside the graph
  }

  /** The details of the vertex, with the values to be set, in place of the panel where there is no room for both. */
  details() {
    if (this.narrow) this.panel.show("");
    this.#detail(this.vertex);
  }

  /** Open the details of a vertex in the page around, or put them away with null. */
  #detail(name) {
    if (name === this.detailed) return;
    this.detailed = name;
    if (name !== null && this.told !== this.step) {
      this.told = this.step;
      this.send("step", this.step);
    }
    this.send("vertex", name);
  }

  /** Is there room for the graph and one thing beside it only? */
  get narrow() {
    return this.inStreamlit && innerWidth < ROOMY_PAGE;
  }

  /** In a narrow page the panel takes the place of the details. */
  oneAtATime() {
    if (this.narrow && this.panel.open && this.payload) this.#detail(null);
  }

  #known(name) {
    return this.timeline?.vertices.has(name) ? name : null;
  }

  #mark(name) {
    this.timeline?.vertices.get(this.vertex)?.element.removeAttribute("data-selected");
    this.vertex = name;
    this.timeline?.vertices.get(name)?.element.setAttribute("data-selected", "true");
    this.panel.update();
  }

  #listen() {
    const { signal } = this.listening;
    const { root, stage } = this;
    root.addEventListener("click", (event) => {
      this.#clicked(event);
      this.#keysBack(event);
    }, { signal });
    root.addEventListener("pointerdown", () => {
      latest = this;
      this.byPointer = true;
    }, { signal });
    root.addEventListener("keydown", () => (this.byPointer = false), { signal, capture: true });
    root.addEventListener("change", () => this.byPointer && root.focus({ preventScroll: true }), { signal });
    this.scrubber.addEventListener("input", () => {
      this.pause();
      this.go(Number(this.scrubber.value));
    }, { signal });
    this.speedSelect.addEventListener("change", () => {
      this.speed = Number(this.speedSelect.value);
      root.focus({ preventScroll: true }); // so that a clicker's keys step again, and do not choose a speed
    }, { signal });
    document.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    document.addEventListener("fullscreenchange", () => this.#fullscreenChanged(), { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.payload && this.#paintTheme(), { signal });
    this.pointers = new Pointers(stage, () => this.camera, ({ target }) => {
      if (clusterAt(target)) return; // the first of the two clicks has opened or folded it
      if (!target.closest("[data-operation]") || !this.#fold(target)) this.act("fit");
    }, signal);
    this.resized = new ResizeObserver(() => {
      if (!this.payload) return;
      this.strip.fit();
      this.#resized();
    });
    this.resized.observe(this.strip.root);
    this.resized.observe(stage);
  }

  #clicked(event) {
    const button = event.target.closest("[data-action]");
    if (button) {
      this.act(button.dataset.action);
      return;
    }
    if (this.pointers.dragged || !this.stage.contains(event.target)) return;
    const cluster = clusterAt(event.target);
    if (cluster) {
      this.toggle(cluster);
      return;
    }
    const vertex = event.target.closest("[data-vertex]");
    if (vertex) this.select(this.#meant(vertex));
    else if (!event.target.closest("[data-operation]") && event.detail < 2) this.select(null);
  }

  /** After a click the keys step again, whatever was clicked: a clicker must not die on a tab, a switch or a cell. */
  #keysBack(event) {
    if (!event.detail || event.target.closest?.("input, select, textarea") || this.stage.contains(event.target)) return;
    this.root.focus({ preventScroll: true });
  }

  #pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.composedPath()[0];
    const inside = event.composedPath().includes(this.root);
    if (!inside && latest !== this) return;
    const action = meaningOf(event, target instanceof Element ? target : document.body, {
      inside, scrubber: this.scrubber, overlay: this.presenting === "overlay",
    });
    if (!action) return;
    event.preventDefault();
    if (action === "select") this.select(this.#meant(target.closest("[data-vertex]")));
    else if (action === "toggle") this.toggle(clusterAt(target));
    else if (action === "fold") this.#fold(target);
    else if (action === "leave") this.leave();
    else this.act(action, { moving: !event.repeat });
  }

  // ---- full screen -------------------------------------------------------------------------------------------

  get presenting() {
    return this.root.dataset.present ?? "";
  }

  async present() {
    try {
      await this.root.requestFullscreen();
      this.#setPresenting("fullscreen");
    } catch {
      // Refused, as in a frame without the permission: over everything else in the page, in its top layer.
      this.root.setAttribute("popover", "manual");
      this.root.showPopover?.();
      this.#setPresenting("overlay");
    }
    this.root.focus({ preventScroll: true });
  }

  leave() {
    if (this.presenting === "overlay") {
      this.root.hidePopover?.();
      this.root.removeAttribute("popover");
      this.#setPresenting("");
      this.root.focus({ preventScroll: true });
    } else if (document.fullscreenElement) {
      document.exitFullscreen();
    }
  }

  #fullscreenChanged() {
    const scope = this.root.getRootNode();
    if (this.presenting === "fullscreen" && scope.fullscreenElement !== this.root) this.#setPresenting("");
  }

  #setPresenting(mode) {
    if (mode) this.root.dataset.present = mode;
    else delete this.root.dataset.present;
    this.#icon("present", mode ? "leave" : "present");
    this.#label();
  }

  destroy() {
    this.pause();
    clearTimeout(this.addressTimer);
    clearTimeout(this.tellTimer);
    this.listening.abort();
    this.desk.leave();
    this.resized.disconnect();
    this.motion?.finish();
    this.root.remove();
    left = this.payload && { key: this.payload.key, step: this.step, vertex: this.vertex, detailed: this.detailed, whole: this.looking === "whole", panel: this.panel.name };
    if (latest === this) latest = null;
  }
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
