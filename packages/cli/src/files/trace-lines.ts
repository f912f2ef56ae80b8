import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { decodeTrace, type TraceHeader } from '@synod/protocol';
import { unreadable } from './files.ts';

/** A header that is longer is none. In bytes. */
const MAX_HEADER = 1024 * 1024;

/** A trace file that is read as it is needed, however long it is. */
export interface TraceFile {
  readonly header: TraceHeader;
  readonly bytes: number;
  /** Its lines, the header's among them, from the beginning each time. */
  readonly lines: () => AsyncIterable<string>;
}

/**
 * A file as a trace, if its first line is a trace's header.
 * @throws SynodError `FILE_UNREADABLE`, `TRACE_VERSION`.
 */
export function openTrace(path: string): TraceFile | undefined {
  const first = firstLine(path);
  if (!/"format"\s*:\s*"synod-trace"/.test(first)) return undefined;
  const header = decodeTrace(first);
  if (header.type !== 'header') return undefined;
  return {
    header,
    bytes: statSync(path).size,
    lines: () => createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY }),
  };
}

function firstLine(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(MAX_HEADER);
      const text = bytes.toString('utf8', 0, readSync(file, bytes, 0, MAX_HEADER, 0));
      return text.split('\n', 1)[0] ?? '';
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}
