// Questions to the server while the walk goes on: asked and answered beside the page, which is not run again for them.

import { BETWEEN_DETAILS, WITHIN_DETAIL } from "../constants.js";
import { unpack } from "./packing.js";

/** @import { Answer, Answered, Data, Details, Kind, Meeting } from "../types.js" */

const AGAIN = 10_000; // milliseconds after which questions without an answer are sent once more
/** What is asked ahead of the walk, and takes the server longer: it waits while a person waits for something else. */
const PATIENT = new Set(["texts", "part"]);
const PATIENT_AT_ONCE = 2;

/**
 * Where a player and the desk that the server mounted beside it meet, by the desk's name: `send` is the desk's,
 * `receive` the player's. Either may come first, and either may be mounted anew.
 * @returns {Meeting}
 */
const deskNamed = (/** @type {string} */ name) => {
  const desks = (window.graphlabDesks ??= new Map());
  const desk = desks.get(name) ?? {};
  desks.set(name, desk);
  return desk;
};

export class Desk {
  constructor() {
    this.name = "";
    this.key = "";
    this.count = 0;
    this.begun = Date.now().toString(36); // an answer to a view that went away before must not be taken for ours
    /** @type {Map<string, {question: {kind: Kind, [detail: string]: unknown}, resolve: (answer: any) => void, sent: boolean}>} */
    this.open = new Map();
    this.underWay = false;
    /** @type {Record<string, string | Promise<Record<string, any>>>} what a file carries, by kind: packed until it is asked for */
    this.kept = {};
    /** @type {?((answers: Answered[]) => void)} */
    this.receive = null;
    this.timer = 0;
  }

  /**
   * Take the walk of a payload: what was asked of another one is answered with null.
   * @param {Data} payload
   */
  attach(payload) {
    if (payload.key !== this.key) this.#drop();
    this.key = payload.key;
    this.kept = { ...payload.answers };
    const name = payload.desk ?? "";
    if (name === this.name) return;
    this.leave();
    this.name = name;
    if (!name) return;
    const desk = deskNamed(this.name);
    desk.receive = this.receive = (answers) => this.#take(answers);
    desk.arrived = () => this.#send();
    if (desk.send) this.#send();
  }

  /**
   * Ask for something of this walk: `kind` is one of KINDS in questions.py. Gives the answer, or null where nobody can
   * give one: the walk has changed, or the file stands alone and does not hold it. A wrong question has an `error`.
   * @template {Kind} K @param {K} kind @param {Details} details @returns {Promise<?Answer<K>>}
   */
  ask(kind, details = {}) {
    if (!this.name) return this.#looked(kind, details);
    const id = `${this.begun}-${++this.count}`;
    return new Promise((resolve) => {
      this.open.set(id, { question: { ...details, id, kind, walk: this.key }, resolve, sent: false });
      // What is asked in one turn of the page goes together.
      queueMicrotask(() => this.#send());
    });
  }

  /** Is there anybody, or anything in the file, to answer questions of this kind? @param {Kind} kind */
  answers(kind) {
    return Boolean(this.name) || kind in this.kept;
  }

  /** @param {Kind} kind @param {Details} details */
  async #looked(kind, details) {
    if (!this.answers(kind)) return null;
    const kept = this.kept[kind];
    const answers = typeof kept === "string" ? unpack(kept) : kept;
    this.kept[kind] = answers;
    const spelled = Object.values(details).map((value) => (Array.isArray(value) ? value.join(WITHIN_DETAIL) : String(value)));
    return (await answers)[spelled.join(BETWEEN_DETAILS)] ?? null;
  }

  #send() {
    const send = this.name && deskNamed(this.name).send;
    if (!send || this.underWay || !this.open.size) return;
    this.underWay = true;
    const waiting = [...this.open.values()];
    const urgent = waiting.filter((asked) => !PATIENT.has(asked.question.kind));
    const now = urgent.length ? urgent : waiting.slice(0, PATIENT_AT_ONCE);
    for (const asked of now) asked.sent = true;
    send(now.map((asked) => asked.question));
    this.timer = setTimeout(() => {
      for (const asked of now) asked.sent = false;
      this.underWay = false;
      this.#send();
    }, AGAIN);
  }

  /** @param {Answered[]} answers */
  #take(answers) {
    for (const answer of answers) {
      const asked = this.open.get(answer.id);
      if (!asked) continue;
      this.open.delete(answer.id);
      asked.resolve(answer);
    }
    if ([...this.open.values()].some((asked) => asked.sent)) return;
    clearTimeout(this.timer);
    this.underWay = false;
    this.#send();
  }

  #drop() {
    const dropped = [...this.open.values()];
    this.open.clear();
    clearTimeout(this.timer);
    this.underWay = false;
    for (const asked of dropped) asked.resolve(null);
  }

  leave() {
    this.#drop();
    if (!this.name) return;
    const desk = deskNamed(this.name);
    if (desk.receive === this.receive) desk.receive = desk.arrived = undefined;
  }
}
