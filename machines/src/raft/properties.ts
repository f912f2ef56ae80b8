import { canonical, type NodeView, type Property, Sequence } from '@synod/protocol';
import type { RaftContext } from './context.ts';
import { type Log, lastIndex, termAt } from './log.ts';

// Figure 3: what Raft guarantees at all times. A node that is down counts with its durable fields.

type Nodes = readonly NodeView<RaftContext>[];
type Server = NodeView<RaftContext>;

const isLeader = ({ up, value }: NodeView<RaftContext>): boolean =>
  up && typeof value === 'object' && 'leader' in value;

const sameEntry = (a: unknown, b: unknown): boolean => a === b || canonical(a) === canonical(b);

interface Agreement {
  readonly a: Log;
  readonly b: Log;
  /** So many leading entries are the same. */
  readonly length: number;
}

/**
 * By places of two servers, up to where their logs were last seen to agree. Logs mostly grow, and what is still shared with those then
 * need not be looked at again: a check costs what is new and not the whole log. It is a memory of what is true of two immutable logs,
 * so it changes no answer.
 */
const agreements: (Agreement | undefined)[] = [];
const MOST_SERVERS = 64;

/** Whether the first `length` entries of the logs of two servers, by place, are the same, commands included. */
function agree(logs: readonly Log[], one: number, other: number, length: number): boolean {
  const [a, b] = [logs[one] as Log, logs[other] as Log];
  if (length > lastIndex(a) || length > lastIndex(b)) return false;
  const pair = one * MOST_SERVERS + other;
  const known = agreements[pair];
  if (known && known.a === a && known.b === b && known.length >= length) return true;
  let agreed = known ? Math.min(known.length, Sequence.shared(known.a, a), Sequence.shared(known.b, b)) : 0;
  while (agreed < length && sameEntry(a.at(agreed), b.at(agreed))) agreed++;
  agreements[pair] = { a, b, length: agreed };
  return agreed >= length;
}

/** Whether the logs of each two servers agree as far as `upTo` says. */
function everyPair(logs: readonly Log[], upTo: (one: number, other: number) => number): boolean {
  for (let one = 0; one < logs.length; one++)
    for (let other = one + 1; other < logs.length; other++)
      if (!agree(logs, one, other, upTo(one, other))) return false;
  return true;
}

/** Whether the first `length` entries of `a` are those of `b`. */
const isPrefix = (a: Log, b: Log, length: number): boolean =>
  length <= lastIndex(b) && a.slice(0, length).every((entry, at) => sameEntry(entry, b.at(at)));

const electionSafety = (nodes: Nodes): boolean => {
  const terms = nodes.filter(isLeader).map(({ context }) => context.currentTerm);
  return new Set(terms).size === terms.length;
};

/** If two logs hold an entry with the same index and term, they are identical in all entries up through it. */
const logMatching = (nodes: Nodes): boolean => {
  const logs = nodes.map(({ context }) => context.log);
  return everyPair(logs, (one, other) => {
    const [a, b] = [logs[one] as Log, logs[other] as Log];
    let index = Math.min(lastIndex(a), lastIndex(b));
    while (index > 0 && termAt(a, index) !== termAt(b, index)) index--;
    return index;
  });
};

/**
 * A committed entry is in the logs of the leaders of all higher-numbered terms. What a node knows to be committed was committed
 * in its current term or before, so every leader of that term or a later one must have it.
 */
const leaderCompleteness = (nodes: Nodes): boolean => {
  const leaders = [...nodes.keys()].filter((index) => isLeader(nodes[index] as Server));
  if (leaders.length === 0) return true;
  const logs = nodes.map(({ context }) => context.log);
  return leaders.every((leader) => {
    const { currentTerm } = (nodes[leader] as Server).context;
    return nodes.every(
      ({ up, context }, index) =>
        !up || context.currentTerm > currentTerm || agree(logs, index, leader, context.commitIndex),
    );
  });
};

/** No two servers apply different entries at the same index. */
const stateMachineSafety = (nodes: Nodes): boolean => {
  const logs = nodes.map(({ context }) => context.log);
  // One that is down has applied nothing that counts.
  const applied = nodes.map(({ up, context }) => (up ? context.lastApplied : 0));
  return everyPair(logs, (one, other) => Math.min(applied[one] as number, applied[other] as number));
};

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
