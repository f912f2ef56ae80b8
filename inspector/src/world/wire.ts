import type { Control, Faults } from './controls.ts';
import type { LabServerFrame } from './lab.ts';
import type { PackedWorld } from './packed.ts';
import type { Verdicts } from './verdicts.ts';

// The frames between the inspector's server and its page: each a JSON text, which records may follow, one a line (`lines.ts`).

/** The version of these frames; a page of another version asks to be loaded again. */
export const WIRE_VERSION = 4;

/** A run that is over, as its first frame tells of it. */
export interface RecordingHead {
  readonly about: Readonly<Record<string, unknown>>;
  /** What the run shows, in a sentence. */
  readonly verdict?: string;
  /** How many records it has, where that is known beforehand. */
  readonly total?: number;
  /** What a record's `at` counts. */
  readonly unit: 'ms' | 'step';
}

export type ServerFrame =
  /** First: a world, and as lines the records that led from it to the present. */
  | {
      readonly type: 'world';
      readonly version: typeof WIRE_VERSION;
      readonly world: PackedWorld;
      readonly controls: readonly Control[];
      readonly faults: Faults;
    }
  /**
   * First, in the place of a world: there is a recording to look at, and nothing live. Its lines are at the path `lines` of this server: a page
   * reads them as it can, as it reads a file.
   */
  | {
      readonly type: 'recording';
      readonly version: typeof WIRE_VERSION;
      readonly head: RecordingHead;
      readonly lines: string;
    }
  /** What happened since, as lines. */
  | { readonly type: 'records' }
  /** So many records were left out, since the page took what came before too slowly; and the world after them. */
  | { readonly type: 'missed'; readonly count: number; readonly world: PackedWorld }
  /** What keeps the server from reading a recording to its end. */
  | { readonly type: 'trouble'; readonly text: string }
  /** What is done to the nodes has changed. */
  | { readonly type: 'faults'; readonly faults: Faults }
  /** All that is known of a recording. */
  | { readonly type: 'verdicts'; readonly verdicts: Verdicts }
  | LabServerFrame
  /** What became of a control. */
  | { readonly type: 'result'; readonly id: number; readonly ok: true }
  | {
      readonly type: 'result';
      readonly id: number;
      readonly ok: false;
      readonly code: string;
      readonly message: string;
    };
