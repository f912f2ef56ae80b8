// A context as a tree of rows: plain JSON, within limits, as a trace carries it (`plainJson` of @synod/protocol).

/** How a value differs from the one it is compared with. */
export type Change = 'added' | 'removed' | 'changed';

export interface TreeRow {
  /** Its place in the whole, a JSON pointer. */
  readonly path: string;
  readonly depth: number;
  readonly name: string;
  /** Undefined where the value is not there any more. */
  readonly value: unknown;
  /** What stood there in what it is compared with. */
  readonly other: unknown;
  readonly change: Change | undefined;
  /** Of a value with others within: whether they are shown. */
  readonly isOpen: boolean | undefined;
  /** Whether the trace left out a part of it. */
  readonly isCut: boolean;
}

/** Levels that are compared; what lies deeper counts as different. */
const MAX_DEPTH = 100;
/** Changes are shown opened down to this level. */
const OPENED_DEPTH = 6;
/** Values within one that are shown. */
const MAX_CHILDREN = 10_000;

type Fields = Readonly<Record<string, unknown>>;
const isInner = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether two values of plain JSON are alike. */
export function isSame(a: unknown, b: unknown, depth = 0): boolean {
  if (Object.is(a, b)) return true;
  if (!isInner(a) || !isInner(b) || Array.isArray(a) !== Array.isArray(b) || depth > MAX_DEPTH) return false;
  const [names, others] = [Object.keys(a), Object.keys(b)];
  return (
    names.length === others.length &&
    names.every((name) => Object.hasOwn(b, name) && isSame((a as Fields)[name], (b as Fields)[name], depth + 1))
  );
}

/** How many of a list's first items a trace left out: it says so in the place of the first. */
function leftOut(list: readonly unknown[]): number {
  const [first] = list;
  const count = typeof first === 'string' ? /^… (\d+) more$/.exec(first)?.[1] : undefined;
  return count === undefined ? 0 : Number(count);
}

/** The values within a value, by name; items of a list by the place that they have in the whole list. */
export function childrenOf(value: unknown): ReadonlyMap<string, unknown> {
  if (!isInner(value)) return new Map();
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const hidden = leftOut(value);
  if (hidden === 0) return new Map(value.map((item, at) => [String(at), item]));
  return new Map([['…', value[0]], ...value.slice(1).map((item, at) => [String(hidden + at), item] as const)]);
}

/** How many values stand within one. */
const sizeOf = (value: unknown): number =>
  !isInner(value) ? 0 : Array.isArray(value) ? value.length : Object.keys(value).length;

/**
 * The values within `before` as far as they can be compared with those of `now`: of two lists whose first items were left out, in neither of
 * which anything is known of the items that the other has before its own begin.
 */
function comparable(now: unknown, before: unknown): ReadonlyMap<string, unknown> {
  const earlier = new Map(childrenOf(before));
  if (!Array.isArray(now) || !Array.isArray(before)) return earlier;
  const [hidden, hiddenBefore] = [leftOut(now), leftOut(before)];
  if (hidden === 0 && hiddenBefore === 0) return earlier;
  const present = childrenOf(now);
  for (const name of earlier.keys()) if (Number(name) < hidden) earlier.delete(name);
  for (const [name, value] of present) if (name === '…' || Number(name) < hiddenBefore) earlier.set(name, value);
  if (!present.has('…')) earlier.delete('…');
  return earlier;
}

/** Whether a trace wrote only a part of a value. */
const isCutValue = (name: string, value: unknown): boolean =>
  name === '…' ||
  (typeof value === 'string' && (value.endsWith('…') || /^\((?:secret|cycle|\d+ bytes)\)$/.test(value)));

/** What a person has opened and closed, by path; what is in neither opens where something in it differs. */
export interface Opened {
  readonly open: ReadonlySet<string>;
  readonly closed: ReadonlySet<string>;
}

