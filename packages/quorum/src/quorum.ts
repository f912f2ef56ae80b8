import { QuorumError } from './error.ts';
import { type Grid, membersOf, type Node, type QuorumSystem } from './system.ts';

/** Whether these nodes, strangers among them not counted, are or include a quorum. */
export function isQuorum(system: QuorumSystem, nodes: Iterable<Node>): boolean {
  return holds(system, nodes instanceof Set ? nodes : new Set(nodes));
}

function holds(system: QuorumSystem, nodes: ReadonlySet<Node>): boolean {
  switch (system.kind) {
    case 'majority':
      return 2 * count(system.members, nodes) > system.members.length;
    case 'weighted': {
      let votes = 0;
      for (const member in system.votes) if (nodes.has(member)) votes += system.votes[member] ?? 0;
      return votes >= system.need;
    }
    case 'grid':
      return holdsLines(system, nodes);
    case 'joint':
      return system.systems.every((each) => holds(each, nodes));
  }
}

function holdsLines({ rows, take }: Grid, nodes: ReadonlySet<Node>): boolean {
  const hasLine = (lines: readonly (readonly Node[])[]) => lines.some((line) => count(line, nodes) === line.length);
  return (take === 'column' || hasLine(rows)) && (take === 'row' || hasLine(columnsOf(rows)));
}

const columnsOf = (rows: Grid['rows']): readonly (readonly Node[])[] =>
  (rows[0] ?? []).map((_, column) => rows.flatMap((row) => row.slice(column, column + 1)));

function count(members: readonly Node[], nodes: ReadonlySet<Node>): number {
  let found = 0;
  for (const member of members) if (nodes.has(member)) found++;
  return found;
}

/**
 * The request set of one node in Maekawa's algorithm: its row and its column, itself included, sorted.
 * @throws QuorumError `QUORUM_INVALID` when it is not in the grid.
 */
export function crossOf({ rows }: Grid, node: Node): readonly Node[] {
  const row = rows.find((line) => line.includes(node));
  if (!row) throw new QuorumError('QUORUM_INVALID', `"${node}" is not in the grid; name one of its members.`);
  const column = columnsOf(rows)[row.indexOf(node)] as readonly Node[];
  return [...new Set([...row, ...column])].sort();
}

/** Members of which all sets are still gone through. */
export const MOST = 20;

/**
 * The smallest quorums, those that have no quorum within them: each sorted, the shorter ones first, then by name.
 * @throws QuorumError `QUORUM_TOO_LARGE` for more than 20 members.
 */
export function quorumsOf(system: QuorumSystem): readonly (readonly Node[])[] {
  const members = membersOf(system);
  checkSize(members);
  const found: (readonly Node[])[] = [];
  // A set is a smallest quorum exactly when it is one, and without any one of its nodes is none: quorums only grow.
  const visit = (chosen: readonly Node[], from: number): void => {
    if (isQuorum(system, chosen)) {
      if (chosen.every((node) => !isQuorum(system, without(chosen, node)))) found.push(chosen);
      return;
    }
    if (!isQuorum(system, [...chosen, ...members.slice(from)])) return;
    for (let at = from; at < members.length; at++) visit([...chosen, members[at] as Node], at + 1);
  };
  visit([], 0);
  return found.sort(byLength);
}

const without = (nodes: readonly Node[], left: Node): readonly Node[] => nodes.filter((node) => node !== left);

const byLength = (a: readonly Node[], b: readonly Node[]): number =>
  a.length - b.length || (String(a) < String(b) ? -1 : 1);

/** @throws QuorumError `QUORUM_TOO_LARGE` for more than 20. */
export function checkSize(members: readonly Node[]): void {
  if (members.length > MOST)
    throw new QuorumError(
      'QUORUM_TOO_LARGE',
      `The quorums of ${members.length} members are too many to go through; do it with ${MOST} or fewer.`,
    );
}
