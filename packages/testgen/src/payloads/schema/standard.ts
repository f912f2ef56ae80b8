import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { describeError, describeIssues, SynodError } from '@synod/protocol';
import { toJsonSchema } from '@valibot/to-json-schema';
import fc from 'fast-check';
import { arbitraryOf, type JsonSchema, OWN_TYPE } from './json-schema.ts';

/** A schema of any library that has the Standard Schema interface: zod, valibot, arktype and others. */
export type Schema = StandardSchemaV1;

/** Whether a value can be asked as a Standard Schema. Some libraries' schemas are functions. */
export const isSchema = (value: unknown): value is Schema => {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const { '~standard': standard } = value as { readonly '~standard'?: { readonly validate?: unknown } };
  return typeof standard?.validate === 'function';
};

/**
 * Why a schema refuses a value; undefined where it does not.
 * @throws SynodError `SCHEMA_ASYNC`, `SCHEMA_FAILED`.
 */
export function refusal(schema: Schema, value: unknown, what: string): string | undefined {
  let result: ReturnType<Schema['~standard']['validate']>;
  try {
    result = schema['~standard'].validate(value);
  } catch (cause) {
    throw new SynodError(
      'SCHEMA_FAILED',
      `The schema of ${what} threw "${describeError(cause)}" where it should tell what is wrong; mend it, or give cases in its place.`,
      { cause },
    );
  }
  if (result instanceof Promise) {
    result.catch(() => {});
    throw new SynodError(
      'SCHEMA_ASYNC',
      `The schema of ${what} validates asynchronously; give one that answers at once, or cases in its place.`,
    );
  }
  return result.issues ? describeIssues(result.issues) : undefined;
}

/** Values of a schema's structure, where it can be had: not each of them is valid. */
export function structureOf(schema: Schema): fc.Arbitrary<unknown> | undefined {
  const json = jsonSchemaOf(schema);
  return json === undefined ? undefined : arbitraryOf(json);
}

/** The JSON Schema of what a schema takes; undefined where the library cannot tell. */
export function jsonSchemaOf(schema: Schema): JsonSchema | undefined {
  const standard = schema['~standard'];
  const { jsonSchema } = standard as Partial<StandardJSONSchemaV1.Props>;
  try {
    if (jsonSchema)
      return jsonSchema.input({
        target: 'draft-2020-12',
        ...(standard.vendor === 'zod' && { libraryOptions: ZOD }),
      });
    if (standard.vendor === 'valibot') return valibotSchema(schema);
  } catch {
    // A schema that JSON Schema has no words for.
  }
  return undefined;
}

/** Types that JSON does not know, by the names that zod and valibot both have for them. */
const OWN = new Set(['date', 'bigint', 'map', 'set', 'undefined']);

const ZOD = {
  unrepresentable: 'any',
  override: ({ zodSchema, jsonSchema }: { zodSchema: { _zod: { def: { type: string } } }; jsonSchema: object }) => {
    const { type } = zodSchema._zod.def;
    if (OWN.has(type)) Object.assign(jsonSchema, { [OWN_TYPE]: type });
  },
};

function valibotSchema(schema: Schema): JsonSchema {
  return toJsonSchema(schema as unknown as Parameters<typeof toJsonSchema>[0], {
    errorMode: 'ignore',
    typeMode: 'input',
    overrideSchema: ({ valibotSchema }) =>
      OWN.has(valibotSchema.type) ? ({ [OWN_TYPE]: valibotSchema.type } as object) : undefined,
  }) as JsonSchema;
}

/** Draws from an arbitrary, the same ones for the same seed. */
export const draw = (arbitrary: fc.Arbitrary<unknown>, seed: number, count: number): readonly unknown[] =>
  fc.sample(arbitrary, { seed, numRuns: count });