/** The rows of a value, with what differs from `other` if there is one. */
export function rowsOf(value: unknown, other: { readonly value: unknown } | undefined, opened: Opened): TreeRow[] {
  const rows: TreeRow[] = [];
  const visit = (now: unknown, before: { readonly value: unknown } | undefined, path: string, depth: number): void => {
    const [present, earlier] = [childrenOf(now), before && comparable(now, before.value)];
    const names = new Set([...present.keys(), ...(earlier?.keys() ?? [])]);
    let shown = 0;
    for (const name of names) {
      if (++shown > MAX_CHILDREN) {
        rows.push(moreRow(`${path}/…`, depth, names.size - MAX_CHILDREN));
        break;
      }
      const inner = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const row = rowOf(inner, depth, name, present, earlier, opened);
      rows.push(row);
      if (row.isOpen) visit(row.value ?? row.other, compared(row, earlier), inner, depth + 1);
    }
  };
  visit(value, other, '', 0);
  return rows;
}

/** What the values within a row are compared with: nothing, where the row itself is new or gone. */
const compared = (row: TreeRow, earlier: unknown): { readonly value: unknown } | undefined =>
  earlier === undefined || row.change === 'added' || row.change === 'removed' ? undefined : { value: row.other };

function rowOf(
  path: string,
  depth: number,
  name: string,
  present: ReadonlyMap<string, unknown>,
  earlier: ReadonlyMap<string, unknown> | undefined,
  { open, closed }: Opened,
): TreeRow {
  const [value, other] = [present.get(name), earlier?.get(name)];
  const change = earlier && changeOf(present.has(name), earlier.has(name), value, other);
  const hasInner = sizeOf(value ?? other) > 0;
  const opensItself = change === 'changed' && isInner(value) && isInner(other) && depth < OPENED_DEPTH;
  const isOpen = hasInner ? open.has(path) || (opensItself && !closed.has(path)) : undefined;
  return { path, depth, name, value, other, change, isOpen, isCut: isCutValue(name, value ?? other) };
}

function changeOf(isThere: boolean, wasThere: boolean, value: unknown, other: unknown): Change | undefined {
  if (!wasThere) return 'added';
  if (!isThere) return 'removed';
  return isSame(value, other) ? undefined : 'changed';
}

const moreRow = (path: string, depth: number, count: number): TreeRow => ({
  path,
  depth,
  name: '…',
  value: `${count.toLocaleString('en')} more`,
  other: undefined,
  change: undefined,
  isOpen: undefined,
  isCut: true,
});

/** Values of which a preview tells, and those of a value within it. */
const PREVIEWED = 8;
const WITHIN = 4;

/** A value in one line: `{free: [1, 2], rest: {…}}`. */
export function previewOf(value: unknown, length = 160): string {
  if (value === undefined) return '';
  const text = isInner(value) ? innerPreview(value) : scalar(value, length);
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

function innerPreview(value: object): string {
  const isList = Array.isArray(value);
  const count = sizeOf(value);
  if (count === 0) return isList ? '[]' : '{}';
  const parts: string[] = [];
  for (const [name, inner] of Object.entries(isList ? value.slice(0, PREVIEWED) : value).slice(0, PREVIEWED)) {
    const text = isInner(inner) ? withinPreview(inner) : scalar(inner, 24);
    parts.push(isList ? text : `${name}: ${text}`);
  }
  if (count > PREVIEWED) parts.push('…');
  const text = parts.join(', ');
  return isList ? `[${text}]` : `{${text}}`;
}

/** A value within one that is told of: itself if it is small and flat. */
function withinPreview(value: object): string {
  const isFlat = sizeOf(value) <= WITHIN && !Object.values(value).some(isInner);
  return isFlat ? innerPreview(value) : Array.isArray(value) ? '[…]' : '{…}';
}

const scalar = (value: unknown, length: number): string =>
  typeof value === 'string' && value.length > length ? `"${value.slice(0, length)}…"` : JSON.stringify(value);
