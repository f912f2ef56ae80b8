import { SynodError } from '@synod/protocol';
import { compose } from './compose.ts';
import type { Lookup } from './infer/lens.ts';
import type { Model } from './infer/model.ts';
import type { Given } from './options.ts';
import { distinct, plainestFirst } from './plainness.ts';
import { type Proposal, propose } from './propose.ts';
import { draw, refusal, type Schema, structureOf } from './schema/standard.ts';

/** Draws that are made of a schema's structure, and how many of those that it accepts are kept. */
const DRAWS = 300;
const KEPT = 40;
/** Values of a schema whose fields are set to what conditions ask for. */
const BASES = 3;

/** Judges a value; undefined where it is accepted. */
export type Judge = (value: unknown) => string | undefined;

/**
 * The cases given for a place.
 * @throws SynodError `PAYLOAD_REFUSED` for one that the schema beside them refuses.
 */
export function judged(cases: readonly unknown[], judge: Judge | undefined, what: string): readonly unknown[] {
  for (const [index, value] of cases.entries()) {
    const why = judge?.(value);
    if (why === undefined) continue;
    throw new SynodError(
      'PAYLOAD_REFUSED',
      `Case ${index + 1} of ${what} is refused by its schema: ${why}; mend the case or the schema.`,
    );
  }
  return distinct(cases);
}

/** What is drawn from a schema or an arbitrary, the plainest first. */
export function drawnFrom({ schema, arbitrary }: Given, seed: number, judge: Judge | undefined): readonly unknown[] {
  const source = arbitrary ?? (schema && structureOf(schema));
  if (!source) return [];
  const values = plainestFirst(distinct(draw(source, seed, DRAWS)));
  return (judge ? values.filter((value) => judge(value) === undefined) : values).slice(0, KEPT);
}

/**
 * Values that a schema accepts: those drawn from its structure, and these with fields as conditions of the machine ask for them.
 * @throws SynodError `SCHEMA_OPAQUE` for a schema of which no value is known.
 */
export function ofSchema(
  drawn: readonly unknown[],
  model: Model,
  look: Lookup,
  judge: Judge,
  { seed, most, what }: { readonly seed: number; readonly most: number; readonly what: string },
): readonly unknown[] {
  const proposals = propose(model, look, seed, most);
  const plain = [proposals[0]?.value, undefined, 'a', 1, true, {}].filter((value) => judge(value) === undefined);
  const bases = drawn.length > 0 ? drawn : plain;
  const sought = proposals.flatMap((proposal) => {
    if (proposal.chosen.size === 0) return [];
    return [...bases.slice(0, BASES).map((base) => changed(base, proposal)), proposal.value].filter(
      (value) => judge(value) === undefined,
    );
  });
  const values = distinct([...bases.slice(0, 1), ...sought, ...bases.slice(1)]);
  if (values.length > 0) return values;
  throw new SynodError(
    'SCHEMA_OPAQUE',
    `No value is known that the schema of ${what} accepts, since it has no JSON Schema to go by; give cases or a fast-check arbitrary.`,
  );
}

/** `base` with what a proposal has chosen. */
function changed(base: unknown, { chosen, value }: Proposal): unknown {
  if (typeof base !== 'object' || base === null) return value;
  return compose(new Map([['', undefined]]), new Map([['', base], ...chosen]));
}

export const judgeOf = (schema: Schema | undefined, what: string): Judge | undefined =>
  schema && ((value) => refusal(schema, value, what));
