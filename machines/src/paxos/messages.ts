import type { Received } from '@synod/protocol';
import * as v from 'valibot';
import { ballot } from './ballot.ts';

/** A value that may be chosen: a decree of *The Part-Time Parliament*. What it means is the embedder's. */
export const value = v.string();
export type Value = v.InferOutput<typeof value>;

/** A value proposed in a ballot: *Paxos Made Simple* calls the pair a proposal. */
export const proposal = v.strictObject({ ballot, value });
export type Proposal = v.InferOutput<typeof proposal>;

/** Prepare: proposer → acceptors (Paxos Made Simple §2.2 phase 1a; The Part-Time Parliament §2.3: NextBallot). */
export const prepare = v.strictObject({ type: v.literal('Prepare'), ballot });

/**
 * Promise: acceptor → proposer (Paxos Made Simple §2.2 phase 1b; The Part-Time Parliament §2.3: LastVote). With the highest-numbered
 * proposal that the sender has accepted, if any.
 */
export const promise = v.strictObject({ type: v.literal('Promise'), ballot, accepted: v.nullable(proposal) });

/** Accept: proposer → acceptors (Paxos Made Simple §2.2 phase 2a; The Part-Time Parliament §2.3: BeginBallot). */
export const accept = v.strictObject({ type: v.literal('Accept'), ballot, value });

/** Accepted: acceptor → learners (Paxos Made Simple §2.3; The Part-Time Parliament §2.3: Voted). */
export const accepted = v.strictObject({ type: v.literal('Accepted'), ballot, value });

/** Nack: acceptor → proposer (Paxos Made Simple §2.2, its end). The higher promise that stands in the way. */
export const nack = v.strictObject({ type: v.literal('Nack'), promised: ballot });

/** Chosen: any that knows → proposers, learners (Paxos Made Simple §2.3; The Part-Time Parliament §2.3: Success). */
export const chosen = v.strictObject({ type: v.literal('Chosen'), value });

/** Inquire: learner → proposers, learners (Paxos Made Simple §2.3, its end). What was chosen? */
export const inquire = v.strictObject({ type: v.literal('Inquire') });

export type Prepare = v.InferOutput<typeof prepare>;
export type PromiseMessage = v.InferOutput<typeof promise>;
export type Accept = v.InferOutput<typeof accept>;
export type Accepted = v.InferOutput<typeof accepted>;
export type Nack = v.InferOutput<typeof nack>;
export type Chosen = v.InferOutput<typeof chosen>;
export type Inquire = v.InferOutput<typeof inquire>;

/** What proposers, acceptors and learners say to each other. */
export type PaxosMessage = Prepare | PromiseMessage | Accept | Accepted | Nack | Chosen | Inquire;

/** A client asks a proposer to have its value chosen. Of a proposer that has one already, the first is kept. */
export interface ProposerRequest {
  readonly type: 'proposer.propose';
  readonly value: Value;
  readonly at: number;
}

/** What a proposer receives. */
export type ProposerEvent = Received<PromiseMessage | Nack | Chosen | Inquire> | ProposerRequest;
/** What an acceptor receives. */
export type AcceptorEvent = Received<Prepare | Accept>;
/** What a learner receives. */
export type LearnerEvent = Received<Accepted | Chosen | Inquire>;

/** A proposer or a learner tells its embedder what was chosen. After a crash it may be told again. */
export interface ChosenKnown {
  readonly type: 'chosen';
  readonly value: Value;
}
