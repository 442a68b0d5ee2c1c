// The tabs of the panel, in the order in which they stand.

import { PANELS } from "../constants.js";
import { stepTab } from "./card.js";
import { checkTab } from "./check.js";
import { codeTab } from "./code.js";
import { lensTab } from "./lens.js";
import { vertexTab } from "./vertex_tab.js";

/**
 * A tab. `label` is a key of the labels. `show` fills `place`, which is not in the page yet; `shown` is called when it is.
 * A tab that is not `offered` stays out of sight. `begin` is called once, when the view is made.
 * @typedef {object} Tab
 * @property {string} name
 * @property {string} label
 * @property {(view: any, place: HTMLElement, about: {step: number, vertex: string | null}) => Promise<void> | void} show
 * @property {(view: any, place: HTMLElement) => void} [shown]
 * @property {(view: any) => void} [clear]
 * @property {(view: any) => boolean} [offered]
 * @property {(view: any) => void} [begin]
 */

/** @type {Tab[]} */
export const TABS = [stepTab, vertexTab, codeTab, lensTab, checkTab]
  .sort((a, b) => PANELS.indexOf(a.name) - PANELS.indexOf(b.name));
