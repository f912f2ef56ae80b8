import type { Address, Protocol, Specification, TraceHeader, TraceLimits } from '@synod/protocol';
import type { Misfit } from './misfit.ts';
import type { TransportPromises } from './replay/post.ts';

/** By what a trace is judged: one of Synod's specifications with its roles, or a protocol alone. */
export type Judged = Specification | Protocol;

export interface ValidatorOptions {
  /** What the network of the run promised. Default all; a recording may say less of itself. */
  readonly transport?: TransportPromises;
  /** How much of a changed field is compared. Default `VIEWER_LIMITS`; a recording says it of itself. */
  readonly limits?: TraceLimits;
  /** Of a file: the first line, which says how it was recorded. */
  readonly header?: TraceHeader;
  /** Messages on their way that are remembered; of one that was forgotten, its arrival is not judged. Default 100,000. */
  readonly maxInFlight?: number;
}

/** What was judged, and what could not be. */
export interface Summary {
  readonly records: number;
  readonly nodes: readonly string[];
  readonly actors: readonly Address[];
  /** Lives of actors that the trace tells of, and how many of them began with what an earlier one left. */
  readonly lives: number;
  readonly recoveries: number;
  readonly steps: number;
  readonly messages: number;
  readonly durableWrites: number;
  readonly timers: number;
  /** What was not judged, and why: a line each. */
  readonly notJudged: readonly string[];
}

export interface Verdict {
  readonly valid: boolean;
  readonly misfit?: Misfit;
  readonly summary: Summary;
}
