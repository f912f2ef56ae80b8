import type { Received } from '@synod/protocol';
import { compareBallots, isHigher, sameBallot } from '../paxos/ballot.ts';
import type { ReplicaContext } from './context.ts';
import { acceptedAbove, acceptedIn, record } from './log.ts';
import type { Accept, Accepted, Heartbeat, Nack, Prepare, PromiseMessage } from './messages.ts';

// The acceptor (*Paxos Made Simple* §2.2): for all slots one promise, for each slot what was accepted last.

type Update = Partial<ReplicaContext>;

/**
 * P1a: nothing higher is promised. A proposer alone speaks for its ballot; a message that comes again is answered again.
 */
export const isCurrent = ({ promised }: ReplicaContext, event: Received<Prepare | Accept | Heartbeat>): boolean =>
  event.from === event.ballot.proposer && compareBallots(event.ballot, promised) >= 0;

/** Phase 1b: promise to accept nothing in a lower ballot any more. Who leads a new ballot is not known yet. */
export const promise = ({ promised }: ReplicaContext, { ballot }: Received<Prepare>): Update =>
  isHigher(ballot, promised) ? { promised: ballot, leader: null } : {};

/**
 * Phase 1b, the answer for infinitely many slots in one message (§3): in all but a few of them nothing was accepted. Those known
 * to be chosen are left out; to send them, however many they are, is CatchUp's work.
 */
export const promiseReply = (
  context: ReplicaContext,
  { ballot, chosenThrough }: Received<Prepare>,
): PromiseMessage => ({
  type: 'Promise',
  ballot,
  chosenThrough: context.chosenThrough,
  accepted: acceptedAbove(context.log, Math.max(chosenThrough, context.chosenThrough)),
});

/** §2.2, its end: tell a proposer that its ballot is hopeless. */
export const nack = ({ promised }: ReplicaContext): Nack | undefined =>
  promised === null ? undefined : { type: 'Nack', promised };

/** Takes the sender for the leader. To act in a ballot is to promise it. */
export const follow = (_: ReplicaContext, { ballot, from }: Received<Accept | Heartbeat>): Update => ({
  promised: ballot,
  leader: from,
});

/** A replica that lags by more than the window takes part again once it has caught up: its log then stays without long gaps. */
export const isWithinWindow = ({ chosenThrough, settings }: ReplicaContext, { slot }: Accept): boolean =>
  slot <= chosenThrough + settings.window;

/** Phase 2b: accept. In a slot known to be chosen there is nothing left to decide: the proposal can only be what was chosen. */
export const accept = ({ chosenThrough, log }: ReplicaContext, { slot, ballot, entry }: Received<Accept>): Update =>
  slot <= chosenThrough || sameBallot(acceptedIn(log, slot)?.ballot ?? null, ballot)
    ? {}
    : { log: record(log, slot, [{ ballot, entry }]) };

export const acceptedReply = ({ ballot, slot }: Accept): Accepted => ({ type: 'Accepted', ballot, slot });
