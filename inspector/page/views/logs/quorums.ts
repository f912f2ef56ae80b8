import type { QuorumView } from '@synod/protocol';
import { outerState } from '../../../src/chart/active.ts';
import { byName } from '../../../src/world/by-name.ts';
import type { ActorView, World } from '../../../src/world/world.ts';
import { isFields, listOf, textsOf } from './lists.ts';

/** Who has answered one that asked. */
export interface Tally {
  readonly node: string;
  readonly address: string;
  /** What for: `votes`, `accepted 17`. */
  readonly what: string;
  /** Those who were asked, and whether each has answered. */
  readonly members: readonly { readonly address: string; readonly hasAnswered: boolean }[];
  readonly answered: number;
  readonly needed: number;
}

/** Of an actor that counts answers for many keys, the last so many. */
const MAX_KEYS = 4;
const MAX_MEMBERS = 200;

/** What all actors that run wait for at present, as far as their protocols declare it. */
export function talliesOf(world: World): Tally[] {
  const tallies = Object.values(world).flatMap(({ node, up, actors }) =>
    up ? Object.values(actors).flatMap((actor) => (actor.phase === 'running' ? talliesOfActor(node, actor) : [])) : [],
  );
  return tallies.sort((a, b) => byName(a.address, b.address));
}

function talliesOfActor(node: string, actor: ActorView): Tally[] {
  const { chart, state } = actor;
  const quorums = isFields(chart.view) ? listOf(chart.view.quorums)?.items : undefined;
  return (quorums ?? []).filter(isQuorum).flatMap((quorum) => {
    if (quorum.state !== undefined && quorum.state !== outerState(state)) return [];
    const members = [...(quorum.withSelf ? [actor.address] : []), ...textsOf(actor.context[quorum.members])];
    const unique = [...new Set(members)].slice(0, MAX_MEMBERS).sort(byName);
    return answersOf(quorum, actor).map(({ what, answers }) =>
      tally(node, actor.address, what, unique, answers, quorum),
    );
  });
}

/** Whether what came from outside declares a quorum. */
const isQuorum = (quorum: unknown): quorum is QuorumView =>
  isFields(quorum) && [quorum.name, quorum.field, quorum.members].every((text) => typeof text === 'string');

interface Answers {
  readonly what: string;
  readonly answers: readonly string[];
}

/** Who has answered: of a list one tally, of lists by key the last few, of numbers by address how many have the whole log. */
function answersOf({ name, field, withSelf }: QuorumView, { address, context, chart }: ActorView): Answers[] {
  const value = context[field];
  const list = listOf(value);
  if (list) return list.items.length > 0 ? [{ what: name, answers: textsOf(value) }] : [];
  if (!isFields(value)) return [];
  const entries = Object.entries(value);
  const numbers = entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  if (numbers.length > 0) {
    const last = lastIndexOf(chart.view, context) ?? Math.max(...numbers.map(([, index]) => index));
    const through = numbers.filter(([, index]) => index >= last).map(([member]) => member);
    return [{ what: `${name} through ${last}`, answers: withSelf ? [address, ...through] : through }];
  }
  const lists = entries.filter(([, answers]) => Array.isArray(answers)).slice(-MAX_KEYS);
  return lists.map(([key, answers]) => ({ what: `${name} ${key}`, answers: textsOf(answers) }));
}

/** The index of the last entry of the log that a protocol declares. */
function lastIndexOf(view: unknown, context: ActorView['context']): number | undefined {
  const log = isFields(view) ? view.log : undefined;
  if (!isFields(log) || typeof log.field !== 'string') return undefined;
  const list = listOf(context[log.field]);
  const first = typeof log.first === 'number' ? log.first : 1;
  return list && first + list.hidden + list.items.length - 1;
}

function tally(
  node: string,
  address: string,
  what: string,
  members: readonly string[],
  answers: readonly string[],
  { needs }: QuorumView,
): Tally {
  const shown = members.map((member) => ({ address: member, hasAnswered: answers.includes(member) }));
  return {
    node,
    address,
    what,
    members: shown,
    answered: shown.filter(({ hasAnswered }) => hasAnswered).length,
    needed: needs === 'all' ? members.length : Math.floor(members.length / 2) + 1,
  };
}
