import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { unreadable } from './files.ts';

const CHUNK = 1024 * 1024;

/**
 * The lines of a file, a part of it at a time in memory.
 * @throws SynodError `FILE_UNREADABLE`.
 */
export function* linesOf(path: string): Generator<string> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw unreadable(path, cause);
  }
  try {
    yield* linesIn(file, path);
  } finally {
    closeSync(file);
  }
}

function* linesIn(file: number, path: string): Generator<string> {
  const decoder = new StringDecoder('utf8');
  const bytes = Buffer.alloc(CHUNK);
  let rest = '';
  for (;;) {
    const length = readInto(file, bytes, path);
    if (length === 0) break;
    const lines = (rest + decoder.write(bytes.subarray(0, length))).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}

function readInto(file: number, bytes: Buffer, path: string): number {
  try {
    return readSync(file, bytes);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}
