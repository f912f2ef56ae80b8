import { canonical, type SequentialObject } from '@synod/protocol';
import { groupBy, type Operation } from './operations.ts';
import { findOrder, type Placed } from './search.ts';
import { States } from './states.ts';
import { smallest } from './verdict.ts';

/** Which order of a history's operations a promise asks for. */
export interface Ordering {
  readonly object: SequentialObject;
  /** Splits operations into lanes whose real-time order counts. */
  lanes(operations: readonly Operation[]): readonly (readonly Operation[])[];
  /** Whether any order must have `a` before `b`. */
  before(a: Operation, b: Operation): boolean;
}

/** One probe's bound: an explanation that is harder to find than that persuades nobody. */
const PROBE_STATES = 20_000;
/**
 * The smallest part of `universe` that no order explains, grown from the operations at which the search stuck. A part offends when
 * no order of it exists although any operation left out may have happened at any time, and any number of times. While a probe finds
 * an order, what it took from outside and misplaced joins the part; else the operations closest to where it stuck do.
 * Where time runs out the part still has no order, but may not be the smallest.
 */
export function explain(
  ordering: Ordering,
  universe: readonly Operation[],
  stuck: readonly Operation[],
  seconds = 3,
): readonly Operation[] {
  const states = new States(ordering.object);
  const until = Date.now() + seconds * 1000;
  const probe = (part: readonly Operation[], free: readonly unknown[]) =>
    findOrder({ states, lanes: ordering.lanes(part), free, maxStates: PROBE_STATES, deadline: until });
  /** Undefined when the part offends; else an order that explains it, empty where none came to light. */
  const explanation = (part: readonly Operation[]): readonly Placed[] | undefined => {
    const alone = probe(part, []);
    if (alone.found !== false) return alone.found === true ? alone.order : [];
    const helped = probe(part, freed(universe, part));
    return helped.found === true ? helped.order : undefined;
  };

  // Always in the order of the universe, by invocation, as the search wants it.
  let part = universe.filter((operation) => stuck.includes(operation));
  for (let step = 1; part.length < universe.length; ) {
    if (Date.now() >= until) return universe;
    const order = explanation(part);
    if (order === undefined) break;
    const inside = new Set(part);
    const outside = universe.filter((operation) => !inside.has(operation));
    const misplaced = outside.filter((operation) => isMisplaced(ordering, order, operation));
    const more = misplaced.length > 0 ? misplaced : nearest(outside, stuck).slice(0, step);
    if (misplaced.length === 0) step *= 2;
    const added = new Set(more);
    part = universe.filter((operation) => inside.has(operation) || added.has(operation));
  }
  return smallest(part, (rest) => Date.now() < until && explanation(rest) === undefined);
}

/** The distinct inputs of operations that were left out. */
function freed(universe: readonly Operation[], part: readonly Operation[]): readonly unknown[] {
  const inside = new Set(part);
  const inputs = groupBy(
    universe.filter((operation) => !inside.has(operation)).map(({ input }) => input),
    canonical,
  );
  return [...inputs.values()].map(([input]) => input);
}

/** Whether an order uses the input of an operation left out in a way in which that operation itself cannot have happened. */
function isMisplaced(ordering: Ordering, order: readonly Placed[], left: Operation): boolean {
  const text = canonical(left.input);
  const places = order.flatMap(({ operation, input }, place) =>
    operation === undefined && canonical(input) === text ? [place] : [],
  );
  if (places.length === 0) return false;
  if (places.length > 1) return true;
  return order.some(({ operation }, place) => {
    if (!operation) return false;
    return place < (places[0] as number) ? ordering.before(left, operation) : ordering.before(operation, left);
  });
}

/** By how close they began to where the search stuck, the closest first. */
function nearest(operations: readonly Operation[], stuck: readonly Operation[]): readonly Operation[] {
  const end = Math.max(...stuck.map(({ returnedAt, invokedAt }) => returnedAt ?? invokedAt));
  return operations.toSorted((a, b) => Math.abs(end - a.invokedAt) - Math.abs(end - b.invokedAt));
}
