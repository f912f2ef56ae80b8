import type { Received } from '@synod/protocol';
import * as v from 'valibot';
import { ballot } from '../paxos/ballot.ts';
import {
  type ClientReply,
  type ClientRequest,
  type Entry,
  entry,
  type RegisterClient,
  type RegisterClientReply,
} from '../replicated/index.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** A place in the log, from 1. */
const slot = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** A value and the ballot in which it was proposed: *Paxos Made Moderately Complex* calls it a pvalue. */
export const proposal = v.strictObject({ ballot, entry });
export type Proposal = v.InferOutput<typeof proposal>;

export const slotProposal = v.strictObject({ slot, ballot, entry });
export type SlotProposal = v.InferOutput<typeof slotProposal>;

/**
 * Prepare: preparing → all (Paxos Made Simple §2.2 phase 1a, §3). One for all slots: those above `chosenThrough`, up to which
 * the sender knows what is chosen.
 */
export const prepare = v.strictObject({ type: v.literal('Prepare'), ballot, chosenThrough: count });

/**
 * Promise: any → preparing (Paxos Made Simple §2.2 phase 1b, §3). What the sender has accepted in the slots that neither of the
 * two knows to be chosen, and how far the sender knows: up to there the receiver is to ask with CatchUpRequest.
 */
export const promise = v.strictObject({
  type: v.literal('Promise'),
  ballot,
  chosenThrough: count,
  accepted: v.array(slotProposal),
});

/** Accept: leading → all (Paxos Made Simple §2.2 phase 2a, §3). Says as well up to which slot all is chosen. */
export const accept = v.strictObject({ type: v.literal('Accept'), ballot, slot, entry, chosenThrough: count });

/** Accepted: any → leading (Paxos Made Simple §2.2 phase 2b). To the leader alone, which tells the others (§2.3). */
export const accepted = v.strictObject({ type: v.literal('Accepted'), ballot, slot });

/** Nack: any → preparing, leading (Paxos Made Simple §2.2, its end). The higher promise that stands in the way. */
export const nack = v.strictObject({ type: v.literal('Nack'), promised: ballot });

/** Heartbeat: leading → all (Paxos Made Simple §2.4, §3). That there is a leader, and up to which slot all is chosen. */
export const heartbeat = v.strictObject({ type: v.literal('Heartbeat'), ballot, chosenThrough: count });

/** CatchUpRequest: any → any (Paxos Made Live §4.2). Asks for what is chosen above `chosenThrough`. */
export const catchUpRequest = v.strictObject({ type: v.literal('CatchUpRequest'), chosenThrough: count });

/** CatchUp: any → any (Paxos Made Live §4.2). Chosen, all of it, in the slots from `first` on; the sender knows of more up to `chosenThrough`. */
export const catchUp = v.strictObject({
  type: v.literal('CatchUp'),
  first: slot,
  chosen: v.array(proposal),
  chosenThrough: count,
});

export type Prepare = v.InferOutput<typeof prepare>;
export type PromiseMessage = v.InferOutput<typeof promise>;
export type Accept = v.InferOutput<typeof accept>;
export type Accepted = v.InferOutput<typeof accepted>;
export type Nack = v.InferOutput<typeof nack>;
export type Heartbeat = v.InferOutput<typeof heartbeat>;
export type CatchUpRequest = v.InferOutput<typeof catchUpRequest>;
export type CatchUp = v.InferOutput<typeof catchUp>;

/** What replicas say to each other. */
export type PaxosMessage = Prepare | PromiseMessage | Accept | Accepted | Nack | Heartbeat | CatchUpRequest | CatchUp;

/** What a replica sends. */
export type ReplicaMessage = PaxosMessage | RegisterClientReply | ClientReply;

/** What a replica receives. */
export type ReplicaEvent = Received<PaxosMessage | RegisterClient | ClientRequest>;
export type { ClientReply, ClientRequest, Entry, RegisterClient, RegisterClientReply };
