// Playing: one step after the other, at the speed that a person has chosen.

/** @import { View } from "./view.js" */

const PACE = 1700; // milliseconds a step while playing at normal speed

export class Playback {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.speed = 1;
    this.timer = 0;
  }

  get playing() {
    return this.timer !== 0;
  }

  play() {
    if (this.playing) return;
    const { view } = this;
    if (view.step === view.steps) view.rewind();
    const tick = () => {
      this.timer = view.step < view.steps ? setTimeout(tick, PACE / this.speed) : 0;
      if (this.timer) view.go(view.step + 1, { moving: true });
      if (view.step >= view.steps) this.pause();
    };
    this.timer = -1;
    tick();
    view.playingChanged();
  }

  pause() {
    clearTimeout(this.timer);
    const { playing } = this;
    this.timer = 0;
    if (!playing) return;
    this.view.playingChanged();
    this.view.host.tellLater();
  }
}
