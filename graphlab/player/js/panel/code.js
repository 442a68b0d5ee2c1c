// The walk as a program: the line of the step is lit, a line goes to its step, and the text can be taken along.

import { CODE_LANGUAGES } from "../constants.js";
import { make } from "../lib/safe.js";

/** @import { Program, Tab } from "../types.js" */
/** @import { View } from "../view.js" */

const CODE_BLOCK = 40; // lines that are put into the page together, when they come into view

/** @typedef {Program & {lines: string[]}} Listing */

class CodePage {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.language = "numpy";
    /** @type {Map<string, Listing>} the programs of this walk, by language */
    this.programs = new Map();
    this.key = "";
    /** The program whose lines are in the page. @type {?Listing} */
    this.laid = null;
    /** @type {HTMLElement[]} */
    this.blocks = [];
    /** The lines of the step. @type {Element[]} */
    this.lit = [];
    /** The step whose lines were brought into view. @type {?number} */
    this.revealed = null;
    this.told = 0;
    this.root = make("div", { class: "code" });
    this.switches = Object.entries(CODE_LANGUAGES).map(([language, name]) => {
      const button = make("button", { type: "button", class: "choice", "data-action": `code-${language}` }, name);
      button.addEventListener("click", () => {
        this.language = language;
        this.view.panel.update();
      });
      return button;
    });
    this.copy = make("button", { type: "button", class: "choice", "data-action": "code-copy" });
    this.copy.addEventListener("click", () => this.#copied());
    this.save = make("button", { type: "button", class: "choice", "data-action": "code-save" });
    this.save.addEventListener("click", () => this.program && saveText(this.program.text, this.program.file));
    this.lines = make("div", { class: "code-lines", "data-role": "code" });
    this.lines.addEventListener("click", (event) => this.#pressed(event));
    this.root.append(
      make("div", { class: "code-bar" },
        make("div", { class: "choices", role: "group" }, ...this.switches),
        make("div", { class: "choices" }, this.copy, this.save)),
      this.lines,
    );
    this.seen = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) this.#fill(/** @type {HTMLElement} */ (entry.target));
    }, { root: view.panel.body, rootMargin: "600px" });
  }

  get program() {
    return this.programs.get(this.language);
  }

  /** The program of this walk in the chosen language, asked for once; null where nobody can write it. */
  async #fetched() {
    const { payload, desk } = this.view;
    if (payload.key !== this.key) {
      this.key = payload.key;
      this.programs.clear();
    }
    if (!this.program) {
      const { key } = this;
      const { language } = this;
      const program = await desk.ask("code", { language });
      if (!program?.text || key !== this.key) return null;
      this.programs.set(language, { ...program, kinds: program.kinds ?? [], lines: program.text.replace(/\n$/, "").split("\n") });
    }
    return this.program;
  }

  /** @param {HTMLElement} place */
  async show(place) {
    const { labels } = this.view;
    const program = await this.#fetched();
    if (!program) {
      place.append(make("p", { class: "quiet" }, labels.code_missing));
      return;
    }
    this.copy.textContent = labels.copy;
    this.save.textContent = labels.save;
    for (const button of this.switches) {
      button.setAttribute("aria-pressed", String(button.dataset.action === `code-${this.language}`));
    }
    if (this.laid !== program) this.#lay(program);
    place.append(this.root);
  }

  /**
   * Empty blocks of the height that their lines will have, near enough for the scroll bar.
   * @param {Listing} program
   */
  #lay(program) {
    this.laid = program;
    this.revealed = null;
    this.lit = [];
    this.seen.disconnect();
    this.blocks = [];
    for (let first = 0; first < program.lines.length; first += CODE_BLOCK) {
      const count = Math.min(CODE_BLOCK, program.lines.length - first);
      const block = make("div", { class: "code-block", "data-first": String(first), style: `min-height: calc(${count} * var(--code-line))` });
      this.blocks.push(block);
      this.seen.observe(block);
    }
    this.lines.style.setProperty("--digits", String(String(program.lines.length).length));
    this.lines.replaceChildren(...this.blocks);
  }

  /** @param {HTMLElement} block */
  #fill(block) {
    const { program } = this;
    if (block.firstChild || !program || this.laid !== program) return;
    const first = Number(block.dataset.first);
    const end = Math.min(first + CODE_BLOCK, program.lines.length);
    for (let i = first; i < end; i += 1) block.append(this.#line(program, i));
    block.style.minHeight = "";
  }

  /** @param {Listing} program @param {number} i */
  #line(program, i) {
    const text = program.lines[i];
    const indent = text.length - text.trimStart().length;
    const code = make("span", { class: "code-text", style: `--indent: ${indent}` });
    let at = 0;
    const { [i]: spans } = program.spans;
    for (let k = 0; k < spans.length; k += 3) {
      const [start, stop, kind] = spans.slice(k, k + 3);
      if (start > at) code.append(text.slice(at, start));
      code.append(make("span", { class: `code-${program.kinds[kind]}` }, text.slice(start, stop)));
      at = stop;
    }
    code.append(text.slice(at) || (at ? "" : "\u200b"));
    const line = make("div", { class: "code-line", "data-line": String(i + 1) }, code);
    const [step] = program.steps[i];
    if (step) line.setAttribute("data-step", String(step));
    return line;
  }

  /** @param {number} i */
  #rowOf(i) {
    const block = this.blocks[Math.floor(i / CODE_BLOCK)];
    this.#fill(block);
    return block.children[i % CODE_BLOCK];
  }

  /** The lines of the step are lit and brought into view; called when the page is in the document. */
  shown() {
    const { program } = this;
    if (!program || this.laid !== program) return;
    const { step } = this.view;
    for (const row of this.lit) row.removeAttribute("data-current");
    this.lit = [];
    program.steps.forEach(([first, last], i) => {
      if (first && first <= step && step <= last) this.lit.push(this.#rowOf(i));
    });
    for (const row of this.lit) row.setAttribute("data-current", "true");
    if (this.lit.length && this.revealed !== step) this.#reveal();
    this.revealed = step;
  }

  /** Scroll so that the lit lines stand clear of the edges, and only where they do not. */
  #reveal() {
    const { body } = this.view.panel;
    const frame = body.getBoundingClientRect();
    const top = this.lit[0].getBoundingClientRect().top - frame.top;
    const bottom = this.lit[this.lit.length - 1].getBoundingClientRect().bottom - frame.top;
    const margin = Math.min(96, frame.height / 4);
    if (top < margin || bottom > frame.height - margin / 2) body.scrollTop += top - frame.height / 3;
  }

  /** @param {MouseEvent} event */
  #pressed(event) {
    if (getSelection()?.toString()) return; // text was being marked, not a line chosen
    const step = Number(/** @type {Element} */ (event.target).closest?.("[data-step]")?.getAttribute("data-step"));
    if (!step) return;
    this.revealed = step; // the line is under the pointer: nothing is to move
    this.view.go(step);
  }

  async #copied() {
    const { program } = this;
    const { labels } = this.view;
    if (!program) return;
    const done = await copyText(program.text, this.root);
    this.copy.textContent = done ? labels.copied : labels.copy_failed;
    clearTimeout(this.told);
    this.told = setTimeout(() => (this.copy.textContent = labels.copy), 1600);
  }
}

/**
 * Put a text on the clipboard. Pages without https have no clipboard of their own: then by the old command.
 * @param {string} text @param {Element} near
 */
async function copyText(text, near) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = make("textarea", { class: "code-clipboard", "aria-hidden": "true", tabindex: "-1" });
    field.value = text;
    near.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

/** @param {string} text @param {string} name */
function saveText(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/x-python;charset=utf-8" }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** @type {WeakMap<View, CodePage>} */
const codePages = new WeakMap();

/** @type {Tab} */
export const codeTab = {
  name: "code",
  offered: (view) => view.desk.answers("code"),
  async show(view, place) {
    if (!codePages.has(view)) codePages.set(view, new CodePage(view));
    await codePages.get(view)?.show(place);
  },
  shown: (view) => codePages.get(view)?.shown(),
};
