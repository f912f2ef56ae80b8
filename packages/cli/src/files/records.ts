import { decodeTrace, SynodError, type TraceRecord } from '@synod/protocol';
import { linesOf } from './lines.ts';
import { checkedTrace, readRunFile } from './run-file.ts';
import { openTrace } from './trace-file.ts';

export interface SavedRun {
  readonly records: Iterable<TraceRecord>;
  /** What the times of its records count. */
  readonly unit: 'ms' | 'step';
}

/**
 * A run that was saved, its records each of them checked. A trace is read anew with each iteration, as it is asked for: a long one does not fit into
 * memory. Other files have a run of a size that was kept in memory before.
 * @throws SynodError as `readRunFile`; while it is read `TRACE_INVALID` for a line that is no record.
 */
export function runOf(path: string): SavedRun {
  if (openTrace(path)) return { records: { [Symbol.iterator]: () => traceRecords(path) }, unit: 'ms' };
  const run = readRunFile(path);
  return { records: checkedTrace(run), unit: run.kind === 'counterexample' ? 'step' : 'ms' };
}

/** The records alone. @throws SynodError as `runOf`. */
export const recordsOf = (path: string): Iterable<TraceRecord> => runOf(path).records;

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
