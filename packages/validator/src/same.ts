/** Whether two values of plain JSON are equal. Fields that are undefined count as absent, in lists as null. */
export const sameJson = (a: unknown, b: unknown): boolean => difference(a, b) === undefined;

export interface Difference {
  /** Where, as `entries.0.term`; empty for the values as a whole. */
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** The first place in which two values of plain JSON differ. */
export function difference(a: unknown, b: unknown, path = ''): Difference | undefined {
  if (a === b) return undefined;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return (a ?? null) === (b ?? null) ? undefined : { path, a, b };
  if (Array.isArray(a) !== Array.isArray(b)) return { path, a, b };
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      const found = difference(a[index], b[index], join(path, index));
      if (found) return found;
    }
    return a.length === b.length ? undefined : { path, a, b };
  }
  const [left, right] = [a as Fields, b as Fields];
  for (const key of Object.keys(left)) {
    const found = difference(left[key], right[key], join(path, key));
    if (found) return found;
  }
  for (const key of Object.keys(right))
    if (left[key] === undefined && right[key] !== undefined)
      return { path: join(path, key), a: undefined, b: right[key] };
  return undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const join = (path: string, key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);

/** A value as a short text. */
export function brief(value: unknown, most = 160): string {
  const text = value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
