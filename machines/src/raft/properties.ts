import { type NodeView, type Property, Sequence } from '@synod/protocol';
import type { RaftContext } from './context.ts';
import { type Log, lastIndex, termAt } from './log.ts';

// Figure 3: what Raft guarantees at all times. A node that is down counts with its durable fields.

type Nodes = readonly NodeView<RaftContext>[];
type Leader = NodeView<RaftContext>;

const pairs = <T>(items: readonly T[]): (readonly [T, T])[] =>
  items.flatMap((a, at) => items.slice(at + 1).map((b) => [a, b] as const));

const isLeader = ({ up, value }: NodeView<RaftContext>): boolean =>
  up && typeof value === 'object' && 'leader' in value;

/** Whether the first `length` entries of `a` are those of `b`, commands included. */
const isPrefix = (a: Log, b: Log, length: number): boolean =>
  length <= lastIndex(b) && a.slice(0, length).every((entry, at) => sameEntry(entry, b.at(at)));

const sameEntry = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

const electionSafety = (nodes: Nodes): boolean =>
  pairs(nodes.filter(isLeader)).every(([a, b]) => a.context.currentTerm !== b.context.currentTerm);

/** If two logs hold an entry with the same index and term, they are identical in all entries up through it. */
const logMatching = (nodes: Nodes): boolean =>
  pairs(nodes).every(([{ context: a }, { context: b }]) => {
    let index = Math.min(lastIndex(a.log), lastIndex(b.log));
    while (index > 0 && termAt(a.log, index) !== termAt(b.log, index)) index--;
    return isPrefix(a.log, b.log, index);
  });

/**
 * A committed entry is in the logs of the leaders of all higher-numbered terms. What a node knows to be committed was committed
 * in its current term or before, so every leader of that term or a later one must have it.
 */
const leaderCompleteness = (nodes: Nodes): boolean =>
  nodes
    .filter(isLeader)
    .every(({ context: leader }: Leader) =>
      nodes
        .filter(({ up, context }) => up && context.currentTerm <= leader.currentTerm)
        .every(({ context }) => isPrefix(context.log, leader.log, context.commitIndex)),
    );

/** No two servers apply different entries at the same index. */
const stateMachineSafety = (nodes: Nodes): boolean =>
  pairs(nodes.filter(({ up }) => up)).every(([{ context: a }, { context: b }]) =>
    isPrefix(a.log, b.log, Math.min(a.lastApplied, b.lastApplied)),
  );

/** As long as it leads a term, a leader never overwrites or deletes entries in its log; it only appends new entries. */
const leaderAppendOnly = (before: Leader, after: Leader): boolean =>
  !(isLeader(before) && isLeader(after) && before.context.currentTerm === after.context.currentTerm) ||
  // Where one log was made from the other, this looks at nothing that they share.
  Sequence.shared(before.context.log, after.context.log) === lastIndex(before.context.log) ||
  isPrefix(before.context.log, after.context.log, lastIndex(before.context.log));

export const raftProperties: readonly Property<RaftContext>[] = [
  { name: 'Election Safety', source: 'figure 3, §5.2', kind: 'always', holds: electionSafety },
  { name: 'Leader Append-Only', source: 'figure 3, §5.3', kind: 'step', holds: leaderAppendOnly },
  { name: 'Log Matching', source: 'figure 3, §5.3', kind: 'always', holds: logMatching },
  { name: 'Leader Completeness', source: 'figure 3, §5.4', kind: 'always', holds: leaderCompleteness },
  { name: 'State Machine Safety', source: 'figure 3, §5.4.3', kind: 'always', holds: stateMachineSafety },
];
