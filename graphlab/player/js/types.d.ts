// The data that the player is given and the answers it gets, as Python writes them; tests hold both against each other.

import type { View } from "./view.js";

/** The words of the player by their names, in the language of the page: LABELS in labels.py. */
export type Labels = Record<string, string>;

export type Phase = "forward" | "backward";

/** A part of the picture, in its own units. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

// ---- the payload ----

/** What is said of a step: MathML in symbols and with numbers, and a sentence. */
export interface StepTexts {
  formula: string;
  numbers: string;
  sentence: string;
}

/** One step of the walk; of a small walk with its texts. */
export interface Step extends Partial<StepTexts> {
  index: number;
  phase: Phase;
  /** The name of the operation, or of the folded box; null for the step that begins the backward pass. */
  operation: string | null;
  output: string;
  /** Of a folded box: every vertex that it computes. */
  outputs?: string[];
  inputs: string[];
  /** The vertices that a gradient goes to. */
  targets: string[];
}

/** A number that breaks: NaN or infinite. */
export interface Break {
  phase: Phase;
  vertex: string;
  element: string;
  value: string;
  step: number;
  operation: string | null;
  says: string;
}

/** Of a rolled picture: the time at each step, and which vertex stands for which. */
export interface Rolled {
  at: (number | null)[];
  shows: Record<string, Record<string, string>>;
  stands: Record<string, string>;
}

/** The texts of a long walk: how many steps make a chunk, and the chunks that are here, packed. */
export interface Chunks {
  size: number;
  chunks: Record<string, string>;
}

/** The parts of a large picture: how broad each is, how many there are, and those that are here, packed. */
export interface PartsSent {
  breadth: number;
  count: number;
  drawn: Record<string, string>;
}

/** A walk as payload_of in payload.py makes it. */
export interface Payload {
  /** A digest of the contents. */
  key: string;
  lang: string;
  title: string;
  /** The beginning of the names of files. */
  stem: string;
  svg: string;
  labels: Labels;
  steps: Step[];
  breaks: Break[];
  /** What is said before the first step. */
  start: StepTexts;
  /** Is there a minibatch? */
  batch: boolean;
  /** The answers that a file carries with it, by their kind, packed. */
  answers?: Record<string, string>;
  /** A digest of the walk itself, the same however it is folded. */
  walk: string;
  rolled?: Rolled;
  /** Of a folded walk: the last step of the whole walk in each of its steps. */
  stops?: number[];
  texts?: Chunks;
  parts?: PartsSent;
}

/** A payload as the page hands it on, with what it says of the view. */
export interface Data extends Payload {
  theme?: string;
  /** Where a new walk begins. */
  step?: number;
  /** The vertex that the page chose, and how often it has chosen one. */
  chosen?: [number, string | null];
  /** The name of the desk that answers questions. */
  desk?: string;
  /** The large fields of a large payload, packed. */
  packed?: string;
}

/** What the player is called with: a component of Streamlit's, or the like. */
export interface Component {
  data: Data;
  parentElement: HTMLElement | ShadowRoot;
  setStateValue?: (name: string, value: unknown) => void;
  setTriggerValue?: (name: string, value: unknown) => void;
  /** Nobody is there to answer: the player stands in a file of its own. */
  standalone?: boolean;
}

// ---- answers ----

/** A table of numbers; null is what is no finite number. */
export interface Table {
  rows: (number | null)[][];
  texts: string[][];
}

/** What is lit up in the picture, see lit.js. */
export interface Lit {
  vertices?: string[];
  edges?: string[];
  operations?: string[];
  cells?: Record<string, number[][]>;
  role?: string;
}

export interface CardAxis {
  label: string;
  size: number;
  colour: number | null;
  met: boolean;
}

export interface CardFactor {
  math: string;
  axes: CardAxis[];
}

export interface CardShapes {
  factors: CardFactor[];
  sign: string;
  result: CardFactor;
  summed: boolean;
  text: string;
}

export interface CardJacobian {
  rows: number;
  columns: number;
  structure: string;
  says: string;
  elements: number;
  dense: number;
  product: number;
  outline: number[][];
  block: [number, number];
  row_places: number[][];
  column_places: number[][];
  too_large?: string;
  values?: (number | null)[][];
  texts?: string[][];
}

/** The local Jacobian: its rows are the axes of the output, its columns those of the input. */
export interface CardLocal extends CardFactor {
  input: CardAxis[];
}

export interface CardSlot {
  slot: number;
  vertex: string;
  output: string;
  part: number;
  parts: number;
  target: string;
  rank: string;
  local: CardLocal;
  symbols: string[];
  derivatives: string[];
  numbers: string[];
  contraction: CardShapes;
  coded: CardShapes;
  why: string;
  jacobian: CardJacobian;
}

export interface CardSize {
  name: string;
  size: number;
  colour: number | null;
}

export interface Card {
  phase: Phase;
  vertex: string;
  title: string;
  sentence: string;
  sizes: CardSize[];
  slots: CardSlot[];
  shapes?: CardShapes;
  numbers?: string[];
}

/** An operation in a folded box. */
export interface CardInside {
  math: string;
  of: number;
}

