import type { MemberStatus } from '@synod/protocol';
import { byName } from '../../src/world/by-name.ts';
import type { SeenMember, SeenMembers } from '../../src/world/members.ts';
import type { World } from '../../src/world/world.ts';

/** How a member stands in the eyes of an observer that may not know it. */
export type Standing = MemberStatus | 'unknown';

/** An actor that tells of members, and what it last told. */
export interface Observer {
  readonly node: string;
  /** Whether it runs. What one that is down has told no longer counts. */
  readonly up: boolean;
  readonly seen: SeenMembers;
}

/** Who is alive in the eyes of whom: a row for each observer, a column for each member. */
export interface Matrix {
  readonly rows: readonly Observer[];
  /** Observers, and whom they have told of. */
  readonly columns: readonly string[];
}

/** What observers say of one member. */
export interface Verdict {
  readonly node: string;
  /** What all say who have told of it; undefined when they disagree, or when nobody looks. */
  readonly agreed: Standing | undefined;
  /** Whether some who look have told of it, and others have not. */
  readonly isNews: boolean;
  /** Who says what, the most frequent first. */
  readonly says: readonly (readonly [standing: Standing, observers: readonly string[]])[];
}

const nameOf = (actor: string): string => actor.slice(0, actor.indexOf('@'));

/** The names of actors that tell of members, one for each protocol that does. */
export function observerNames(world: World): string[] {
  const names = new Set<string>();
  for (const { actors } of Object.values(world)) {
    for (const { address, members } of Object.values(actors)) {
      for (const _ in members) {
        names.add(nameOf(address));
        break;
      }
    }
  }
  return [...names].sort(byName);
}

/** The actors of one name on all nodes, in the order of their nodes. */
export function observersOf(world: World, name: string): Observer[] {
  const found = Object.values(world).flatMap(({ node, up, actors }) => {
    const actor = Object.values(actors).find(({ address }) => nameOf(address) === name);
    return actor ? [{ node, up: up && actor.phase === 'running', seen: actor.members }] : [];
  });
  return found.sort((a, b) => byName(a.node, b.node));
}

export function matrixOf(rows: readonly Observer[]): Matrix {
  const columns = new Set(rows.map(({ node }) => node));
  for (const { seen } of rows) for (const node of Object.keys(seen)) columns.add(node);
  return { rows, columns: [...columns].sort(byName) };
}

export const memberIn = (seen: SeenMembers, node: string): SeenMember | undefined =>
  Object.hasOwn(seen, node) ? seen[node] : undefined;

export const standingIn = (seen: SeenMembers, node: string): Standing => memberIn(seen, node)?.status ?? 'unknown';

/**
 * What those who are up say of each member; what a member says of itself is not asked. Who forgot a member that is gone, or came
 * too late to have met it, does not contradict those who say so.
 */
export function verdictsOf({ rows, columns }: Matrix, paused: readonly string[]): Verdict[] {
  const awake = rows.filter(({ node, up }) => up && !paused.includes(node));
  return columns.map((node) => {
    const says = new Map<Standing, string[]>();
    for (const observer of awake) {
      if (observer.node === node) continue;
      const standing = standingIn(observer.seen, node);
      const others = says.get(standing);
      if (others) others.push(observer.node);
      else says.set(standing, [observer.node]);
    }
    if ([...says.keys()].every((standing) => standing === 'unknown' || isGone(standing)) && says.size > 1)
      says.delete('unknown');
    const sorted = [...says].sort(([, a], [, b]) => b.length - a.length);
    const told = sorted.filter(([standing]) => standing !== 'unknown');
    const [first] = told.length > 0 ? told : sorted;
    return {
      node,
      agreed: told.length > 1 ? undefined : first?.[0],
      isNews: told.length < sorted.length && told.length > 0,
      says: sorted,
    };
  });
}

/** Whether those who look contradict each other. */
export const isDisputed = ({ agreed, says }: Verdict): boolean => agreed === undefined && says.length > 0;

const isGone = (standing: Standing): boolean => standing === 'dead' || standing === 'left';

/** Names as a person would write them: `n1–n25, n27`. */
export function inShort(nodes: readonly string[]): string {
  const parts: string[] = [];
  const sorted = [...nodes].sort(byName);
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (isNext(sorted[end], sorted[end + 1])) end++;
    parts.push(end - at < 2 ? sorted.slice(at, end + 1).join(', ') : `${sorted[at]}–${sorted[end]}`);
    at = end + 1;
  }
  return parts.join(', ');
}

/** Whether a name is another's with a number one higher at its end. */
function isNext(before: string | undefined, after: string | undefined): boolean {
  const [, head, number] = before?.match(/^(.*?)(\d{1,9})$/) ?? [];
  return head !== undefined && after === `${head}${Number(number) + 1}`;
}
