import { QuorumError } from './error.ts';
import { checkSize, isQuorum, MOST, quorumsOf } from './quorum.ts';
import { membersOf, type Node, type QuorumSystem } from './system.ts';

/** Quorums to read with and quorums to write with: each of the one kind is to meet each of the other. */
export interface ReadWrite {
  readonly read: QuorumSystem;
  readonly write: QuorumSystem;
}

/** A quorum of the first system and one of the second that have no member in common. */
export type Disjoint = readonly [a: readonly Node[], b: readonly Node[]];

/**
 * Two quorums that do not meet, the first such pair in the order of `quorumsOf`; undefined when there are none.
 * @throws QuorumError `QUORUM_TOO_LARGE` when there is no other way than to go through all quorums of more than 20 members.
 */
export function disjointQuorums(a: QuorumSystem, b: QuorumSystem): Disjoint | undefined {
  const [ours, theirs] = [counted(a), counted(b)];
  if (ours && theirs && meets(ours, theirs)) return undefined;
  checkSize(membersOf({ kind: 'joint', systems: [a, b] }));
  const all = membersOf(b);
  for (const quorum of quorumsOf(a)) {
    // A larger set is a quorum if a smaller one is: so try with all that is left.
    const left = new Set(all.filter((node) => !quorum.includes(node)));
    if (isQuorum(b, left)) return [quorum, quorumsOf(b).find((each) => each.every((node) => left.has(node))) ?? []];
  }
  return undefined;
}

/** Whether every quorum of `a` meets every quorum of `b`. @throws as `disjointQuorums`. */
export function intersects(a: QuorumSystem, b: QuorumSystem): boolean {
  const [ours, theirs] = [counted(a), counted(b)];
  return ours && theirs ? meets(ours, theirs) : disjointQuorums(a, b) === undefined;
}

/**
 * Quorums to read and to write with, once it is proved that any of the one kind meets any of the other. For a system whose quorums
 * should meet each other, as those of a mutual exclusion or of votes, pass it for both.
 * @throws QuorumError `QUORUM_DISJOINT` with two that do not meet, as `details`; and as `disjointQuorums`.
 */
export function readWrite(read: QuorumSystem, write: QuorumSystem): ReadWrite {
  if (intersects(read, write)) return { read, write };
  const isSmall = membersOf({ kind: 'joint', systems: [read, write] }).length <= MOST;
  const [a, b] = isSmall ? (disjointQuorums(read, write) ?? []) : [];
  throw new QuorumError(
    'QUORUM_DISJOINT',
    `${a && b ? `Read quorum {${a}} and write quorum {${b}} do` : 'Some read and write quorums do'} not meet; ask for more members in one of them.`,
    { read: a, write: b },
  );
}

/** A system in which only the number of members counts. */
interface Counted {
  readonly members: readonly Node[];
  readonly need: number;
}

function counted(system: QuorumSystem): Counted | undefined {
  if (system.kind === 'majority') return { members: system.members, need: Math.floor(system.members.length / 2) + 1 };
  if (system.kind !== 'weighted') return undefined;
  const votes = Object.values(system.votes);
  const each = votes[0] ?? 0;
  return each > 0 && votes.every((count) => count === each)
    ? { members: Object.keys(system.votes), need: Math.ceil(system.need / each) }
    : undefined;
}

/** Each takes as many as it can of those that the other has not; what both need beyond that, they must not find among the shared. */
function meets(a: Counted, b: Counted): boolean {
  const theirs = new Set(b.members);
  const shared = a.members.filter((node) => theirs.has(node)).length;
  const beyond = ({ members, need }: Counted): number => Math.max(0, need - (members.length - shared));
  return beyond(a) + beyond(b) > shared;
}