export interface CardAnswer {
  step: number;
  card?: Card;
  inside?: CardInside[];
  more?: boolean;
}

export interface ElementEquation {
  says: string;
  gate: boolean;
  lit: Lit;
}

export interface LitEdges {
  cells: Record<string, number[][]>;
  edges: string[];
}

/** What one operation sends to the gradient of an element. */
export interface ElementPart {
  sender: string;
  lines: string[];
}

export interface ElementAnswer {
  vertex: string;
  name: string;
  sort: string;
  size: string;
  shape: number[];
  value: Table | null;
  gradient: Table | null;
  gradient_name: string;
  equation: ElementEquation | null;
  /** From here on: only where one element is followed. */
  index?: number[];
  entry?: string;
  forward?: string[];
  backward?: ElementPart[];
  total?: string[];
  lit?: Record<Phase, LitEdges>;
  counts?: Record<Phase, [number, number]>;
}

/** The answer where one element is followed. */
export type FollowedElement = Required<ElementAnswer>;

export interface PathShown {
  names: string[];
  text: string | Table | null;
  lit: Lit;
}

export interface PathsAnswer {
  vertex: string;
  count: string;
  visits: number;
  edges: string[];
  vertices: string[];
  listed: PathShown[];
  apart: string | null;
}

export interface ModeShown {
  passes: number;
  visits: number;
  table: Table | null;
}

export interface TargetAnswer {
  of: string;
  by: string;
  math: string;
  size: string;
  reverse: ModeShown;
  forward: ModeShown;
  apart: string | null;
  sentence: string;
}

export type Verdict = "right" | "wrong" | "kink" | "unknown" | "missed";

export interface CheckedRow {
  vertex: string;
  verdict: Verdict;
  elements: number;
  size: number;
  /** From here on: not of a vertex that was missed. */
  element?: string;
  index?: number[];
  error?: string;
  ours?: string;
  theirs?: string;
  left?: string;
  right?: string;
  why?: string;
}

/** The first gradient that is wrong on the way back. */
export interface Culprit {
  vertex: string;
  operation: string;
  says: string;
}

export interface CheckAnswer {
  rows: CheckedRow[];
  culprit: Culprit | null;
  sampled: boolean;
  missed: string[];
}

export interface StableShown {
  index: number;
  before: string;
  after: string;
  logits: string;
  loss: string[];
  gradient: string[];
  sweep: string[][];
  of: string;
}

export interface Program {
  language: string;
  file: string;
  text: string;
  /** Of each line its coloured stretches, flat: start, end, kind, … */
  spans: number[][];
  /** Of each line the first and the last step that it stands for, or 0 and 0. */
  steps: number[][];
  kinds: string[];
}

export interface LensShare {
  value: Table | null;
  total?: Table | null;
}

export interface LensItem {
  vertex: string;
  kind: string;
  sentence: string;
  whole?: Table | null;
  part?: string;
  matrix?: string;
  stack?: string;
  object?: string;
  left?: Table | null;
  right?: Table | null;
  names?: string[];
  shares?: LensShare[];
}

/** An item in which single objects can be told apart. */
export interface SharedItem extends LensItem {
  shares: LensShare[];
}

export interface LensAnswer {
  count: number;
  reduction: string;
  check: string;
  losses: string[];
  loss: string;
  items: LensItem[];
  sentence: string;
}

/** Texts of one chunk of steps, packed. */
export interface TextsAnswer {
  chunk: number;
  packed: string;
}

/** One part of a large picture, packed. */
export interface PartAnswer {
  part: number;
  packed: string;
}

export interface StableAnswer {
  forms: StableShown[];
}

/** The answers by the kind of the question: KINDS in questions.py. One with an `error` has nothing else. */
export interface Answers {
  texts: TextsAnswer;
  part: PartAnswer;
  card: CardAnswer;
  element: ElementAnswer;
  paths: PathsAnswer;
  target: TargetAnswer;
  check: CheckAnswer;
  stable: StableAnswer;
  code: Program;
  lens: LensAnswer;
}

export type Kind = keyof Answers;

export type Answer<K extends Kind> = Answers[K] & { error?: string };

/** A question to the server: its details by name. */
export type Details = Record<string, string | number | number[]>;

// ---- the panel ----

/** One tab of the panel. */
export interface Tab {
  name: string;
  /** Fill `place`, which is not in the page yet. */
  show(view: View, place: HTMLElement, at: { step: number; vertex: string | null }): Promise<void> | void;
  /** Called when what `show` has filled is in the page. */
  shown?(view: View, place: HTMLElement): void;
  /** Called when another tab is opened, or none. */
  clear?(view: View): void;
  /** Has the tab anything to say of this walk? Else it stays out of sight. */
  offered?(view: View): boolean;
  /** Called once, when the view is made. */
  begin?(view: View): void;
}

// ---- the desk ----

/** Where a player and the server's end of its desk meet. */
export interface Meeting {
  send?: (questions: object[]) => void;
  receive?: (answers: Answered[]) => void;
  arrived?: () => void;
}

export interface Answered {
  id: string;
}

declare global {
  interface Window {
    graphlabDesks?: Map<string, Meeting>;
  }
}
