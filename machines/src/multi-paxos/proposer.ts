import { type Address, assert, type Received } from '@synod/protocol';
import { isQuorum, majority } from '@synod/quorum';
import { Map as immutableMap } from 'immutable';
import { ballotAbove, isHigher, sameBallot } from '../paxos/ballot.ts';
import { notPreparing, type ReplicaContext } from './context.ts';
import { acceptedAbove, acceptedIn, highestInEach, lastSlot, record } from './log.ts';
import type { Accept, Accepted, Heartbeat, Nack, Prepare, PromiseMessage, Proposal } from './messages.ts';

// The proposer (*Paxos Made Simple* §2.2, §3): phase 1 once for a ballot, phase 2 for each slot.
// While a replica prepares or leads, `promised` is its own ballot: whatever is higher makes it step back.

type Update = Partial<ReplicaContext>;

const isMajority = ({ self, peers }: ReplicaContext, members: readonly Address[]): boolean =>
  isQuorum(majority([self, ...peers]), members);

/** Sorted, and each member once, however often it answers. */
const including = (members: readonly Address[], member: Address): readonly Address[] =>
  members.includes(member) ? members : [...members, member].sort();

/** The ballot is lost: an acceptor has promised a higher one. */
export const isPreempted = ({ promised }: ReplicaContext, event: Received<Nack>): boolean =>
  isHigher(event.promised, promised);

/** The next ballot is then to be above that one. */
export const adoptPromised = (_: ReplicaContext, { promised }: Received<Nack>): Update => ({ promised, leader: null });

// --- Phase 1 -----------------------------------------------------------------------------------------------------

/** A new ballot, higher than any this replica has heard of, and its own promise and accepted proposals as the first ones. */
export const startBallot = ({ promised, self, log, chosenThrough }: ReplicaContext): Update => ({
  promised: ballotAbove(promised, self),
  leader: null,
  promisedBy: [self],
  found: acceptedAbove(log, chosenThrough),
  mustLearnThrough: chosenThrough,
});

export function prepare({ promised: ballot, chosenThrough }: ReplicaContext): Prepare {
  assert(ballot !== null, 'a ballot is started before it is prepared');
  return { type: 'Prepare', ballot, chosenThrough };
}

/** An answer to this ballot of ours, and not to an earlier one. */
export const isOurs = ({ promised, peers }: ReplicaContext, event: Received<PromiseMessage | Accepted>): boolean =>
  sameBallot(event.ballot, promised) && peers.includes(event.from);

export const countPromise = (context: ReplicaContext, event: Received<PromiseMessage>): Update => ({
  promisedBy: including(context.promisedBy, event.from),
  found: highestInEach(context.found, event.accepted),
  mustLearnThrough: Math.max(context.mustLearnThrough, event.chosenThrough),
});

/** A majority has promised, and what it knows to be chosen we know as well. */
export const isPrepared = (context: ReplicaContext): boolean =>
  isMajority(context, context.promisedBy) && context.chosenThrough >= context.mustLearnThrough;

/**
 * P2c: in each slot the value of the highest-numbered ballot found among a majority's, and where none was accepted, though
 * something was in a later slot, a no-op (§3). The slots after them are free for any command.
 */
export function takeOver(context: ReplicaContext): Update {
  const { self, log, chosenThrough, promised: ballot } = context;
  assert(ballot !== null, 'a leader has a ballot');
  const found = new Map(context.found.map(({ slot, entry }) => [slot, entry]));
  const proposals: Proposal[] = [];
  for (let slot = chosenThrough + 1; slot <= Math.max(chosenThrough, ...found.keys()); slot++) {
    proposals.push({ ballot, entry: found.get(slot) ?? { kind: 'noop' } });
  }
  const accepted = proposals.map((_, offset): [number, readonly Address[]] => [chosenThrough + 1 + offset, [self]]);
  return {
    ...notPreparing,
    leader: self,
    log: record(log, chosenThrough + 1, proposals),
    acceptedBy: immutableMap(accepted),
  };
}

// --- Phase 2 -----------------------------------------------------------------------------------------------------

/** The Accept of our proposal in `slot`. */
export function acceptIn({ log, chosenThrough, promised }: ReplicaContext, slot: number): Accept {
  const proposal = acceptedIn(log, slot);
  assert(proposal !== null && sameBallot(proposal.ballot, promised), 'a leader proposes in its own ballot');
  return { type: 'Accept', slot, ...proposal, chosenThrough };
}

/** The Accepts that some acceptor has not answered, each to those. */
export const unanswered = (context: ReplicaContext): { to: readonly Address[]; message: Accept }[] =>
  [...context.acceptedBy.entries()]
    .sort(([a], [b]) => a - b)
    .map(([slot, members]) => ({
      to: context.peers.filter((peer) => !members.includes(peer)),
      message: acceptIn(context, slot),
    }))
    .filter(({ to }) => to.length > 0);

/** Of those, the one that holds up all after it. To repeat them all would fill a slow link with copies of what is under way. */
export const mostAwaited = (context: ReplicaContext): { to: readonly Address[]; message: Accept }[] =>
  unanswered({ ...context, acceptedBy: context.acceptedBy.filter((_, slot) => slot === context.chosenThrough + 1) });

export function heartbeat({ promised: ballot, chosenThrough }: ReplicaContext): Heartbeat {
  assert(ballot !== null, 'a leader has a ballot');
  return { type: 'Heartbeat', ballot, chosenThrough };
}

/** §3: propose commands in the slots after the last one, without waiting for those before them, up to α = `window` ahead. */
export function propose(context: ReplicaContext): { readonly change: Update; readonly accepts: readonly Accept[] } {
  const { queue, chosenThrough, settings, promised: ballot, self } = context;
  assert(ballot !== null, 'a leader has a ballot');
  const first = lastSlot(context.log) + 1;
  const taken = queue.slice(0, Math.max(0, chosenThrough + settings.window - lastSlot(context.log)));
  if (taken.length === 0) return { change: {}, accepts: [] };
  const slots = taken.map((_, offset) => first + offset);
  const change = {
    log: context.log.append(taken.map(({ entry }) => ({ ballot, entry }))),
    queue: queue.slice(taken.length),
    acceptedBy: context.acceptedBy.merge(slots.map((slot) => [slot, [self]])),
    waiting: context.waiting.merge(taken.map(({ from }, offset) => [first + offset, from])),
  };
  return { change, accepts: slots.map((slot) => acceptIn({ ...context, ...change }, slot)) };
}

/** An acceptor accepted our proposal; of slots known to be chosen nobody counts any more. */
export function countAccepted({ acceptedBy }: ReplicaContext, { slot, from }: Received<Accepted>): Update {
  const members = acceptedBy.get(slot);
  return members ? { acceptedBy: acceptedBy.set(slot, including(members, from)) } : {};
}

/** A value is chosen when a majority has accepted it in one ballot. Later slots may be first, and wait for those before them. */
export function advanceChosen(context: ReplicaContext): Update {
  let { chosenThrough, acceptedBy } = context;
  while (isMajority(context, acceptedBy.get(chosenThrough + 1) ?? [])) acceptedBy = acceptedBy.delete(++chosenThrough);
  return { chosenThrough, acceptedBy };
}
