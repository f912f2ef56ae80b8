import { isName, type Received } from '@synod/protocol';
import * as v from 'valibot';
import { MAX_CLUSTER, MAX_INCARNATION, MAX_MEMBERS, MAX_METADATA, MAX_UPDATES } from './limits.ts';

const node = v.pipe(v.string(), v.check(isName));
const cluster = v.pipe(v.string(), v.maxLength(MAX_CLUSTER));
const sequence = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const incarnation = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const fact = v.pipe(v.string(), v.maxLength(MAX_METADATA.characters));
const metadata = v.pipe(v.record(fact, fact), v.maxEntries(MAX_METADATA.facts));

/** How a member stood when it was last heard of (§4.2). Its metadata belong to its incarnation. */
const claim = { node, incarnation, metadata };

/**
 * One claim about one member. A suspicion names who suspects by itself, so that independent ones can be told apart (Lifeguard §IV-B).
 * An incarnation past the last one is let through here: the machine refuses it by name, and takes the rest of the message.
 */
export const update = v.variant('status', [
  v.strictObject({ status: v.literal('alive'), ...claim }),
  v.strictObject({ status: v.literal('suspect'), ...claim, by: node }),
  v.strictObject({ status: v.literal('dead'), ...claim }),
  v.strictObject({ status: v.literal('left'), ...claim }),
]);
export type Update = v.InferOutput<typeof update>;

/** Updates ride on every message of the failure detector (§4.1, infection-style dissemination). */
const updates = v.pipe(v.array(update), v.maxLength(MAX_UPDATES));

/** Whom an indirect probe is for: the member that asked, and its number for the probe. */
const onBehalf = v.strictObject({ of: node, sequence });

/** Ping: prober → target (§3.1); on behalf of another where it is an indirect probe. */
export const ping = v.strictObject({
  type: v.literal('Ping'),
  cluster,
  sequence,
  onBehalf: v.optional(onBehalf),
  updates,
});

/** Ack: target → prober, and by way of who pinged on its behalf (§3.1). `node` is whom it comes from in the end. */
export const ack = v.strictObject({
  type: v.literal('Ack'),
  cluster,
  sequence,
  node,
  onBehalf: v.optional(onBehalf),
  updates,
});

/** PingReq: prober → k members, when the target did not answer in time (§3.1). */
export const pingReq = v.strictObject({ type: v.literal('PingReq'), cluster, sequence, target: node, updates });

/** Nack: who pinged on behalf → prober (Lifeguard §IV-A): the target did not answer, but this member did. */
export const nack = v.strictObject({ type: v.literal('Nack'), cluster, sequence, updates });

const table = v.pipe(v.array(update), v.maxLength(MAX_MEMBERS));

/** PushPull: member → random member, joining → seed (memberlist): all that the sender holds. The first update is about the sender. */
export const pushPull = v.strictObject({
  type: v.literal('PushPull'),
  cluster,
  joining: v.boolean(),
  members: v.pipe(table, v.minLength(1)),
});

/** PushPullReply: receiver → sender (memberlist): all that the receiver holds. The first update is about itself. */
export const pushPullReply = v.strictObject({
  type: v.literal('PushPullReply'),
  cluster,
  members: v.pipe(table, v.minLength(1)),
});

/** Refusal: member → sender (memberlist): why nothing of its message was taken. */
export const refusal = v.strictObject({
  type: v.literal('Refusal'),
  code: v.picklist(['CLUSTER_FOREIGN', 'NODE_DUPLICATE', 'FROM_FORGED']),
  text: v.pipe(v.string(), v.maxLength(512)),
});

/** The last incarnation that is taken from others. */
export const isPastLast = ({ incarnation: number }: Update): boolean => number > MAX_INCARNATION;

export type Ping = v.InferOutput<typeof ping>;
export type Ack = v.InferOutput<typeof ack>;
export type PingReq = v.InferOutput<typeof pingReq>;
export type Nack = v.InferOutput<typeof nack>;
export type PushPull = v.InferOutput<typeof pushPull>;
export type PushPullReply = v.InferOutput<typeof pushPullReply>;
export type Refusal = v.InferOutput<typeof refusal>;
export type SwimMessage = Ping | Ack | PingReq | Nack | PushPull | PushPullReply | Refusal;

/** What the machine's own timers bring. */
export type SwimTimeout =
  | { readonly type: 'suspicion.elapsed'; readonly node: string; readonly at: number }
  | { readonly type: 'relay.elapsed'; readonly of: string; readonly sequence: number; readonly at: number }
  | { readonly type: 'retention.elapsed'; readonly node: string; readonly at: number };

export type SwimReceived = Received<SwimMessage>;
