/** Finds what the world's context holds at a path; `*` stands for every element of a list, map or object. */
export type Lookup = (path: readonly string[]) => readonly unknown[];

/** How an expression is made of a field, and what the field may be for the expression to come to a value. */
export interface Lens {
  forth(value: unknown): unknown;
  back(value: unknown, look: Lookup): readonly unknown[];
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** Longer texts and lists are not made to meet a guard. */
const LONGEST = 1_000;

/** Changes nothing that matters for what values to try: `trim`, `toLowerCase`, `Math.round`. */
export const SAME: Lens = { forth: (value) => value, back: (value) => [value] };

export const LENGTH: Lens = {
  forth: (value) => (value as { readonly length?: unknown } | null | undefined)?.length,
  back: (value) => {
    if (!isNumber(value) || !Number.isInteger(value) || value < 0 || value > LONGEST) return [];
    return ['a'.repeat(value), Array.from({ length: value }, () => 'a')];
  },
};

export const SIZE: Lens = {
  forth: (value) => (value as { readonly size?: unknown } | null | undefined)?.size,
  back: (value) => {
    if (!isNumber(value) || !Number.isInteger(value) || value < 0 || value > LONGEST) return [];
    const items = Array.from({ length: value }, (_, index) => `a${index}`);
    return [new Set(items), new Map(items.map((item) => [item, true]))];
  },
};

/** `Number(x)`: what people type comes as text, so that is tried first. */
export const NUMBER: Lens = {
  forth: (value) => Number(value),
  back: (value) => (isNumber(value) ? [String(value), value] : typeof value === 'bigint' ? [String(value)] : [value]),
};

export const TEXT: Lens = { forth: String, back: (value) => [value] };

export const TIME: Lens = {
  forth: (value) => (value instanceof Date ? value.getTime() : value),
  back: (value) => (isNumber(value) && Number.isFinite(value) ? [new Date(value)] : []),
};

export const DATE: Lens = {
  forth: (value) => (isNumber(value) || typeof value === 'string' ? new Date(value) : value),
  back: (value) => (value instanceof Date ? [value.getTime(), value, value.toISOString()] : [value]),
};

export const KEYS: Lens = {
  forth: (value) => (typeof value === 'object' && value !== null ? Object.keys(value) : []),
  back: (value) =>
    Array.isArray(value)
      ? [Object.fromEntries(value.map((item, index) => [`${String(item)}${index || ''}`, item]))]
      : [],
};

export const split = (separator: string): Lens => ({
  forth: (value) => (typeof value === 'string' ? value.split(separator) : value),
  back: (value) => (Array.isArray(value) ? [value.join(separator)] : [value]),
});

/** Arithmetic of a field with another operand, which may lie in the context. */
export function arithmetic(operator: string, others: (look: Lookup) => readonly unknown[], fieldFirst: boolean): Lens {
  return {
    forth: (value) => {
      const [other] = others(() => []);
      if (!isNumber(value) || !isNumber(other)) return value;
      return compute(operator, fieldFirst ? value : other, fieldFirst ? other : value);
    },
    back: (value, look) => {
      const found = others(look).flatMap((other) => solveFor(operator, value, other, fieldFirst));
      return found.length > 0 ? found : [value];
    },
  };
}

/** `a operator b` of numbers; undefined for other operators. */
export function compute(operator: string, a: number, b: number): number | undefined {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  if (operator === '/') return a / b;
  if (operator === '%') return a % b;
  return operator === '**' ? a ** b : undefined;
}

/** The x for which `x operator other` is `value`, or `other operator x` where the field comes second. */
function solveFor(operator: string, value: unknown, other: unknown, fieldFirst: boolean): readonly unknown[] {
  if (typeof value === 'string' && typeof other === 'string' && operator === '+') {
    if (fieldFirst) return value.endsWith(other) ? [value.slice(0, value.length - other.length)] : [];
    return value.startsWith(other) ? [value.slice(other.length)] : [];
  }
  if (!isNumber(value) || !isNumber(other)) return [];
  if (operator === '+') return [value - other];
  if (operator === '-') return [fieldFirst ? value + other : other - value];
  if (operator === '*') return other === 0 ? [value] : [value / other];
  if (operator === '/') return [fieldFirst ? value * other : other / value].filter(Number.isFinite);
  return operator === '%' && fieldFirst ? [value, value + other] : [value];
}
