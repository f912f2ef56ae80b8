import { statSync } from 'node:fs';
import { decodeTrace, type TraceHeader } from '@synod/protocol';
import { linesOf } from './lines.ts';

/** A trace in a file, which may be longer than what fits into memory. */
export interface TraceFile {
  readonly header: TraceHeader;
  readonly bytes: number;
}

/**
 * A file as a trace, if its first line is a trace's header.
 * @throws SynodError `FILE_UNREADABLE`, `TRACE_VERSION`.
 */
export function openTrace(path: string): TraceFile | undefined {
  for (const first of linesOf(path)) {
    if (!/"format"\s*:\s*"synod-trace"/.test(first)) return undefined;
    const header = decodeTrace(first);
    return header.type === 'header' ? { header, bytes: statSync(path).size } : undefined;
  }
  return undefined;
}
