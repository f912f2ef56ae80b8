import { closeSync, createWriteStream, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isSynodError } from '@synod/protocol';
import { unwritable } from '../files/files.ts';

/** Characters that are gathered before they are written. */
const CHUNK = 64 * 1024;

/** Pieces in larger ones; nothing comes out before there is a chunk of it, or the end. */
function* gathered(pieces: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** Writes to the standard output, as fast as its reader takes it. */
export const writeOut = (pieces: Iterable<string>): Promise<void> =>
  pipeline(Readable.from(gathered(pieces)), process.stdout, { end: false });

/**
 * Writes a file, and the directories it lies in. What fails on the way leaves no half of a file behind.
 * @throws SynodError `FILE_UNWRITABLE`, and what `pieces` throws.
 */
export async function writeFile(path: string, pieces: Iterable<string>): Promise<void> {
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Opened first: what cannot be opened was not written to, and stays as it is.
    closeSync(openSync(path, 'w'));
  } catch (cause) {
    throw unwritable(path, cause);
  }
  try {
    await pipeline(Readable.from(gathered(pieces)), createWriteStream(path));
  } catch (cause) {
    // A device or a pipe is not ours to remove.
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) rmSync(path);
    throw isSystemError(cause) ? unwritable(path, cause) : cause;
  }
}

const isSystemError = (error: unknown): boolean =>
  !isSynodError(error) && typeof (error as NodeJS.ErrnoException).syscall === 'string';
