/** In the place of a value: what the field holds when nothing is asked of it; present, and true where it is asked whether it is. */
export const PLAIN: unique symbol = Symbol('plain');

const LADDER = [1, 0, 2, -1, 10, 100, 1_000, 1_000_000];

/** What to try for a number of which only that it is compared is known. */
export const numbers = (): readonly number[] => LADDER;

/** Values that are like `value`, and other. */
export function unlike(value: unknown): readonly unknown[] {
  switch (typeof value) {
    case 'string':
      return value === '' ? [PLAIN, 'a'] : [`${value}a`, ''];
    case 'number':
      return [value + 1, value - 1];
    case 'bigint':
      return [value + 1n, value - 1n];
    case 'boolean':
      return [!value];
    default:
      if (value instanceof Date) return [new Date(value.getTime() + 1)];
      return [PLAIN, 'a', 1];
  }
}

/** What is before and after a value in its order. */
function around(value: unknown): { readonly below: readonly unknown[]; readonly above: readonly unknown[] } {
  if (typeof value === 'number') return { below: [value - 1], above: [value + 1] };
  if (typeof value === 'bigint') return { below: [value - 1n], above: [value + 1n] };
  if (value instanceof Date) return { below: [new Date(value.getTime() - 1)], above: [new Date(value.getTime() + 1)] };
  if (typeof value === 'string') return { below: ['', value.slice(0, -1)], above: [`${value}a`] };
  return { below: [], above: [] };
}

/** Values for which `x operator value` comes to `want`, those at the boundary first. */
export function comparable(operator: string, value: unknown, want: boolean): readonly unknown[] {
  switch (operator) {
    case '===':
    case '==':
      return want ? [value] : unlike(value);
    case '!==':
    case '!=':
      return want ? unlike(value) : [value];
    case '<':
      return want ? around(value).below : [value, ...around(value).above];
    case '<=':
      return want ? [value, ...around(value).below] : around(value).above;
    case '>':
      return want ? around(value).above : [value, ...around(value).below];
    case '>=':
      return want ? [value, ...around(value).above] : around(value).below;
    default:
      return [];
  }
}

/** `a < b` as `b > a`. */
export const turned = (operator: string): string =>
  ({ '<': '>', '>': '<', '<=': '>=', '>=': '<=' })[operator] ?? operator;

export const TRUTHY: readonly unknown[] = [PLAIN];
export const FALSY: readonly unknown[] = ['', 0, false, undefined, null];

/** Values of each type that `typeof` tells. */
export const OF_TYPE: Readonly<Record<string, readonly unknown[]>> = {
  string: ['a'],
  number: [1],
  boolean: [true],
  bigint: [1n],
  object: [{}],
  undefined: [undefined],
  function: [],
  symbol: [],
};

/** Instances of classes that are everywhere. */
export const INSTANCES: Readonly<Record<string, () => unknown>> = {
  Date: () => new Date(0),
  Error: () => new Error('failed'),
  TypeError: () => new TypeError('failed'),
  RangeError: () => new RangeError('failed'),
  Map: () => new Map(),
  Set: () => new Set(),
  Array: () => ['a'],
  Object: () => ({}),
  RegExp: () => /a/,
  Uint8Array: () => new Uint8Array([1]),
};
