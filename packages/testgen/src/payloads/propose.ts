import fc from 'fast-check';
import { type Assignment, compose } from './compose.ts';
import { PLAIN } from './infer/candidate.ts';
import type { Lookup } from './infer/lens.ts';
import type { Model } from './infer/model.ts';
import type { Plan, Wish } from './infer/plan.ts';
import { keyOf } from './infer/term.ts';
import { fits, valuesOfField } from './plain.ts';
import { identity } from './plainness.ts';

/** A value that was thought out, and what of it was chosen on purpose. */
export interface Proposal {
  readonly value: unknown;
  readonly chosen: Assignment;
}

/** Values tried for one field of one plan, and ways taken of one plan. */
const PER_FIELD = 8;
const PER_PLAN = 12;
/** Draws of all fields at random. */
const DRAWN = 40;

type FieldOf = Model['fields'][number];

/**
 * Values for the fields of a model: the plain one; those that meet a condition or fail it; those that do so for two conditions at once; the
 * plain one with one field changed; and some drawn at random. Deterministic.
 */
export function propose(model: Model, look: Lookup, seed: number, most: number): readonly Proposal[] {
  const { fields, plain } = partsOf(model);
  const found = new Map<string, Proposal>();
  const add = (chosen: Assignment): boolean => {
    const value = compose(plain, chosen);
    const key = identity(value);
    if (!found.has(key)) found.set(key, { value, chosen });
    return found.size < most;
  };
  let tries = 0;
  for (const chosen of candidates(model, fields, look, seed)) if (!add(chosen) || ++tries >= 2 * most) break;
  return [...found.values()];
}

function* candidates(
  model: Model,
  fields: ReadonlyMap<string, FieldOf>,
  look: Lookup,
  seed: number,
): Generator<Assignment> {
  yield new Map();
  const seen = new Set<string>();
  const isNew = (way: Assignment): boolean => {
    const key = identity(way);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  const ways = model.ways
    .map((plans) => plans.flatMap((plan) => assignments(plan, fields, look)).filter(isNew))
    .filter((way) => way.length > 0);
  // Of every condition one way at first: what comes early is kept where there is much.
  for (const way of ways) if (way[0]) yield way[0];
  for (const way of ways) yield* way.slice(1);
  for (const [index, one] of ways.entries())
    for (const other of ways.slice(index + 1))
      for (const a of one.slice(0, 3)) for (const b of other.slice(0, 3)) yield new Map([...a, ...b]);
  const { leaves } = partsOf(model);
  for (const field of leaves) for (const value of valuesOfField(field)) yield new Map([[keyOf(field.path), value]]);
  // A field may matter only beside another: the value of the field that an event names.
  for (const beside of ways.slice(0, 4).flatMap((way) => way.slice(0, 3)))
    for (const field of leaves) {
      const key = keyOf(field.path);
      if (!beside.has(key)) for (const value of valuesOfField(field)) yield new Map([...beside, [key, value]]);
    }
  yield* drawn(leaves, ways, seed);
}

/** The ways to grant all wishes of a plan. */
function assignments(plan: Plan, fields: ReadonlyMap<string, FieldOf>, look: Lookup): readonly Assignment[] {
  const wishes = new Map<string, unknown[]>();
  for (const wish of plan) {
    const key = keyOf(wish.path);
    wishes.set(key, [...(wishes.get(key) ?? []), ...granted(wish, fields.get(key), look)]);
  }
  let ways: readonly Assignment[] = [new Map()];
  for (const [key, values] of wishes)
    ways = [...values, ...fused(values)]
      .slice(0, PER_FIELD)
      .flatMap((value) =>
        ways.map((way) => (value === PLAIN && !isLeaf(key, fields) ? way : new Map([...way, [key, value]]))),
      )
      .slice(0, PER_PLAN);
  return ways;
}

/** Texts that begin or end as one and are as long as another: `80` and five characters make `80aaa`. */
function fused(values: readonly unknown[]): readonly unknown[] {
  const texts = values.filter((value): value is string => typeof value === 'string' && value !== '').slice(0, 4);
  return texts.flatMap((short) =>
    texts.flatMap((long) =>
      short.length < long.length
        ? [short + long.slice(short.length), long.slice(0, long.length - short.length) + short]
        : [],
    ),
  );
}

const isLeaf = (key: string, fields: ReadonlyMap<string, FieldOf>): boolean =>
  ![...fields.keys()].some((other) => other.startsWith(`${key}\u0000`));

function granted(wish: Wish, field: FieldOf | undefined, look: Lookup): readonly unknown[] {
  const values = wish.draw(look);
  const suited = field ? values.filter((value) => value === PLAIN || fits(value, field)) : values;
  const chosen = suited.length > 0 ? suited : values;
  return chosen.map((value) => (value === PLAIN && field ? (valuesOfField(field)[0] ?? 'a') : value));
}

const leavesOf = (model: Model): readonly FieldOf[] => {
  const keys = model.fields.map(({ path }) => keyOf(path));
  return model.fields.filter(
    ({ path }) => !keys.some((key) => (path.length === 0 ? key !== '' : key.startsWith(`${keyOf(path)}\u0000`))),
  );
};

interface Parts {
  readonly fields: ReadonlyMap<string, FieldOf>;
  readonly leaves: readonly FieldOf[];
  readonly plain: Assignment;
}

const parts = new WeakMap<Model, Parts>();

/** What is the same in every context. */
function partsOf(model: Model): Parts {
  const known = parts.get(model);
  if (known) return known;
  const leaves = leavesOf(model);
  const made = {
    fields: new Map(model.fields.map((field) => [keyOf(field.path), field])),
    leaves,
    plain: new Map(leaves.map((field) => [keyOf(field.path), valuesOfField(field)[0]])),
  };
  parts.set(model, made);
  return made;
}

/** Fields set at random, to values that conditions asked for or to others. */
function drawn(
  leaves: readonly FieldOf[],
  ways: readonly (readonly Assignment[])[],
  seed: number,
): readonly Assignment[] {
  const values = new Map<string, unknown[]>(leaves.map((field) => [keyOf(field.path), [...valuesOfField(field)]]));
  for (const [key, value] of ways.flat().flatMap((way) => [...way]))
    values.set(key, [...(values.get(key) ?? []), value]);
  if (values.size < 2) return [];
  const arbitrary = fc.tuple(
    ...[...values].map(([key, each]) => fc.constantFrom(...each).map((value) => [key, value] as const)),
  );
  return fc.sample(arbitrary, { seed, numRuns: DRAWN }).map((entries) => new Map(entries));
}
