import type { Lookup } from './infer/lens.ts';

/** More elements of one list than this are not looked at. */
const MOST = 8;

/** Looks into a context. */
export const lookupIn =
  (context: unknown): Lookup =>
  (path) =>
    path.reduce<readonly unknown[]>((values, key) => values.flatMap((value) => partsOf(value, key)), [context]);

function partsOf(value: unknown, key: string): readonly unknown[] {
  if (typeof value === 'string' || typeof value !== 'object' || value === null) return [];
  if (key === '*') return elementsOf(value).slice(0, MOST);
  if (value instanceof Map) return value.has(key) ? [value.get(key)] : [];
  const part = (value as Record<string, unknown>)[key];
  return part === undefined ? [] : [part];
}

export const elementsOf = (value: object): readonly unknown[] =>
  value instanceof Map || value instanceof Set || Array.isArray(value) ? [...value.values()] : Object.values(value);

/** The keys of a map or an object, the indexes of a list, the members of a set. */
export const keysOf = (value: unknown): readonly unknown[] => {
  if (typeof value !== 'object' || value === null) return [];
  if (value instanceof Map || value instanceof Set) return [...value.keys()].slice(0, MOST);
  return (Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value)).slice(0, MOST);
};
