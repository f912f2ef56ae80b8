import type { TraceRecord } from '@synod/protocol';
import type { Control, Faults } from './controls.ts';
import type { World } from './world.ts';

// The frames between the inspector's server and its page, each one JSON text.

/** The version of these frames; a page of another version asks to be loaded again. */
export const WIRE_VERSION = 3;

/** A run that is over, as its first frame tells of it. Its records follow. */
export interface RecordingHead {
  readonly about: Readonly<Record<string, unknown>>;
  /** What the run shows, in a sentence. */
  readonly verdict?: string;
  /** How many records it has. */
  readonly total: number;
  /** What a record's `at` counts. */
  readonly unit: 'ms' | 'step';
}

export type ServerFrame =
  /** First: the present, and the records that led to it as far as they are kept. */
  | {
      readonly type: 'world';
      readonly version: typeof WIRE_VERSION;
      readonly world: World;
      readonly records: readonly TraceRecord[];
      readonly controls: readonly Control[];
      readonly faults: Faults;
    }
  /** First, in the place of a world: there is a recording to look at, and nothing live. */
  | { readonly type: 'recording'; readonly version: typeof WIRE_VERSION; readonly head: RecordingHead }
  /** What happened since, or the next records of a recording. `skipped` records did not fit; with any skipped, a new `world` follows. */
  | { readonly type: 'records'; readonly records: readonly TraceRecord[]; readonly skipped: number }
  /** A node's process came or went. */
  | {
      readonly type: 'node';
      readonly node: string;
      readonly up: boolean;
      readonly about: Readonly<Record<string, unknown>>;
    }
  /** What is done to the nodes has changed. */
  | { readonly type: 'faults'; readonly faults: Faults }
  /** What became of a control. */
  | { readonly type: 'result'; readonly id: number; readonly ok: true }
  | {
      readonly type: 'result';
      readonly id: number;
      readonly ok: false;
      readonly code: string;
      readonly message: string;
    };
