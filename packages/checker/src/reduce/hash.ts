const mix = (x: number): number => {
  let y = x | 0;
  y = Math.imul(y ^ (y >>> 16), 0x21f0aaad);
  y = Math.imul(y ^ (y >>> 15), 0x735a2d97);
  return y ^ (y >>> 15);
};

/** Two numbers as one, by order. */
export const pair = (a: number, b: number): number => mix(Math.imul(a, 0x9e3779b1) + b);

const hashText = (text: string): number => {
  let hash = text.length;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return mix(hash);
};

/**
 * A number that equal values share, where records, maps, sets and the lists of `sets` have no order. `name` gives a text its meaning:
 * texts of one meaning count as equal. Different values may share a number; who compares by it must be content with that.
 */
export function hash(value: unknown, name: (text: string) => string, sets: ReadonlySet<string>, field = ''): number {
  const of = (item: unknown, key = field): number => hash(item, name, sets, key);
  switch (typeof value) {
    case 'string':
      return hashText(name(value));
    case 'object':
      break;
    default:
      return hashText(String(value));
  }
  if (value === null) return 1;
  const unordered = (items: Iterable<unknown>, each: (item: unknown) => number): number => {
    let sum = 2;
    for (const item of items) sum = (sum + mix(each(item))) | 0;
    return sum;
  };
  if (isKeyed(value))
    return unordered(value, (entry) => pair(of((entry as unknown[])[0]), of((entry as unknown[])[1])));
  if (value instanceof Set || (Array.isArray(value) && sets.has(field))) return unordered(value, (item) => of(item));
  if (Symbol.iterator in value) {
    let all = 3;
    for (const item of value as Iterable<unknown>) all = pair(all, of(item));
    return all;
  }
  return unordered(Object.entries(value), (entry) => {
    const [key, item] = entry as [string, unknown];
    return item === undefined ? 0 : pair(hashText(name(key)), of(item, key));
  });
}

const isKeyed = (value: object): value is Iterable<unknown> =>
  value instanceof Map || (value as { [flag: string]: unknown })['@@__IMMUTABLE_KEYED__@@'] === true;
