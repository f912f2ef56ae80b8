import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { decodeTrace, SynodError, type TraceRecord } from '@synod/protocol';
import { unreadable } from './files.ts';
import { checkedTrace, readRunFile } from './run-file.ts';

const CHUNK = 1024 * 1024;

/**
 * The records of a run that was saved, each of them checked. A trace is read anew with each iteration, as it is asked for: a long one does not fit into
 * memory. Other files have a run of a size that was kept in memory before.
 * @throws SynodError as `readRunFile`; while it is read `TRACE_INVALID` for a line that is no record.
 */
export function recordsOf(path: string): Iterable<TraceRecord> {
  if (!isTrace(path)) return checkedTrace(readRunFile(path));
  return { [Symbol.iterator]: () => traceRecords(path) };
}

/** Whether the first line is a trace's header. */
function isTrace(path: string): boolean {
  for (const line of linesOf(path)) return /"format"\s*:\s*"synod-trace"/.test(line);
  return false;
}

function* traceRecords(path: string): Generator<TraceRecord> {
  let number = 0;
  for (const line of linesOf(path)) {
    number++;
    if (line === '') continue;
    const record = decoded(line, path, number);
    // A node that came back begins with a header of its own.
    if (record.type !== 'header') yield record;
  }
}

function decoded(line: string, path: string, number: number): ReturnType<typeof decodeTrace> {
  try {
    return decodeTrace(line);
  } catch (cause) {
    if (!(cause instanceof SynodError)) throw cause;
    throw new SynodError(cause.code, `${path}, line ${number}: ${cause.message}`, { cause });
  }
}

/** The lines of a file, a part of it at a time in memory. */
function* linesOf(path: string): Generator<string> {
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
