// The player on the full screen, or over everything else in its page where that is refused.

export class Presentation {
  /** @param {HTMLElement} root @param {() => void} changed called when the player has become large, or small again */
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
  }

  /** "" while the player stands in its page, else "fullscreen" or "overlay". */
  get mode() {
    return this.root.dataset.present ?? "";
  }

  async enter() {
    try {
      await this.root.requestFullscreen();
      this.#set("fullscreen");
    } catch {
      // Refused, as in a frame without the permission: over everything else in the page, in its top layer.
      this.root.setAttribute("popover", "manual");
      this.root.showPopover?.();
      this.#set("overlay");
    }
    this.root.focus({ preventScroll: true });
  }

  leave() {
    if (this.mode === "overlay") {
      this.root.hidePopover?.();
      this.root.removeAttribute("popover");
      this.#set("");
      this.root.focus({ preventScroll: true });
    } else if (document.fullscreenElement) {
      document.exitFullscreen();
    }
  }

  /** The page has gone to the full screen, or come back from it. */
  judge() {
    const scope = /** @type {Document | ShadowRoot} */ (this.root.getRootNode());
    if (this.mode === "fullscreen" && scope.fullscreenElement !== this.root) this.#set("");
  }

  /** @param {string} mode */
  #set(mode) {
    if (mode) this.root.dataset.present = mode;
    else delete this.root.dataset.present;
    this.changed();
  }
}
