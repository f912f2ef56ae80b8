import { inRole, type NodeView, type Property, type StateProperty } from '@synod/protocol';
import { isQuorum } from '@synod/quorum';
import { type Ballot, compareBallots, isHigher, sameBallot } from './ballot.ts';
import type { AcceptorContext, LearnerContext, ProposerContext } from './context.ts';
import type { Proposal, Value } from './messages.ts';
import { ballotOf } from './rules.ts';

// Sections are of *Paxos Made Simple*. Who is down counts with what it wrote down.

type Nodes = readonly NodeView[];

const proposers = (nodes: Nodes) => inRole<ProposerContext>(nodes, 'proposer');
const acceptors = (nodes: Nodes) => inRole<AcceptorContext>(nodes, 'acceptor');
const learners = (nodes: Nodes) => inRole<LearnerContext>(nodes, 'learner');

/** All that was accepted and not replaced by a higher-numbered proposal since. */
const accepted = (nodes: Nodes): readonly Proposal[] =>
  acceptors(nodes).flatMap(({ context }) => (context.accepted ? [context.accepted] : []));

/** What somebody knows to be chosen. */
const known = (nodes: Nodes): readonly Value[] =>
  [...proposers(nodes), ...learners(nodes)].flatMap(({ context: { chosen } }) => (chosen === null ? [] : [chosen]));

/** A proposal that enough acceptors have accepted, as their present states show it. */
function chosenNow(nodes: Nodes): Proposal | undefined {
  const quorums = learners(nodes)[0]?.context.quorums;
  if (!quorums) return undefined;
  return accepted(nodes).find(({ ballot }) => {
    const those = acceptors(nodes).filter(({ context }) => sameBallot(context.accepted?.ballot ?? null, ballot));
    return isQuorum(
      quorums.write,
      those.map(({ actor }) => actor),
    );
  });
}

/** Proposals of the ballots that are in phase 2. */
const proposed = (nodes: Nodes): readonly Proposal[] =>
  proposers(nodes).flatMap(({ up, context }) =>
    up && context.proposed !== null ? [{ ballot: ballotOf(context), value: context.proposed }] : [],
  );

const isAbove = (ballot: Ballot, other: Ballot): boolean => isHigher(ballot, other);

export const paxosProperties: readonly Property[] = [
  {
    name: 'Agreement',
    source: '§2.1: only a single value is chosen',
    kind: 'always',
    holds: (nodes) => {
      const now = chosenNow(nodes);
      return new Set([...known(nodes), ...(now ? [now.value] : [])]).size <= 1;
    },
  },
  {
    name: 'Validity',
    source: '§2.1: only a value that has been proposed may be chosen',
    kind: 'always',
    holds: (nodes) => {
      const asked = new Set(proposers(nodes).map(({ context }) => context.value));
      return [...accepted(nodes).map(({ value }) => value), ...known(nodes)].every((value) => asked.has(value));
    },
  },
  {
    name: 'One Value',
    source: '§2.2: different proposals have different numbers',
    kind: 'always',
    holds: (nodes) => {
      const all = [...accepted(nodes), ...proposed(nodes)];
      return all.every((a) => all.every((b) => !sameBallot(a.ballot, b.ballot) || a.value === b.value));
    },
  },
  {
    name: 'Majority Overlap',
    source: '§2.2, P2b: if v is chosen, every higher-numbered proposal that is issued has value v',
    kind: 'always',
    holds: (nodes) => {
      const chosen = chosenNow(nodes);
      if (!chosen) return true;
      return [...accepted(nodes), ...proposed(nodes)].every(
        ({ ballot, value }) => !isAbove(ballot, chosen.ballot) || value === chosen.value,
      );
    },
  },
  {
    name: 'Promise Kept',
    source: '§2.2, P1a: an acceptor accepts n only if it has not promised a higher one',
    kind: 'step',
    holds: (before, after) => {
      if (after.role !== 'acceptor') return true;
      const [was, is] = [before.context as AcceptorContext, after.context as AcceptorContext];
      const isKept = compareBallots(is.promised, was.promised) >= 0;
      const [earlier, later] = [was.accepted?.ballot ?? null, is.accepted?.ballot ?? null];
      return isKept && (sameBallot(earlier, later) || compareBallots(later, was.promised) >= 0);
    },
  },
  {
    name: 'Chosen Stays',
    source: '§2.1: a process never learns that a value has been chosen unless it has been',
    kind: 'step',
    holds: (before, after) => {
      if (after.role === 'acceptor') return true;
      const was = (before.context as LearnerContext).chosen;
      return was === null || was === (after.context as LearnerContext).chosen;
    },
  },
];

const learned = (value: Value): StateProperty => ({
  name: `${value} can be chosen`,
  source: '§2.1',
  kind: 'sometimes',
  holds: (nodes) => learners(nodes).every(({ context }) => context.chosen === value),
});

/** Whichever is asked for may be had. */
export const outcomes = (values: readonly Value[]): readonly StateProperty[] => values.map(learned);

/** §2.4: that something is chosen at last needs more than the algorithm. */
export const progress: StateProperty = {
  name: 'Progress',
  source: '§2.4',
  kind: 'eventually',
  holds: (nodes) => learners(nodes).every(({ context }) => context.chosen !== null),
};
