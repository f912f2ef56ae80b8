import { isName, SynodError } from '@synod/protocol';

/** How deep a message may nest; deeper is taken for a cycle. */
export const MAX_DEPTH = 64;

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Checks that `value` comes out of the wire as it went in: null, undefined, booleans, numbers, well-formed strings,
 * `Uint8Array`s, and arrays and plain objects of these. Two things are not told apart: −0 arrives as 0,
 * and an object without a prototype as one with the usual one.
 * @throws SynodError `NOT_SERIALISABLE` with the place of the first part that would be lost or changed.
 */
export function checkSerialisable(value: unknown, place: string): void {
  check(value, place, 0);
}

function check(value: unknown, place: string, depth: number): void {
  switch (typeof value) {
    case 'string':
      if (LONE_SURROGATE.test(value)) throw refused(place, 'text with half a surrogate pair');
      return;
    case 'number':
    case 'boolean':
    case 'undefined':
      return;
    case 'object':
      if (value !== null) checkObject(value, place, depth + 1);
      return;
    default:
      throw refused(place, `a ${typeof value}`);
  }
}

function checkObject(value: object, place: string, depth: number): void {
  if (depth > MAX_DEPTH) throw refused(place, `something nested deeper than ${MAX_DEPTH}, or a cycle,`);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value) && prototype === Array.prototype) {
    for (let index = 0; index < value.length; index++) {
      if (value[index] === undefined && !(index in value)) throw refused(`${place}[${index}]`, 'a hole');
      check(value[index], `${place}[]`, depth);
    }
  } else if (prototype === Object.prototype || prototype === null) {
    if (Object.getOwnPropertySymbols(value).length > 0) throw refused(place, 'a property named by a symbol');
    for (const [key, inner] of Object.entries(value)) {
      if (key === '__proto__') throw refused(place, 'a property named "__proto__"');
      if (LONE_SURROGATE.test(key)) throw refused(place, 'a property name with half a surrogate pair');
      check(inner, typeof inner === 'object' && isName(key) ? `${place}.${key}` : place, depth);
    }
  } else if (prototype !== Uint8Array.prototype) {
    throw refused(place, `an instance of ${className(prototype)}`);
  }
}

const className = (prototype: unknown): string => {
  const name = (prototype as { constructor?: { name?: unknown } } | null)?.constructor?.name;
  return typeof name === 'string' && name ? name : 'a class';
};

const refused = (place: string, what: string) =>
  new SynodError(
    'NOT_SERIALISABLE',
    `${place.slice(0, 200)} is or holds ${what}; send plain objects, arrays, text, numbers, booleans, null and Uint8Array.`,
  );
