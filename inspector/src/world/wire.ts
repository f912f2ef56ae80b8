import type { TraceRecord } from '@synod/protocol';
import * as v from 'valibot';
import type { World } from './world.ts';

// The frames between the inspector's server and its page, each one JSON text.

/** The version of these frames; a page of another version asks to be loaded again. */
export const WIRE_VERSION = 3;

/** What a person may do to a node. */
const NODE_CONTROLS = ['kill', 'restart', 'pause', 'resume'] as const;
export type NodeControl = (typeof NODE_CONTROLS)[number];

/** What a person may do: to a node, or to the network between all of them. */
export type Control = NodeControl | 'partition' | 'heal';

/** Groups of nodes that cannot reach each other. */
export type Groups = readonly (readonly string[])[];

/** What is done to the nodes at present, by whomever. */
export interface Faults {
  /** Nodes that are held: they neither take nor say anything. */
  readonly paused: readonly string[];
  /** Empty while all can reach each other. */
  readonly groups: Groups;
}

export const noFaults: Faults = { paused: [], groups: [] };

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

const MAX_NODES = 1_000;
const node = v.pipe(v.string(), v.maxLength(128));
const asked = { type: v.literal('control'), id: v.pipe(v.number(), v.safeInteger()) };

/** The only thing a page says. `id` comes back in the result. */
export const controlFrame = v.variant('control', [
  v.strictObject({ ...asked, control: v.picklist(NODE_CONTROLS), node }),
  v.strictObject({
    ...asked,
    control: v.literal('partition'),
    groups: v.pipe(v.array(v.pipe(v.array(node), v.maxLength(MAX_NODES))), v.maxLength(MAX_NODES)),
  }),
  v.strictObject({ ...asked, control: v.literal('heal') }),
]);
export type ControlFrame = v.InferOutput<typeof controlFrame>;

/** What a person asks for. */
export type Asked =
  | { readonly control: NodeControl; readonly node: string }
  | { readonly control: 'partition'; readonly groups: Groups }
  | { readonly control: 'heal' };
