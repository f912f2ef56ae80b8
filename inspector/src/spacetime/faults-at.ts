import { type LinkFault, linkFaultSchema } from '@synod/protocol';
import * as v from 'valibot';
import type { Faults, Groups } from '../world/controls.ts';
import type { Span } from './spans.ts';

// What was done to the nodes at a moment, read back from the notes that tell of it.

/** What lay on nodes, network and clocks once `cursor` records had happened; `all` are the nodes there were. Crashes are told by the world. */
export function faultsAt(spans: readonly Span[], cursor: number, all: readonly string[]): Faults {
  const inForce = spans.filter(
    ({ index, endIndex }) => index < cursor && (endIndex ?? Number.POSITIVE_INFINITY) >= cursor,
  );
  const of = (kind: string): readonly Span[] => inForce.filter((span) => span.kind === kind);
  const [groups = [], ...others] = of('partition').flatMap((span) => groupsOf(span, all));
  return {
    paused: [...new Set(of('pause').flatMap(({ nodes }) => [...nodes]))],
    groups,
    // A second partition at the same time is told by what it does to links, and so is one that is no matter of groups.
    links: [...others.flatMap(lossesBetween), ...inForce.flatMap(({ kind, text }) => linkFaultsOf(kind, text))],
    rates: Object.fromEntries(of('skew').flatMap(ratesOf)),
  };
}

/**
 * Who could reach whom; one group alone is parted from the others on which that was noted or, where it was noted on none, from all. Who has the
 * most to do at a moment, as a schedule may have it, only the run knows.
 */
function groupsOf({ groups = [], nodes }: Span, all: readonly string[]): readonly Groups[] {
  const known = groups.map((group) => group.filter((node) => all.includes(node) || nodes.has(node)));
  const named = new Set(known.flat());
  const touched = [...nodes].some((node) => !named.has(node)) ? [...nodes] : all;
  const parted = groups.length > 1 ? known : [...known, touched.filter((node) => !named.has(node))];
  const parts = parted.filter(({ length }) => length > 0);
  return parts.length > 1 ? [parts] : [];
}

const lossesBetween = (groups: Groups): LinkFault[] =>
  groups.flatMap((from) =>
    groups.filter((to) => to !== from).map((to): LinkFault => ({ kind: 'drop', from, to, chance: 1 })),
  );

/** `drop 30 % from n1 to all`, `delay 5 to 9 ms from all to n2, n3`, as a network has it; or as a schedule has it: `drop for 300 ms: chance 0.3`. */
function linkFaultsOf(kind: string, text: string): LinkFault[] {
  const facts = factsOf(text) ?? {};
  if (kind === 'partition') return lossesOf(facts.between);
  const [, from, to] = / from (.+) to (.+)$/.exec(text) ?? [];
  const [, least, most = least] = /^delay ([\d.]+)(?: to ([\d.]+))? ms/.exec(text) ?? [];
  const percent = /^\S+ ([\d.]+) %/.exec(text)?.[1];
  const within = /within ([\d.]+) ms/.exec(text)?.[1];
  const found = v.safeParse(linkFaultSchema, {
    kind,
    ...namesOf('from', from),
    ...namesOf('to', to),
    ...(percent !== undefined && { chance: Number(percent) / 100 }),
    ...(least !== undefined && { addMs: [Number(least), Number(most)] }),
    ...(within !== undefined && { withinMs: Number(within) }),
    ...facts,
  });
  return found.success ? [found.output] : [];
}

const namesOf = (end: 'from' | 'to', text: string | undefined) =>
  text === undefined || text === 'all' ? {} : { [end]: text.split(', ') };

/** What a partition cuts that leaves some of the ways between two nodes. */
function lossesOf(between: unknown): LinkFault[] {
  const { shape, from, to, order, left, right } = (between ?? {}) as Readonly<Record<string, unknown>>;
  if (shape === 'oneWay' && areNames(from) && areNames(to)) return [{ kind: 'drop', from, to, chance: 1 }];
  if (shape === 'bridge' && areNames(left) && areNames(right)) return lossesBetween([left, right]);
  if (shape !== 'ring' || !areNames(order)) return [];
  return order.flatMap((node, at): LinkFault[] => {
    const near = new Set([node, order.at(at - 1), order[(at + 1) % order.length]]);
    const far = order.filter((other) => !near.has(other));
    return far.length > 0 ? [{ kind: 'drop', from: [node], to: far, chance: 1 }] : [];
  });
}

/** `skew n1 to 2 times the true speed`, or of a schedule: `skew for 300 ms: nodes ["n1"], drift 0.5`. */
function ratesOf({ text, nodes }: Span): [node: string, rate: number][] {
  const [, node, rate] = /^skew (\S+) to ([\d.]+) times/.exec(text) ?? [];
  if (node !== undefined) return [[node, Number(rate)]];
  const drift = factsOf(text)?.drift;
  return typeof drift === 'number' && drift !== 0 ? [...nodes].map((each) => [each, 1 + drift]) : [];
}

/** The facts of a schedule's fault: a name and JSON each. */
function factsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  const facts = /^\S+ for [\d.]+ ms: (.*)$/.exec(text)?.[1];
  if (facts === undefined) return undefined;
  try {
    return Object.fromEntries(
      facts.split(/, (?=[a-zA-Z]+ )/).map((fact) => {
        const at = fact.indexOf(' ');
        return [fact.slice(0, at), JSON.parse(fact.slice(at + 1)) as unknown];
      }),
    );
  } catch {
    return undefined;
  }
}

const areNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');
