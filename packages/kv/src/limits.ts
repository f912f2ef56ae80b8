import { keyInvalid, keyTooLong, valueInvalid, valueTooLarge } from './errors.ts';

/** Bytes of UTF-8 in a key at most; at least one. */
export const MAX_KEY_BYTES = 1_024;

/** Bytes of UTF-8 in a value at most. */
export const MAX_VALUE_BYTES = 1_048_576;

const encoder = new TextEncoder();

/** How many bytes `text` takes as UTF-8. */
export const utf8Length = (text: string): number => encoder.encode(text).length;

/** Half of a surrogate pair has no UTF-8: it would reach the other nodes as another character. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether `text` has at most `maxBytes` bytes of UTF-8. No character has fewer bytes than UTF-16 units. */
const fits = (text: string, maxBytes: number): boolean => text.length <= maxBytes && utf8Length(text) <= maxBytes;

/** The rule of a key, as the error it breaks; undefined when it is one. */
export function keyProblem(key: string) {
  if (key === '') return keyInvalid('it is empty');
  if (!fits(key, MAX_KEY_BYTES)) return keyTooLong(MAX_KEY_BYTES);
  if (LONE_SURROGATE.test(key)) return keyInvalid('it is not well-formed Unicode');
  // A URL cannot end in either: WHATWG's parser takes them, percent-encoded too, for steps in a path.
  if (key === '.' || key === '..') return keyInvalid('"." and ".." cannot be written in a URL');
  return undefined;
}

/** The rule of a value, as the error it breaks; undefined when it is one. */
export function valueProblem(value: string) {
  if (!fits(value, MAX_VALUE_BYTES)) return valueTooLarge(MAX_VALUE_BYTES);
  if (LONE_SURROGATE.test(value)) return valueInvalid();
  return undefined;
}

/**
 * Checks a key: 1 to 1,024 bytes of UTF-8, and neither `.` nor `..`.
 * @throws SynodError `KV_KEY_INVALID`.
 */
export function checkKey(key: string): void {
  const problem = keyProblem(key);
  if (problem) throw problem;
}

/**
 * Checks a value: at most 1 MiB of UTF-8.
 * @throws SynodError `KV_VALUE_TOO_LARGE` or `KV_VALUE_INVALID`.
 */
export function checkValue(value: string): void {
  const problem = valueProblem(value);
  if (problem) throw problem;
}
