import type { Ask } from '@synod/protocol';

/**
 * Values in the order in which to try them: the plainest, then each that makes guards come out in a new way, then the rest. What a function of
 * the machine cannot even be asked about, and throws, is left out, as long as it can be asked about others.
 */
export function order<T>(
  values: readonly T[],
  eventOf: (value: T) => unknown,
  asks: Asks,
  context: unknown,
): readonly T[] {
  const events = values.map(eventOf);
  const guards = asks.guards.map((ask) => answers(ask, context, events));
  const assigns = asks.assigns.map((ask) => answers(ask, context, events));
  const askable = [...guards, ...assigns].filter((each) => each.some((answer) => answer !== THREW));
  const kept = values.map((_, index) => index).filter((index) => askable.every((each) => each[index] !== THREW));
  const shown = kept.length > 0 ? kept : values.map((_, index) => index);
  const seen = new Set<string>();
  const fresh = new Set<number>();
  for (const index of shown) {
    const outcome = guards.map((each) => each[index]).join();
    if (seen.has(outcome)) continue;
    seen.add(outcome);
    fresh.add(index);
  }
  for (const index of lookAhead(shown, events, asks, context)) fresh.add(index);
  return [...fresh, ...shown.filter((index) => !fresh.has(index))].map((index) => values[index] as T);
}

/** What a machine can be asked about an event without taking it. */
export interface Asks {
  readonly guards: readonly Ask[];
  readonly assigns: readonly Ask[];
  /** All guards of the machine: what is assigned now may decide them later. */
  readonly later: readonly Ask[];
}

/** Guards that are asked about what each assignment makes of the context. */
const MOST_LATER = 40;

/** Those of `shown` after which some guard of the machine comes out in a way in which it did not after those before. */
function lookAhead(
  shown: readonly number[],
  events: readonly unknown[],
  asks: Asks,
  context: unknown,
): readonly number[] {
  const { assigns, later } = asks;
  if (later.length === 0 || typeof context !== 'object' || context === null) return [];
  const each = Math.ceil(MOST_LATER / Math.max(1, assigns.length));
  const seen = new Set<string>();
  return shown.filter((index) => {
    let isNew = false;
    for (const [at, assign] of assigns.entries()) {
      const next = assigned(assign, context, events[index]);
      if (!next) continue;
      for (const [place, guard] of later.slice(0, each).entries()) {
        const [answer] = answers(guard, next, [NOTHING]);
        const key = `${at} ${place} ${answer}`;
        if (!seen.has(key)) isNew = true;
        seen.add(key);
      }
    }
    return isNew;
  });
}

const NOTHING = { type: '' };

function assigned(assign: Ask, context: object, event: unknown): unknown {
  try {
    const value = assign(context, event);
    if (assign.field !== undefined) return { ...context, [assign.field]: value };
    return typeof value === 'object' ? { ...context, ...value } : undefined;
  } catch {
    return undefined;
  }
}

const THREW = 'threw';

const answers = (ask: Ask, context: unknown, events: readonly unknown[]): readonly string[] =>
  events.map((event) => {
    try {
      return ask(context, event) ? 'yes' : 'no';
    } catch {
      return THREW;
    }
  });
