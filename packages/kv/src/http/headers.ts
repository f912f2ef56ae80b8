import type { KvSession } from '../requests.ts';
import { headerInvalid, mediaType } from './problem.ts';

const NUMBER = /^\d{1,16}$/;

/** A whole number from 0 that a double can hold, or undefined when `text` is none. */
export function wholeNumber(text: string): number | undefined {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

function numberIn(headers: Headers, name: string): number | undefined {
  const text = headers.get(name);
  if (text === null) return undefined;
  const value = wholeNumber(text);
  if (value === undefined) throw headerInvalid(name, 'it is a whole number from 0');
  return value;
}

/** The client's session and number of the request, if it has one. */
export function sessionOf(headers: Headers): { session?: KvSession } {
  const clientId = numberIn(headers, 'synod-client');
  const sequenceNum = numberIn(headers, 'synod-sequence');
  const answeredBelow = numberIn(headers, 'synod-answered-below');
  if (clientId === undefined && sequenceNum === undefined && answeredBelow === undefined) return {};
  if (clientId === undefined || sequenceNum === undefined || answeredBelow === undefined) {
    throw headerInvalid('synod-client', 'synod-client, synod-sequence and synod-answered-below go together');
  }
  return { session: { clientId, sequenceNum, answeredBelow } };
}

const ETAG = /^"(\d{1,16})"$/;

export const etag = (revision: number): string => `"${revision}"`;

function revisionOf(name: string, text: string): number {
  const revision = wholeNumber(ETAG.exec(text.trim())?.[1] ?? '');
  if (!revision) throw headerInvalid(name, 'give one revision in double quotes, as in the ETag of an answer');
  return revision;
}

/** A write's condition: `If-Match: "revision"`, or `If-None-Match: *` for a key that must not exist. */
export function conditionOf(headers: Headers): { expected?: number } {
  const match = headers.get('if-match');
  const noneMatch = headers.get('if-none-match');
  if (match !== null && noneMatch !== null) throw headerInvalid('If-Match', 'give it or If-None-Match, not both');
  if (match !== null) return { expected: revisionOf('If-Match', match) };
  if (noneMatch === null) return {};
  if (noneMatch.trim() !== '*')
    throw headerInvalid('If-None-Match', 'with a write it is *, for a key that must not exist');
  return { expected: 0 };
}

/** Whether a read may be answered with 304, since the client has that revision already. */
export const isUnchanged = (headers: Headers, revision: number): boolean =>
  (headers.get('if-none-match') ?? '')
    .split(',')
    .some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag(revision));

/** Refuses a body that is not plain UTF-8. Any media type will do, since all values are text. */
export function checkBodyHeaders(headers: Headers): void {
  const encoding = headers.get('content-encoding');
  const charset = /;\s*charset="?([^\s;"]+)/i.exec(headers.get('content-type') ?? '')?.[1];
  if (encoding !== null && encoding.toLowerCase() !== 'identity') throw mediaType();
  if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset)) throw mediaType();
}
