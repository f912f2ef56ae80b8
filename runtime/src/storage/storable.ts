import { AssertionError, assert, type DurableChange, Sequence } from '@synod/protocol';

const MAX_DEPTH = 500;

/**
 * Throws an `AssertionError` unless `value` comes back from disk as it is: null, undefined, booleans, numbers, strings,
 * bigints, Dates, Uint8Arrays, and arrays, plain objects, Maps and Sets of these. (`-0` comes back as `0`.)
 */
function assertStorable(value: unknown, what: string, depth = 0): void {
  if (typeof value !== 'object' || value === null) {
    if (typeof value !== 'function' && typeof value !== 'symbol') return;
    throw new AssertionError(`${what}: a ${typeof value} cannot be stored`);
  }
  assert(depth < MAX_DEPTH, `${what}: a value that is cyclic or more than ${MAX_DEPTH} levels deep cannot be stored`);
  assert(
    !(value instanceof Sequence),
    `${what}: a Sequence inside another value cannot be stored; make it a durable field`,
  );
  if (Array.isArray(value) || value instanceof Set) {
    for (const item of value) assertStorable(item, what, depth + 1);
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      assertStorable(key, what, depth + 1);
      assertStorable(item, what, depth + 1);
    }
  } else if (!(value instanceof Uint8Array) && !(value instanceof Date)) {
    const prototype: unknown = Object.getPrototypeOf(value);
    assert(
      prototype === Object.prototype || prototype === null,
      `${what}: an instance of ${value.constructor?.name ?? 'a class'} cannot be stored; use plain objects, Maps or Sets`,
    );
    for (const key of Object.keys(value)) {
      assert(key !== '__proto__', `${what}: an object with a field "__proto__" cannot be stored; use a Map`);
      assertStorable((value as Record<string, unknown>)[key], what, depth + 1);
    }
  }
}

/** Throws an `AssertionError` unless all that `change` writes comes back from disk as it is. */
export function assertStorableChange(actor: string, change: DurableChange): void {
  const what = `${actor}.${change.field}`;
  if (change.kind === 'value') assertStorable(change.value, what);
  else for (const item of change.items) assertStorable(item, what);
}
