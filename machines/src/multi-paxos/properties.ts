import { canonical, inRole, type NodeView, type Property, Sequence } from '@synod/protocol';
import { isQuorum, majority, type QuorumSystem } from '@synod/quorum';
import { compareBallots, isHigher, sameBallot } from '../paxos/ballot.ts';
import type { ReplicaContext } from './context.ts';
import { acceptedIn, lastSlot } from './log.ts';
import type { Entry, Proposal } from './messages.ts';

// What Paxos promises (*Paxos Made Simple* §2.1), slot by slot. A node that is down counts with its durable fields.

type Replica = NodeView<ReplicaContext>;

const replicas = (nodes: readonly NodeView[]): readonly Replica[] => inRole<ReplicaContext>(nodes, 'replica');

const pairs = <T>(items: readonly T[]): (readonly [T, T])[] =>
  items.flatMap((a, at) => items.slice(at + 1).map((b) => [a, b] as const));

const sameEntry = (a: Entry | undefined, b: Entry | undefined): boolean =>
  a === b || canonical(a ?? null) === canonical(b ?? null);

const entryIn = ({ log }: ReplicaContext, slot: number): Entry | undefined => acceptedIn(log, slot)?.entry;

/** Every slot from `first` to `last`. */
const everySlot = (first: number, last: number, holds: (slot: number) => boolean): boolean => {
  for (let slot = first; slot <= last; slot++) if (!holds(slot)) return false;
  return true;
};

/** What is accepted in `slot` by a majority in one and the same ballot. */
function chosenIn(system: QuorumSystem, all: readonly Replica[], slot: number): Proposal[] {
  const accepted = all.flatMap(({ actor, context }) => {
    const proposal = acceptedIn(context.log, slot);
    return proposal ? [{ actor, proposal }] : [];
  });
  const inBallotOf = (proposal: Proposal) =>
    accepted.filter((other) => sameBallot(other.proposal.ballot, proposal.ballot)).map(({ actor }) => actor);
  return accepted.map(({ proposal }) => proposal).filter((proposal) => isQuorum(system, inBallotOf(proposal)));
}

/** Only a single value is chosen in a slot: none knows of another, and no majority has accepted another in one ballot. */
function agreement(nodes: readonly NodeView[]): boolean {
  const all = replicas(nodes);
  const system = majority(all.map(({ actor }) => actor));
  const known = all.map(({ context }) => context.chosenThrough);
  const knownToAll = Math.min(...known);
  const last = Math.max(0, ...all.map(({ context }) => lastSlot(context.log)));
  const [first, ...others] = all;
  return (
    everySlot(1, knownToAll, (slot) =>
      others.every((other) => sameEntry(entryIn(other.context, slot), first && entryIn(first.context, slot))),
    ) &&
    everySlot(knownToAll + 1, last, (slot) => {
      const knowing = all.filter(({ context }) => slot <= context.chosenThrough);
      const [one, ...rest] = [
        ...knowing.map(({ context }) => entryIn(context, slot)),
        ...chosenIn(system, all, slot).map(({ entry }) => entry),
      ];
      return rest.every((entry) => sameEntry(entry, one));
    })
  );
}

/** P2 rests on it: a proposer proposes one value for a slot in a ballot. */
const oneValue = (nodes: readonly NodeView[]): boolean =>
  pairs(replicas(nodes)).every(([{ context: a }, { context: b }]) =>
    everySlot(1, Math.min(lastSlot(a.log), lastSlot(b.log)), (slot) => {
      const [ours, theirs] = [acceptedIn(a.log, slot), acceptedIn(b.log, slot)];
      return !ours || !theirs || !sameBallot(ours.ballot, theirs.ballot) || sameEntry(ours.entry, theirs.entry);
    }),
  );

/** Only what was proposed is accepted: its proposer has begun that ballot, and has not forgotten it. */
function validity(nodes: readonly NodeView[]): boolean {
  const promised = new Map(replicas(nodes).map(({ actor, context }) => [actor, context.promised]));
  return replicas(nodes).every(({ context: { log } }) =>
    everySlot(1, lastSlot(log), (slot) => {
      const proposal = acceptedIn(log, slot);
      return !proposal || !isHigher(proposal.ballot, promised.get(proposal.ballot.proposer) ?? null);
    }),
  );
}

/** A replica never learns that a value is chosen unless it is: the slots it knows of hold something, and are a prefix. */
const noGap = (nodes: readonly NodeView[]): boolean =>
  replicas(nodes).every(({ context }) =>
    everySlot(1, context.chosenThrough, (slot) => acceptedIn(context.log, slot) !== null),
  );

const texts = new WeakMap<object, string>();
const textOf = (value: object): string => {
  const text = texts.get(value) ?? canonical(value);
  texts.set(value, text);
  return text;
};

/** Replicas that have applied the same slots are in the same state, and none is ahead of what is chosen. */
const stateMachineSafety = (nodes: readonly NodeView[]): boolean => {
  const up = replicas(nodes).filter((node) => node.up);
  return (
    up.every(({ context }) => context.lastApplied <= context.chosenThrough) &&
    pairs(up).every(
      ([{ context: a }, { context: b }]) =>
        a.lastApplied !== b.lastApplied ||
        a.replicated === b.replicated ||
        textOf(a.replicated) === textOf(b.replicated),
    )
  );
};

/** P1a: what was promised stays promised. */
const promiseKept = (before: Replica, after: Replica): boolean =>
  before.role !== 'replica' || compareBallots(before.context.promised, after.context.promised) <= 0;

/** What was learned stays learned. */
function chosenStays(before: Replica, after: Replica): boolean {
  if (before.role !== 'replica') return true;
  const [was, is] = [before.context, after.context];
  if (is.chosenThrough < was.chosenThrough) return false;
  const same = Sequence.shared(was.log, is.log);
  return everySlot(same + 1, was.chosenThrough, (slot) => sameEntry(entryIn(was, slot), entryIn(is, slot)));
}

export const multiPaxosProperties: readonly Property<ReplicaContext>[] = [
  { name: 'Agreement', source: 'Paxos Made Simple §2.1, §3', kind: 'always', holds: agreement },
  { name: 'One Value', source: 'Paxos Made Simple §2.2', kind: 'always', holds: oneValue },
  { name: 'Validity', source: 'Paxos Made Simple §2.1', kind: 'always', holds: validity },
  { name: 'No Gap', source: 'Paxos Made Simple §3', kind: 'always', holds: noGap },
  { name: 'State Machine Safety', source: 'Paxos Made Simple §3', kind: 'always', holds: stateMachineSafety },
  { name: 'Promise Kept', source: 'Paxos Made Simple §2.2, P1a', kind: 'step', holds: promiseKept },
  { name: 'Chosen Stays', source: 'Paxos Made Simple §2.1', kind: 'step', holds: chosenStays },
  {
    name: 'Command Applied',
    source: 'Paxos Made Simple §3',
    kind: 'sometimes',
    holds: (nodes) =>
      replicas(nodes).some(({ context }) =>
        [...context.log.slice(0, context.lastApplied)].some((proposal) => proposal?.entry.kind === 'command'),
      ),
  },
];
