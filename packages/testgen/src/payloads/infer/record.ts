import type { Kind } from './facts.ts';

/** What was seen of a value by running a function on it: the paths that were read, and what was done with them. */
export type Recorded = ReadonlyMap<string, { readonly path: readonly string[]; readonly kinds: ReadonlySet<Kind> }>;

/** A function that reads on and on, as a loop over a value that never ends does, is stopped here. */
const MOST_READS = 500;

const TEXT = new Set([
  'trim',
  'toLowerCase',
  'toUpperCase',
  'startsWith',
  'endsWith',
  'split',
  'charAt',
  'replace',
  'match',
]);
const LIST = new Set(['map', 'filter', 'some', 'every', 'find', 'forEach', 'reduce', 'join', 'flatMap', 'findIndex']);

/**
 * Runs `read` on a value of which nothing is known, and tells what it looked at. What it throws is of no interest: reading is over then.
 */
export function record(read: (value: unknown) => unknown): Recorded {
  const seen = new Map<string, { readonly path: readonly string[]; readonly kinds: Set<Kind> }>();
  let reads = 0;
  const note = (path: readonly string[], kind?: Kind): void => {
    if (++reads > MOST_READS) throw new Error('it reads without end');
    const key = path.join('\u0000');
    const found = seen.get(key) ?? { path, kinds: new Set<Kind>() };
    seen.set(key, found);
    if (kind) found.kinds.add(kind);
  };
  const value = (path: readonly string[]): unknown =>
    new Proxy(() => {}, {
      get: (_, key) => {
        if (key === Symbol.toPrimitive)
          return (hint: string) => {
            note(path, hint === 'number' ? 'number' : undefined);
            return hint === 'number' ? 1 : 'a';
          };
        if (key === Symbol.iterator) {
          note(path, 'list');
          return () => [value([...path, '*'])].values();
        }
        if (typeof key === 'symbol') return undefined;
        if (path.length > 0 && (TEXT.has(key) || LIST.has(key) || key === 'length')) {
          note(path, TEXT.has(key) ? 'string' : LIST.has(key) ? 'list' : undefined);
          return key === 'length' ? 1 : value([...path, key]);
        }
        const inner = [...path, /^\d+$/.test(key) ? '*' : key];
        note(inner);
        return value(inner);
      },
      has: (_, key) => {
        if (typeof key === 'string') note([...path, key]);
        return true;
      },
      apply: () => value([...path, '()']),
    });
  try {
    read(value([]));
  } catch {
    // What was seen until then is what there is to know.
  }
  return new Map([...seen].filter(([, { path }]) => !path.includes('()') && !METHODS.has(path.at(-1) ?? '')));
}

/** What was looked at to be called is no field. */
const METHODS = new Set([
  ...TEXT,
  ...LIST,
  'toString',
  'valueOf',
  'toJSON',
  'getTime',
  'toISOString',
  'test',
  'includes',
]);
