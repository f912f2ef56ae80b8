import { canonical, type NodeView, type Property, Sequence } from '@synod/protocol';
import type { RaftContext } from './context.ts';
import { type Log, lastIndex, termAt } from './log.ts';

// Figure 3: what Raft guarantees at all times. A node that is down counts with its durable fields.

type Nodes = readonly NodeView<RaftContext>[];
type Server = NodeView<RaftContext>;

const pairs = <T>(items: readonly T[]): (readonly [T, T])[] =>
  items.flatMap((a, at) => items.slice(at + 1).map((b) => [a, b] as const));

const isLeader = ({ up, value }: NodeView<RaftContext>): boolean =>
  up && typeof value === 'object' && 'leader' in value;

const sameEntry = (a: unknown, b: unknown): boolean => a === b || canonical(a) === canonical(b);

/**
 * Up to where the logs of two servers were last seen to agree. Logs mostly grow, and what is still shared with those then need not be
 * looked at again: a check costs what is new and not the whole log. It is a memory of what is true, so it changes no answer.
 */
const agreements = new Map<string, { readonly a: Log; readonly b: Log; readonly length: number }>();

/** Whether the first `length` entries of two servers' logs are the same, commands included. */
function agree(a: Server, b: Server, length: number): boolean {
  const [ours, theirs] = [a.context.log, b.context.log];
  if (length > lastIndex(ours) || length > lastIndex(theirs)) return false;
  const pair = `${a.actor} ${b.actor}`;
  const known = agreements.get(pair);
  if (known && known.a === ours && known.b === theirs && known.length >= length) return true;
  let agreed = known ? Math.min(known.length, Sequence.shared(known.a, ours), Sequence.shared(known.b, theirs)) : 0;
  while (agreed < length && sameEntry(ours.at(agreed), theirs.at(agreed))) agreed++;
  agreements.set(pair, { a: ours, b: theirs, length: agreed });
  return agreed >= length;
}

/** Whether the first `length` entries of `a` are those of `b`. */
const isPrefix = (a: Log, b: Log, length: number): boolean =>
  length <= lastIndex(b) && a.slice(0, length).every((entry, at) => sameEntry(entry, b.at(at)));

const electionSafety = (nodes: Nodes): boolean =>
  pairs(nodes.filter(isLeader)).every(([a, b]) => a.context.currentTerm !== b.context.currentTerm);

/** If two logs hold an entry with the same index and term, they are identical in all entries up through it. */
const logMatching = (nodes: Nodes): boolean =>
  pairs(nodes).every(([a, b]) => {
    const [ours, theirs] = [a.context.log, b.context.log];
    let index = Math.min(lastIndex(ours), lastIndex(theirs));
    while (index > 0 && termAt(ours, index) !== termAt(theirs, index)) index--;
    return agree(a, b, index);
  });

/**
 * A committed entry is in the logs of the leaders of all higher-numbered terms. What a node knows to be committed was committed
 * in its current term or before, so every leader of that term or a later one must have it.
 */
const leaderCompleteness = (nodes: Nodes): boolean =>
  nodes
    .filter(isLeader)
    .every((leader) =>
      nodes
        .filter(({ up, context }) => up && context.currentTerm <= leader.context.currentTerm)
        .every((node) => agree(node, leader, node.context.commitIndex)),
    );

/** No two servers apply different entries at the same index. */
const stateMachineSafety = (nodes: Nodes): boolean =>
  pairs(nodes.filter(({ up }) => up)).every(([a, b]) =>
    agree(a, b, Math.min(a.context.lastApplied, b.context.lastApplied)),
  );

/** As long as it leads a term, a leader never overwrites or deletes entries in its log; it only appends new entries. */
const leaderAppendOnly = (before: Server, after: Server): boolean =>
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
