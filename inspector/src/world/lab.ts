import * as v from 'valibot';

// The frames of a lab: a person chooses what happens next in a run that can be continued. A branch is a run; the first one has the number 0.

/** Something that may happen next. */
export interface LabChoice {
  /** Tells it apart from the others of its place. */
  readonly id: string;
  /** What kind of thing it is: `deliver`, `drop`, `timer`, `crash`. */
  readonly kind: string;
  /** Where it happens; empty where that is no one node. */
  readonly node: string;
  readonly text: string;
  readonly detail?: string;
  /** Whether the run would do this by itself. */
  readonly own?: boolean;
}

/** What may happen at a place of a branch. */
export interface LabMoment {
  /** How many records come before what is chosen: the place itself, or that of the last whole step before it. */
  readonly records: number;
  readonly choices: readonly LabChoice[];
  /** Why there are none. */
  readonly ended?: string;
  /** The state of the graph, where there is a graph. */
  readonly state?: number;
}

/** A state of the graph of a small model. */
export interface LabState {
  readonly depth: number;
  readonly broken: readonly string[];
  readonly outside: boolean;
}

/** A small model whole: what leads from which state to which. A state's number is its place in the list; 0 is the first one. */
export interface LabGraph {
  readonly states: readonly LabState[];
  readonly edges: readonly { readonly from: number; readonly to: number; readonly text: string }[];
}

/** What a lab can do besides listing choices and taking them. */
export interface LabAbilities {
  /** Goes on by itself: under the run's own rules, or at random as a seed draws it. */
  readonly goesOn: 'by itself' | 'at random';
  /** Whether it can go on until a moment of the run's time. */
  readonly untilMs: boolean;
  readonly graph: boolean;
  readonly counterexample: boolean;
  /** Whether a branch can be saved, to be had again. */
  readonly save: boolean;
}

/** A lab, as a page is told of it. */
export interface LabHead extends LabAbilities {
  readonly title: string;
}

/** A branch as the page lists it. */
export interface LabBranch {
  readonly id: number;
  /** What it goes on from; absent of the first one. */
  readonly parent?: number;
  /** How many records it shares with that. */
  readonly shared: number;
  readonly records: number;
  /** What was chosen there. */
  readonly text: string;
}

/** States of a graph that a page draws. */
export const MAX_GRAPH_STATES = 300;
/** Steps that a branch may go on at once. */
export const MAX_STEPS = 10_000;

const place = {
  branch: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  at: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
};
const asked = { type: v.literal('lab'), id: v.pipe(v.number(), v.safeInteger()) };

/** What a page asks a lab for. `id` comes back with the answer. */
export const labFrame = v.variant('ask', [
  v.strictObject({ ...asked, ask: v.literal('choices'), ...place }),
  v.strictObject({ ...asked, ask: v.literal('take'), ...place, choice: v.pipe(v.string(), v.maxLength(200)) }),
  v.strictObject({
    ...asked,
    ask: v.literal('goOn'),
    ...place,
    /** Without either, to the end of the run. */
    steps: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_STEPS))),
    untilMs: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))),
    seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1))),
  }),
  v.strictObject({ ...asked, ask: v.literal('open'), branch: place.branch }),
  v.strictObject({ ...asked, ask: v.literal('forget'), branch: place.branch }),
  v.strictObject({ ...asked, ask: v.literal('save'), branch: place.branch }),
  v.strictObject({ ...asked, ask: v.literal('graph') }),
  v.strictObject({ ...asked, ask: v.literal('visit'), state: place.at }),
  v.strictObject({ ...asked, ask: v.literal('counterexample') }),
]);
export type LabFrame = v.InferOutput<typeof labFrame>;

/** An ask without what the connection adds. */
export type LabAsk = LabFrame extends infer Frame
  ? Frame extends LabFrame
    ? Omit<Frame, 'type' | 'id'>
    : never
  : never;

/** What a server tells a page of its lab. A branch that is opened comes as a recording, after which its records and verdicts follow. */
export type LabServerFrame =
  | {
      readonly type: 'lab.branches';
      readonly lab: LabHead;
      readonly branches: readonly LabBranch[];
      readonly open: number;
    }
  | { readonly type: 'lab.moment'; readonly id: number; readonly branch: number; readonly moment: LabMoment }
  | { readonly type: 'lab.graph'; readonly id: number; readonly graph: LabGraph }
  /** A branch was saved; where, in a sentence. */
  | { readonly type: 'lab.saved'; readonly id: number; readonly text: string }
  /** It was done; what came of it was told before. */
  | { readonly type: 'lab.done'; readonly id: number }
  | { readonly type: 'lab.refused'; readonly id: number; readonly code: string; readonly message: string };
