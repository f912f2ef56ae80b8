import type { World } from './world.ts';

/** A part of the model that took ever new values while a search ran: what to bound. */
export interface Growth {
  /** The actor; for messages, the one they are on their way to. */
  readonly actor: string;
  /** The context field, or `messages on their way`. */
  readonly field: string;
  /** The largest number or length that was seen. */
  readonly largest: number;
}

/** Fewer states than this say nothing. */
const LEAST = 50;

/**
 * Fields whose largest number or length was reached only among the last states, after they had grown several times: what makes a search
 * endless, mostly.
 */
export function growth(world: World): readonly Growth[] {
  return world.actors.flatMap((actor, index) => {
    const states = [...actor.states].filter(({ up }) => up).map(({ view }) => view.context as object);
    const inboxes = [...(world.inboxes[index] as (typeof world.inboxes)[number])].map(({ all }) => ({
      'messages on their way': all.length,
    }));
    return [...ofRecords(states), ...ofRecords(inboxes)].map((found) => ({ actor: actor.address, ...found }));
  });
}

function ofRecords(records: readonly object[]): Omit<Growth, 'actor'>[] {
  if (records.length < LEAST) return [];
  const early = Math.floor(records.length * 0.7);
  const sizes = new Map<string, { before: number; largest: number; values: Set<number> }>();
  for (const [index, record] of records.entries()) {
    for (const [field, value] of Object.entries(record)) {
      const size = sizeOf(value);
      if (size === undefined) continue;
      const known = sizes.get(field) ?? { before: size, largest: size, values: new Set() };
      sizes.set(field, known);
      known.values.add(size);
      known.largest = Math.max(known.largest, size);
      if (index < early) known.before = known.largest;
    }
  }
  return [...sizes]
    .filter(([, { before, largest, values }]) => largest > before && values.size > 3)
    .map(([field, { largest }]) => ({ field, largest }));
}

/** The largest number in a value, or its length. */
function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Symbol.iterator in value) return [...(value as Iterable<unknown>)].length;
  const sizes = Object.values(value)
    .map(sizeOf)
    .filter((size) => size !== undefined);
  return sizes.length > 0 ? Math.max(...sizes) : undefined;
}
