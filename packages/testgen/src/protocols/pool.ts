import { type Address, canonical, nodeOf } from '@synod/protocol';
import type { EventObject } from 'xstate';
import { type Harvest, type Harvested, MOST_EVENTS } from './harvest.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An event that a member may be given, with the contexts in which it came, field by field. */
export interface Candidate {
  readonly event: EventObject;
  readonly shape: string;
  readonly contexts: readonly ReadonlyMap<string, string>[];
}

const candidateOf = ({ event, shape, contexts }: Harvested): Candidate => ({
  event,
  shape,
  contexts: contexts.map(textsOf),
});

/** The fields of a context as texts that are equal where the values are. */
export const textsOf = (context: Fields): ReadonlyMap<string, string> =>
  new Map(Object.entries(context).map(([key, value]) => [key, canonical(value)]));

/** What a member received, and what others of its role did, with the two in each other's place. */
export function poolOf({ events }: Harvest, self: Address | undefined, type: string): readonly Candidate[] {
  const pool = new Map<string, Candidate>();
  const others = [...events.keys()].filter((other) => other !== self);
  for (const member of self === undefined ? others : [self, ...others]) {
    for (const harvested of events.get(member)?.get(type) ?? []) {
      const event =
        self === undefined || member === self
          ? harvested.event
          : (exchanged(
              harvested.event,
              new Map([
                [member, self],
                [self, member],
                [nodeOf(member), nodeOf(self)],
                [nodeOf(self), nodeOf(member)],
              ]),
            ) as EventObject);
      const key = canonical(event);
      if (!pool.has(key) && pool.size < MOST_EVENTS) pool.set(key, candidateOf({ ...harvested, event }));
    }
  }
  return [...pool.values()];
}

/** A value in which names have changed places. */
function exchanged(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => exchanged(item, names));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, exchanged(item, names)]));
}

/**
 * The events that came in the contexts most like this one, and beside them one of each other shape, with the numbers that are current here:
 * what comes at a wrong time is a case as well.
 */
export function nearest(
  candidates: readonly Candidate[],
  context: ReadonlyMap<string, string>,
  limit: number,
): readonly EventObject[] {
  const ranked = candidates
    .map(({ event, shape, contexts }, at) => ({
      event,
      shape,
      at,
      distance: Math.min(...contexts.map((each) => distance(each, context))),
    }))
    .sort((a, b) => a.distance - b.distance || a.at - b.at);
  const near = ranked.slice(0, Math.ceil(limit / 2));
  const shapes = new Set(near.map(({ shape }) => shape));
  const others = ranked.slice(near.length).filter(({ shape }) => shapes.size < shapes.add(shape).size);
  const grafted = others.map(({ event }) => withNumbers(event, near[0]?.event) as EventObject);
  const all = [...near.map(({ event }) => event), ...grafted, ...ranked.map(({ event }) => event)];
  return [...new Map(all.map((event) => [canonical(event), event])).values()].slice(0, limit);
}

/** A value with the numbers that stand in the same places of another. */
function withNumbers(value: unknown, numbers: unknown): unknown {
  if (typeof value === 'number') return typeof numbers === 'number' ? numbers : value;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const others = (typeof numbers === 'object' ? numbers : null) as Fields | null;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withNumbers(part, others?.[key])]));
}

function distance(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): number {
  let different = 0;
  for (const [key, text] of a) if (b.get(key) !== text) different++;
  return different;
}
