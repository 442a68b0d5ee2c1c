// The page around the player: its address, and the server behind it.

/** @import { Component } from "./types.js" */
/** @import { View } from "./view.js" */

export class Host {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** The vertex whose details stand open in the page around; in a narrow page none while the panel does. @type {?string} */
    this.detailed = null;
    /** The step that the server knows of. @type {?number} */
    this.told = null;
    this.inStreamlit = false;
    /** @type {(name: string, value: unknown) => void} */
    this.send = () => {};
    /** @type {?((name: string, value: unknown) => void)} null where there is no server to draw another picture */
    this.trigger = null;
    this.addressTimer = 0;
    this.tellTimer = 0;
  }

  /** @param {Component} component */
  attach(component) {
    this.send = component.setStateValue ?? (() => {});
    this.trigger = component.setTriggerValue ?? null;
    this.inStreamlit = !component.standalone;
  }

  /** The step into the address, without the server; to the server only while a vertex's details stand open. */
  tellLater() {
    if (!this.inStreamlit) return;
    this.stop();
    this.addressTimer = setTimeout(() => this.writeAddress(), 150);
    if (this.detailed !== null) this.tellTimer = setTimeout(() => this.#tellStep(), 500);
  }

  writeAddress() {
    const { panel, step } = this.view;
    const address = new URL(location.href);
    if (panel.name) address.searchParams.set("panel", panel.name);
    else address.searchParams.delete("panel");
    if (step) address.searchParams.set("step", String(step));
    else address.searchParams.delete("step");
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }

  /** The tab of the panel that the address asks for, "" for none. */
  get panelAsked() {
    return (this.inStreamlit ? new URL(location.href).searchParams.get("panel") : null) ?? "";
  }

  #tellStep() {
    const { step, playback } = this.view;
    if (this.told === step || playback.playing) return;
    this.told = step;
    this.send("step", step);
  }

  /** Open the details of a vertex in the page around, or put them away with null. @param {?string} name */
  detail(name) {
    if (name === this.detailed) return;
    this.detailed = name;
    const { step } = this.view;
    if (name !== null && this.told !== step) {
      this.told = step;
      this.send("step", step);
    }
    this.send("vertex", name);
  }

  stop() {
    clearTimeout(this.addressTimer);
    clearTimeout(this.tellTimer);
  }
}
