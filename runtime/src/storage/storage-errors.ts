import { describeError, SynodError } from '@synod/protocol';

/** The `code` of a failed system call, `ENOSPC` for example. */
export const errnoOf = (error: unknown): string | undefined => {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
};

// LMDB reports the numbers of the operating system: EFBIG, ENOSPC, EDQUOT (Linux, macOS), and its own "map full".
const FULL_CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 27, 28, 122, 69, -30792]);

/** Whether `error` says that the disk, a quota or a file-size limit is exhausted. */
export const isFull = (error: unknown): boolean =>
  FULL_CODES.has(((error ?? {}) as { code?: unknown }).code) || /no space left/i.test(describeError(error));

export const storageForeign = (where: string, found: string, wanted: string): SynodError =>
  new SynodError(
    'STORAGE_FOREIGN',
    `${where} belongs to ${found}, not to ${wanted}; give each node a directory of its own, and keep it.`,
    { details: { where, found, wanted } },
  );

export const storageVersion = (where: string, found: unknown, wanted: number): SynodError =>
  new SynodError(
    'STORAGE_VERSION',
    `${where} was written in format ${String(found)}, this program reads format ${wanted}; use the program that wrote it.`,
    { details: { where, found, wanted } },
  );

export const storageLocked = (where: string, holder: string): SynodError =>
  new SynodError('STORAGE_LOCKED', `${where} is in use by ${holder}; stop that first.`, { details: { where, holder } });

export const storageCorrupt = (file: string, reason: string): SynodError =>
  new SynodError(
    'STORAGE_CORRUPT',
    `${file} is damaged (${reason}) and was left as it is; restore its directory from a backup, or remove this node from the cluster and let it join as a new one.`,
    { details: { file, reason } },
  );

/** `STORAGE_FULL` when the disk is, else `STORAGE_UNAVAILABLE`: opening failed. */
export const storageUnavailable = (where: string, cause: unknown): SynodError =>
  isFull(cause)
    ? storageFull(where, cause)
    : new SynodError(
        'STORAGE_UNAVAILABLE',
        `${where} cannot be used (${describeError(cause)}); it must be a directory on a local disk that this process may write.`,
        { cause, details: { where } },
      );

/** Nothing of the write took effect. */
export const storageFull = (where: string, cause?: unknown): SynodError =>
  new SynodError('STORAGE_FULL', `${where} has no room left; free some space and restart the actor.`, {
    cause,
    details: { where },
  });

/** The write may or may not have reached the disk. */
export const storageFailed = (where: string, cause: unknown): SynodError =>
  new SynodError(
    'STORAGE_FAILED',
    `${where} could not be written (${describeError(cause)}); check the disk, then restart the node.`,
    { cause, definite: false, details: { where } },
  );

export const storageClosed = (where: string): SynodError =>
  new SynodError('STORAGE_FAILED', `The storage ${where} is not open; open it first.`, { details: { where } });

/** An earlier write of the actor failed, so that a later one would leave a gap. */
export const storageBehind = (actor: string): SynodError =>
  new SynodError(
    'STORAGE_FAILED',
    `An earlier write of ${actor} failed; recover it before it writes again, so that no step is left out.`,
    { details: { actor } },
  );
