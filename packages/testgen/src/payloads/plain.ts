import type { Kind } from './infer/facts.ts';
import type { Model } from './infer/model.ts';

type Field = Model['fields'][number];

/** Texts that people's own checks tend to look for, where nobody can see what they look for. */
const FORMATS: readonly string[] = [
  'a@example.com',
  '1',
  '123',
  '4242424242424242',
  '2030-01-01',
  '12/30',
  'https://example.com',
  '+41441234567',
  'Aa1!aaaaaaaa',
  'a'.repeat(20),
];

const VALUES: Readonly<Record<Kind, readonly unknown[]>> = {
  string: ['a', '', 'b', ...FORMATS],
  digits: ['1', '0', '2', '', 'a', '-1', '100'],
  number: [1, 0, 2, -1, 10, 100, 1_000, 1_000_000],
  boolean: [true, false],
  bigint: [1n, 0n, 2n, -1n, 1_000n],
  list: [['a'], [], ['a', 'b']],
  object: [{}],
  date: [new Date(0), new Date('2030-01-01T00:00:00Z'), new Date('2000-01-01T00:00:00Z')],
};
const UNKNOWN: readonly unknown[] = ['a', '', 1, 0, true, false, 'b', 1_000, ...FORMATS];

const NUMBER_NAME =
  /^(count|amount|qty|quantity|price|total|age|index|level|floor|position|delta|time|now|duration|by|ms|x|y|clientX|clientY|width|height|score|points|at|volume)$|(Ms|Count|Index|Amount|Time)$/;
const BOOLEAN_NAME = /^(is|has|can|should)[A-Z]|^(ok|enabled|checked|valid|active|accepted|success)$/;

/** Values to try for a field of which no condition speaks, the plainest first. */
export function valuesOfField({ kinds, path }: Field): readonly unknown[] {
  const name = path.at(-1) ?? '';
  if (kinds.size > 0) return [...kinds].flatMap((kind) => VALUES[kind]);
  if (BOOLEAN_NAME.test(name)) return VALUES.boolean;
  return NUMBER_NAME.test(name) ? VALUES.number : UNKNOWN;
}

/** Whether a value is of a type that the field is seen to have. */
export function fits(value: unknown, { kinds }: Field): boolean {
  if (kinds.size === 0 || value === undefined || value === null) return true;
  switch (typeof value) {
    case 'string':
    case 'number':
      return kinds.has('digits') || kinds.has(typeof value as Kind);
    case 'boolean':
    case 'bigint':
      return kinds.has(typeof value as Kind);
    case 'object':
      if (Array.isArray(value)) return kinds.has('list');
      return value instanceof Date ? kinds.has('date') : ![...kinds].some((kind) => kind !== 'object');
    default:
      return true;
  }
}
