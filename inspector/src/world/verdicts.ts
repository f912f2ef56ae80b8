// What is known of a run: its properties, the steps that lead to a violation, and what its clients saw. Made by whoever has the run, and
// shown by the page; the inspector itself judges nothing.

/** Records by their index in the run: the first, and the one after the last. */
export type Span = readonly [from: number, to: number];

/** A property of a run. */
export interface JudgedProperty {
  readonly name: string;
  readonly kind: 'always' | 'step' | 'sometimes' | 'eventually' | 'assertion' | 'progress' | 'linearizable';
  /** Where it is stated: paper and section. */
  readonly source?: string;
  /** `open`: this run neither shows nor refutes it. */
  readonly verdict: 'holds' | 'violated' | 'open';
  /** What is wrong, or why it is open, in a sentence. */
  readonly message?: string;
  /** The first step that breaks it; of one that should come about sometimes, the step with which it did. */
  readonly at?: Span;
  /** Where it is known throughout: after how many records it holds or not, each time that changes. */
  readonly changes?: readonly (readonly [records: number, holds: boolean])[];
}

/** A step of a run in words. */
export interface ToldStep {
  readonly records: Span;
  /** What kind of step: `deliver`, `crash`. */
  readonly action: string;
  readonly node: string;
  readonly text: string;
}

/** A client's operation, as the client saw it. Times are on the run's axis. */
export interface ClientOperation {
  readonly client: string;
  readonly input: string;
  /** Absent until it is answered. */
  readonly output?: string;
  readonly outcome: 'returned' | 'unknown' | 'failed';
  readonly invokedAt: number;
  readonly returnedAt?: number;
  /** The records in which its client told of its beginning and of its end. */
  readonly records: readonly [invoked: number, returned?: number];
  readonly key?: string;
  /** A moment at which it may have taken effect, and which one of its key it was by then, from 1. */
  readonly point?: { readonly at: number; readonly order: number };
  /** Whether it belongs to the smallest part of the history that no order explains. */
  readonly offends?: boolean;
  /** Whether it is the one with whose answer the history of its key ceases to be linearizable. */
  readonly stuck?: boolean;
}

/** What the clients of a run saw, and whether it is linearizable. */
export interface ClientHistory {
  readonly verdict: 'yes' | 'no' | 'unknown';
  readonly message?: string;
  readonly operations: readonly ClientOperation[];
  /** Operations that are left out, the oldest ones, since there are so many. */
  readonly omitted: number;
}

/** All that is known of a run. */
export interface Verdicts {
  readonly properties: readonly JudgedProperty[];
  /** The steps of a run that was taken step by step. */
  readonly steps?: readonly ToldStep[];
  /** Of a run that goes on for ever: the index of the first record of what is repeated. */
  readonly circleFrom?: number;
  readonly history?: ClientHistory;
}
