import { STATUS_CODES } from 'node:http';
import { isSynodError, SynodError } from '@synod/protocol';

/** The HTTP status of each code that a request can end with. */
const STATUS: Readonly<Record<string, number>> = {
  KV_KEY_INVALID: 400,
  KV_VALUE_INVALID: 400,
  KV_SESSION_INVALID: 400,
  KV_HEADER_INVALID: 400,
  KV_QUERY_INVALID: 400,
  KV_REQUEST_INVALID: 400,
  KV_CROSS_SITE: 403,
  KV_KEY_NOT_FOUND: 404,
  KV_ROUTE_UNKNOWN: 404,
  KV_METHOD_NOT_ALLOWED: 405,
  KV_REQUEST_TIMEOUT: 408,
  KV_SESSION_EXPIRED: 410,
  KV_COMPACTED: 410,
  KV_REVISION_MISMATCH: 412,
  KV_VALUE_TOO_LARGE: 413,
  KV_MEDIA_TYPE: 415,
  KV_HOST_REFUSED: 421,
  KV_HEADERS_TOO_LARGE: 431,
  KV_INTERNAL: 500,
  KV_REPLY_INVALID: 502,
  KV_NO_LEADER: 503,
  KV_BUSY: 503,
  SYSTEM_STOPPED: 503,
  KV_TIMEOUT: 504,
};

/** RFC 9457, with the code, whether the failure is definite, and the error's facts. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly definite: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a client learns of an error. Of one without a code it learns no more than that: it may speak of anything. */
export function problemOf(error: unknown): Problem {
  const known = isSynodError(error) && Object.hasOwn(STATUS, error.code) ? error : internal();
  const { code, message, definite, details } = known;
  const tooLong = code === 'KV_KEY_INVALID' && 'maxBytes' in details;
  const status = tooLong ? 414 : (STATUS[code] as number);
  return { type: 'about:blank', title: STATUS_CODES[status] ?? '', status, detail: message, code, definite, details };
}

export function problemResponse(error: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  const problem = problemOf(error);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(problem.status === 503 ? { 'retry-after': '1' } : {}),
      ...headers,
    },
  });
}

const internal = () =>
  new SynodError(
    'KV_INTERNAL',
    'The server failed by a fault of its own; the request may have taken effect, so read the key before you try again.',
    {
      definite: false,
    },
  );

export const keyNotFound = () => new SynodError('KV_KEY_NOT_FOUND', 'There is no such key; put it first.');

export const routeUnknown = () =>
  new SynodError('KV_ROUTE_UNKNOWN', 'There is no such resource; use /v1/kv/…, /v1/watch, /v1/status or /v1/sessions.');

export const methodNotAllowed = (allow: string) =>
  new SynodError('KV_METHOD_NOT_ALLOWED', `The resource does not take this method; use ${allow}.`);

export const headerInvalid = (name: string, what: string) =>
  new SynodError('KV_HEADER_INVALID', `The header ${name} is not understood; ${what}.`, { details: { header: name } });

export const queryInvalid = (what: string) =>
  new SynodError('KV_QUERY_INVALID', `The query is not understood; ${what}.`);

export const requestInvalid = () =>
  new SynodError('KV_REQUEST_INVALID', 'That is no request of HTTP/1.1 with a Host and a valid target; correct it.');

export const requestTimeout = () =>
  new SynodError('KV_REQUEST_TIMEOUT', 'The request took too long to arrive; send it again, faster.');

export const headersTooLarge = () =>
  new SynodError('KV_HEADERS_TOO_LARGE', 'The target and headers are too large; send fewer.');

export const mediaType = () =>
  new SynodError('KV_MEDIA_TYPE', 'A value is plain UTF-8 text; send it without content encoding or other charset.');

export const hostRefused = () =>
  new SynodError(
    'KV_HOST_REFUSED',
    'The server does not go by that host name; add it to the allowed hosts if it should.',
  );

export const crossSite = () =>
  new SynodError(
    'KV_CROSS_SITE',
    'A page of another site sent this request; send it from a program or from this origin.',
  );

export const busy = (what: string, limit: number) =>
  new SynodError(
    'KV_BUSY',
    `The server has ${limit} ${what} under way, its limit; try again later or ask another node.`,
  );
