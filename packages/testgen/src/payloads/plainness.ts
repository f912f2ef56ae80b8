import { canonical } from '@synod/protocol';

/** Equal for values that no machine can tell apart by looking into them. An error's own fields count as well. */
export const identity = (value: unknown): string =>
  value instanceof Error ? `${canonical(value)}${canonical({ ...value })}` : canonical(value);

/** Each value once, the first of equal ones. */
export function distinct<T>(values: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    const key = identity(value);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Small values of plain characters come first; of equal ones, that which was drawn first. */
export const plainestFirst = (values: readonly unknown[]): readonly unknown[] =>
  [...values].sort((a, b) => effort(a) - effort(b));

function effort(value: unknown): number {
  const text = canonical(value);
  return text.length + 20 * (text.match(/[^\x20-\x7e]|\\/g)?.length ?? 0);
}
