import { QuorumError } from './error.ts';

/** The name of a node. */
export type Node = string;

/** More than half of the members. Thomas, *A Majority Consensus Approach to Concurrency Control* (1979). */
export interface Majority {
  readonly kind: 'majority';
  readonly members: readonly Node[];
}

/** Members whose votes add up to `need`. Gifford, *Weighted Voting for Replicated Data* (1979). */
export interface Weighted {
  readonly kind: 'weighted';
  /** Votes by member: whole numbers, 0 for one that only watches. */
  readonly votes: Readonly<Record<Node, number>>;
  /** From 1 to the sum of all votes. */
  readonly need: number;
}

/**
 * Lines of a grid. `cross`: a whole row and a whole column, as in Maekawa, *A √N Algorithm for Mutual Exclusion in Decentralized
 * Systems* (1985). A `row` meets every `column`: what is read by rows and written by columns needs no majority.
 */
export interface Grid {
  readonly kind: 'grid';
  /** From top to bottom, all as long as the first, but for the last, which may be shorter. */
  readonly rows: readonly (readonly Node[])[];
  readonly take: 'cross' | 'row' | 'column';
}

/** A quorum of each of several systems at once. Ongaro and Ousterhout, *In Search of an Understandable Consensus Algorithm* (2014) §6. */
export interface Joint {
  readonly kind: 'joint';
  readonly systems: readonly QuorumSystem[];
}

/** Which sets of nodes may speak for all. With a set, each larger one is a quorum as well. Plain data, fit for a message or a disk. */
export type QuorumSystem = Majority | Weighted | Grid | Joint;

/** @throws QuorumError `QUORUM_INVALID` when there is no member, or one stands twice. */
export const majority = (members: readonly Node[]): Majority => validate({ kind: 'majority', members });

/** @throws QuorumError `QUORUM_INVALID` when a vote or `need` is out of range. */
export const weighted = (votes: Readonly<Record<Node, number>>, need: number): Weighted =>
  validate({ kind: 'weighted', votes, need });

/**
 * Any `count` members: R or W of N.
 * @throws QuorumError `QUORUM_INVALID` when `count` is not from 1 to the number of members, or a member stands twice.
 */
export const anyOf = (members: readonly Node[], count: number): Weighted => {
  unique(members);
  return weighted(Object.fromEntries(members.map((member) => [member, 1])), count);
};

/** @throws QuorumError `QUORUM_INVALID` when the rows are no grid. */
export const grid = (rows: readonly (readonly Node[])[], take: Grid['take'] = 'cross'): Grid =>
  validate({ kind: 'grid', rows, take });

/**
 * The members in the order given, as a grid as square as it can be.
 * @throws QuorumError `QUORUM_INVALID` when there is no member, or one stands twice.
 */
export function squareGrid(members: readonly Node[], take: Grid['take'] = 'cross'): Grid {
  const width = Math.ceil(Math.sqrt(members.length));
  const height = Math.ceil(members.length / Math.max(1, width));
  return grid(
    Array.from({ length: height }, (_, row) => members.slice(row * width, (row + 1) * width)),
    take,
  );
}

/** @throws QuorumError `QUORUM_INVALID` when there is no system. */
export const joint = (...systems: readonly QuorumSystem[]): Joint => validate({ kind: 'joint', systems });

/** All members, sorted, each once. */
export function membersOf(system: QuorumSystem): readonly Node[] {
  return [...new Set(listed(system))].sort();
}

function listed(system: QuorumSystem): readonly Node[] {
  switch (system.kind) {
    case 'majority':
      return system.members;
    case 'weighted':
      return Object.keys(system.votes);
    case 'grid':
      return system.rows.flat();
    case 'joint':
      return system.systems.flatMap(listed);
  }
}

/**
 * The system itself, if it is one: for what came as data from outside.
 * @throws QuorumError `QUORUM_INVALID`, saying which part and what to do.
 */
export function validate<S extends QuorumSystem>(system: S): S {
  const given: QuorumSystem = system;
  switch (given.kind) {
    case 'majority':
      unique(given.members);
      break;
    case 'weighted':
      validateVotes(given);
      break;
    case 'grid':
      validateGrid(given);
      break;
    case 'joint':
      if (given.systems.length === 0) throw invalid('A joint system needs one system at least; name it.');
      for (const each of given.systems) validate(each);
      break;
    default:
      throw invalid(
        `There is no quorum system "${String((given as QuorumSystem).kind)}"; take majority, weighted, grid or joint.`,
      );
  }
  return system;
}

const invalid = (message: string, details?: Readonly<Record<string, unknown>>): QuorumError =>
  new QuorumError('QUORUM_INVALID', message, details);

function unique(members: readonly Node[]): void {
  if (members.length === 0) throw invalid('A quorum system needs one member at least; name it.');
  const twice = members.find((member, at) => members.indexOf(member) !== at);
  if (twice !== undefined) throw invalid(`Member "${twice}" stands twice; name each once.`, { member: twice });
}

function validateVotes({ votes, need }: Weighted): void {
  unique(Object.keys(votes));
  for (const [member, count] of Object.entries(votes)) {
    if (!Number.isSafeInteger(count) || count < 0)
      throw invalid(`Member "${member}" has ${count} votes; give a whole number of 0 or more.`, { member });
  }
  const all = Object.values(votes).reduce((sum, count) => sum + count, 0);
  if (!Number.isSafeInteger(need) || need < 1 || need > all)
    throw invalid(
      `A quorum of ${need} votes was asked for; there are ${all}, so give a whole number from 1 to ${all}.`,
    );
}

function validateGrid({ rows, take }: Grid): void {
  unique(rows.flat());
  const width = rows[0]?.length ?? 0;
  const isGrid = rows.every(
    ({ length }, at) => length === width || (at === rows.length - 1 && 0 < length && length < width),
  );
  if (!isGrid) throw invalid('The rows of a grid must be equally long; only the last may be shorter.');
  if (!['cross', 'row', 'column'].includes(take))
    throw invalid(`A grid has no quorums by "${take}"; take cross, row or column.`);
}
