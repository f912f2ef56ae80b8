import { SynodError } from '@synod/protocol';

// What can go wrong with a request, each with its one sentence. The HTTP status of each code stands in http/problem.ts.

export const keyInvalid = (why: string) =>
  new SynodError('KV_KEY_INVALID', `That is no key: ${why}; use 1 to 1,024 bytes of UTF-8.`);

export const keyTooLong = (maxBytes: number) =>
  new SynodError('KV_KEY_INVALID', `The key is too long; use at most ${maxBytes} bytes of UTF-8.`, {
    details: { maxBytes },
  });

export const valueTooLarge = (maxBytes: number) =>
  new SynodError('KV_VALUE_TOO_LARGE', `The value is too large; use at most ${maxBytes} bytes of UTF-8.`, {
    details: { maxBytes },
  });

export const valueInvalid = () =>
  new SynodError('KV_VALUE_INVALID', 'The value is not UTF-8 text; encode bytes, for example as base64.');

/** `revision` is the key's present one, 0 when it does not exist. */
export const revisionMismatch = (revision: number) =>
  new SynodError(
    'KV_REVISION_MISMATCH',
    revision === 0
      ? 'The key does not exist; put it with expected revision 0, or read it again.'
      : `The key is at revision ${revision}; read it again, then try with that revision.`,
    { details: { revision } },
  );

export const noLeader = (timeoutMs: number, cause: unknown) =>
  new SynodError(
    'KV_NO_LEADER',
    `No leader was found within ${timeoutMs} ms; try again, or see whether a majority of the nodes is up.`,
    { cause },
  );

export const timedOut = (timeoutMs: number, definite: boolean, cause: unknown) =>
  new SynodError(
    'KV_TIMEOUT',
    definite
      ? `No answer within ${timeoutMs} ms; nothing was written, so try again.`
      : `No answer within ${timeoutMs} ms; the write may still take effect, so read the key before you try again.`,
    { definite, cause },
  );

/** `sent`: how often this node sent the request; once means that no earlier copy of it came from here. */
export const sessionExpired = (sent: number) =>
  new SynodError(
    'KV_SESSION_EXPIRED',
    'The session is not known or was closed to make room; whether the write took effect before is unknown, so read the key and open another session.',
    { definite: false, details: { sent } },
  );

export const sessionInvalid = (what: string) =>
  new SynodError('KV_SESSION_INVALID', `${what}; number each new command one higher, and only a retry the same.`);

export const replyInvalid = (from: string) =>
  new SynodError('KV_REPLY_INVALID', `${from} gave no answer of this version; run the same version on all nodes.`, {
    definite: false,
  });

export const compacted = (oldest: number) =>
  new SynodError(
    'KV_COMPACTED',
    `Changes up to revision ${oldest} are no longer known here; read the keys again and watch from there.`,
    { details: { compacted: oldest } },
  );

export const stopped = (definite: boolean, cause?: unknown) =>
  new SynodError('SYSTEM_STOPPED', 'The node was stopped; ask another one.', { definite, cause });
