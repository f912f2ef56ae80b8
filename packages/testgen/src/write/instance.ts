/**
 * Stands for an instance of a class in what a test expects: equal by value to any instance of a class of that name with these fields, or
 * with these items where the class is one that iterates. So a generated test needs no import of the class.
 */
export function instance(className: string, holds: object): object {
  const prototype = { constructor: { name: className } };
  const made = Object.create(prototype) as Record<PropertyKey, unknown>;
  if (!Array.isArray(holds)) return Object.assign(made, holds);
  const items: readonly unknown[] = holds;
  Object.defineProperty(made, Symbol.iterator, { value: () => items[Symbol.iterator]() });
  return made;
}

/** Stands for a value that a test does not look at: one that source text cannot say, such as a function. */
export const anything: object = Object.freeze({ anything: true });

/** What was observed, with `anything` wherever that is expected. */
export function overlooked(expected: unknown, actual: unknown): unknown {
  if (expected === anything) return anything;
  if (!isPlain(expected) || !isPlain(actual)) return actual;
  if (Array.isArray(expected) && Array.isArray(actual)) return actual.map((item, at) => overlooked(expected[at], item));
  if (expected instanceof Map && actual instanceof Map)
    return new Map([...actual].map(([key, item]) => [key, overlooked(expected.get(key), item)]));
  if (isCollection(expected) || isCollection(actual)) return actual;
  return Object.fromEntries(
    Object.keys({ ...actual, ...expected })
      .filter((key) => key in actual || expected[key] === anything)
      .map((key) => [key, overlooked(expected[key], actual[key])]),
  );
}

const isCollection = (value: object): boolean => Array.isArray(value) || value instanceof Map;

type Plain = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || value instanceof Map || prototype === Object.prototype || prototype === null;
}
