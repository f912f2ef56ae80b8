import { canonical } from '@synod/protocol';

/** Where two values differ, and how each is to be told. */
export interface ValueDifference {
  readonly path: readonly string[];
  readonly before: string;
  readonly after: string;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);

/** The places in which two values differ, as deep as both are plain objects or lists. */
export function differencesOf(
  before: unknown,
  after: unknown,
  path: readonly string[] = [],
): readonly ValueDifference[] {
  if (canonical(before) === canonical(after)) return [];
  if (!isPlain(before) || !isPlain(after) || Array.isArray(before) !== Array.isArray(after))
    return [{ path, before: told(before), after: told(after) }];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const inner = keys.flatMap((key) => differencesOf(before[key], after[key], [...path, key]));
  return inner.length > 0 ? inner : [{ path, before: told(before), after: told(after) }];
}

/** A value in a word or two: of what class it is, or itself if it is short. */
function told(value: unknown): string {
  if (typeof value !== 'object' || value === null)
    return typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value));
  const name = value.constructor?.name ?? 'Object';
  if (name !== 'Object' && name !== 'Array') return `a ${name}`;
  const text = canonical(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
