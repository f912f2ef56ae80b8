import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SynodError } from '@synod/protocol';

/**
 * The text of a file.
 * @throws SynodError `FILE_UNREADABLE`.
 */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

export const unreadable = (path: string, cause: unknown): SynodError =>
  new SynodError('FILE_UNREADABLE', `${path} cannot be read (${codeOf(cause)}); give the path of a file.`, { cause });

/**
 * Writes a file, and the directories it lies in.
 * @throws SynodError `FILE_UNWRITABLE`.
 */
export function writeText(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

export const unwritable = (path: string, cause: unknown): SynodError =>
  new SynodError('FILE_UNWRITABLE', `${path} cannot be written (${codeOf(cause)}); choose another path.`, { cause });

/**
 * A file's JSON. `what` is named where it is none.
 * @throws SynodError `FILE_UNREADABLE`, or `code`.
 */
export function readJson(path: string, what: string, code: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SynodError(code, `${what} ${path} is not JSON; was it cut off or edited?`, { cause });
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
