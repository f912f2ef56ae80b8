import { isName, type Received } from '@synod/protocol';
import * as v from 'valibot';
import { MAX_COUNT, MAX_DEPTH, MAX_ITEMS, MAX_KEY, MAX_UPDATE, MAX_VALUE } from './limits.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_COUNT));
const owner = v.pipe(v.string(), v.check(isName, 'no name of a node'));
const path = v.pipe(v.string(), v.maxLength(MAX_DEPTH), v.regex(/^[0-9a-f]*$/));
const EXCHANGES = ['push', 'pull', 'pushPull'] as const;

/** How much a replica knows of an owner, as one item of a version vector. */
const known = v.strictObject({
  owner,
  /** The owner's life. */
  epoch: count,
  /** All that the owner wrote in that life up to here is known. */
  version: count,
  /** Death certificates up to here may have been thrown away. */
  floor: count,
});

const written = v.strictObject({
  key: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_KEY)),
  /** Null: a death certificate. */
  value: v.nullable(v.pipe(v.string(), v.maxLength(MAX_VALUE))),
  version: count,
});

/** What an owner wrote in one life after `from` and up to `to`, oldest first; only the last of what it wrote under one key. */
const delta = v.strictObject({
  owner,
  epoch: count,
  from: count,
  to: count,
  /** The sender's: with `from` 0, what the receiver has up to here and does not find in a delta is no more. */
  floor: count,
  entries: v.pipe(v.array(written), v.maxLength(MAX_ITEMS)),
});

const node = v.strictObject({ path, hash: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) });

// --- Rumour mongering ----------------------------------------------------------------------------------------------

/** Rumor: infected → any (Demers §1.4, push; also the answer to a pull). */
export const rumor = v.strictObject({
  type: v.literal('Rumor'),
  update: v.pipe(v.string(), v.maxLength(MAX_UPDATE)),
});

/** RumorFeedback: who received a rumour → infected (Demers §1.4, feedback). */
export const rumorFeedback = v.strictObject({
  type: v.literal('RumorFeedback'),
  /** Whether the receiver knew the rumour already: the contact was unnecessary. */
  known: v.boolean(),
});

/** RumorRequest: any → any (Demers §1.4, pull). */
export const rumorRequest = v.strictObject({ type: v.literal('RumorRequest') });

// --- Anti-entropy --------------------------------------------------------------------------------------------------

/** Digest: replica → replica (Scuttlebutt §3, its version vector; Demers §1.3, the peer's part of ResolveDifference). */
export const digest = v.strictObject({
  type: v.literal('Digest'),
  /** Which parts of the hash tree `versions` is about; the empty path is all of it. Of owners that are missing there, nothing is known. */
  under: v.pipe(v.array(path), v.minLength(1), v.maxLength(MAX_ITEMS)),
  versions: v.pipe(v.array(known), v.maxLength(MAX_ITEMS)),
  /** What the sender wants: to tell what it has, to be told, or both. */
  exchange: v.picklist(EXCHANGES),
});

/** Hashes: replica → replica (Dynamo §4.7, a part of its Merkle tree). */
export const hashes = v.strictObject({
  type: v.literal('Hashes'),
  nodes: v.pipe(v.array(node), v.minLength(1), v.maxLength(MAX_ITEMS)),
  exchange: v.picklist(EXCHANGES),
});

/** Request: who received a digest → who sent it (Scuttlebutt §3; Demers §1.3, push). What the sender has of that of which it was told more. */
export const request = v.strictObject({
  type: v.literal('Request'),
  versions: v.pipe(v.array(known), v.maxLength(MAX_ITEMS)),
});

/** Delta: replica → replica (Scuttlebutt §3.1, Demers §1.3). What the receiver lacks, as far as it fits. */
export const delivery = v.strictObject({
  type: v.literal('Delta'),
  deltas: v.pipe(v.array(delta), v.maxLength(MAX_ITEMS)),
});

/** Update: who wrote or just learnt a fact → a few replicas (Demers §1.2 direct mail, §1.4 rumour: told once, to `fanout` others). */
export const update = v.strictObject({ type: v.literal('Update'), delta: v.pipe(delta) });

export type Exchange = (typeof EXCHANGES)[number];
export type Known = v.InferOutput<typeof known>;
export type Written = v.InferOutput<typeof written>;
export type Delta = v.InferOutput<typeof delta>;

export type Rumor = v.InferOutput<typeof rumor>;
export type RumorFeedback = v.InferOutput<typeof rumorFeedback>;
export type RumorMessage = Rumor | RumorFeedback | v.InferOutput<typeof rumorRequest>;

export type Digest = v.InferOutput<typeof digest>;
export type Hashes = v.InferOutput<typeof hashes>;
export type ReplicaMessage =
  | Digest
  | Hashes
  | v.InferOutput<typeof request>
  | v.InferOutput<typeof delivery>
  | v.InferOutput<typeof update>;

/** What the embedder asks of a rumour's actor: this node is the first to know. */
export interface RumorStart {
  readonly type: 'rumor.start';
  readonly update: string;
}

export type RumorEvent = Received<RumorMessage> | RumorStart;
