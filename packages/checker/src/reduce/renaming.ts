import { Sequence, SynodError } from '@synod/protocol';

/** How a world is told in other words: other nodes in the places of these, and smaller numbers. */
export interface Words {
  /** Other names for addresses and nodes. */
  readonly names: ReadonlyMap<string, string>;
  /** What is taken off every number above 0 in a field of `ordered`. */
  readonly shift: number;
  readonly ordered: ReadonlySet<string>;
  /** Fields whose lists are sets of nodes: kept sorted. */
  readonly sets: ReadonlySet<string>;
}

type Flagged = { readonly [flag: string]: unknown };

/** The value in other words; the same object where nothing changes. Throws `MODEL_INVALID` for what it cannot look into. */
export function rename(value: unknown, words: Words, field = ''): unknown {
  if (typeof value === 'string') return words.names.get(value) ?? value;
  if (typeof value === 'number')
    return words.shift !== 0 && value > 0 && words.ordered.has(field) ? value - words.shift : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return renameList(value, words, field);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return renameRecord(value, words);
  return renameInstance(value as Flagged & object, words, field);
}

function renameList(list: readonly unknown[], words: Words, field: string): readonly unknown[] {
  const renamed = list.map((item) => rename(item, words, field));
  if (words.sets.has(field)) renamed.sort(byText);
  return renamed.every((item, index) => item === list[index]) ? list : renamed;
}

const byText = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : 1);

function renameRecord(record: object, words: Words): object {
  let isSame = true;
  const entries = Object.entries(record).map(([key, item]) => {
    const [name, renamed] = [words.names.get(key) ?? key, rename(item, words, key)];
    isSame &&= name === key && renamed === item;
    return [name, renamed] as const;
  });
  return isSame ? record : Object.fromEntries(entries);
}

/** Collections of JavaScript, of Immutable.js and ours; what cannot hold a name stays as it is. */
function renameInstance(value: Flagged & object, words: Words, field: string): object {
  const each = (item: unknown): unknown => rename(item, words, field);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [each(key), each(item)]));
  if (value instanceof Set) return new Set([...value].map(each));
  if (value instanceof Sequence) return Sequence.from([...value].map(each));
  if (value instanceof Date || value instanceof RegExp || value instanceof Error || ArrayBuffer.isView(value))
    return value;
  if (value['@@__IMMUTABLE_KEYED__@@'] === true) {
    const map = value as unknown as { mapEntries(f: (entry: readonly [unknown, unknown]) => unknown): object };
    return map.mapEntries(([key, item]) => [each(key), each(item)]);
  }
  if (value['@@__IMMUTABLE_ITERABLE__@@'] === true || value['@@__IMMUTABLE_COLLECTION__@@'] === true)
    return (value as unknown as { map(f: (item: unknown) => unknown): object }).map(each);
  throw new SynodError(
    'MODEL_INVALID',
    `The field "${field}" holds a ${value.constructor?.name ?? 'class instance'}, in which nodes and numbers cannot be renamed; keep plain data in a model with "symmetry" or "ordered".`,
  );
}
