import { canonical, SynodError } from '@synod/protocol';
import { Validator } from '../validator.ts';
import type { Judged, ValidatorOptions, Verdict } from '../verdict.ts';
import { mergeTraces, type OpenTrace } from './read.ts';

export interface JudgeOptions extends Omit<ValidatorOptions, 'header' | 'limits'> {
  /** Told of the progress every so many records. */
  readonly onProgress?: (records: number) => void;
  /** Ends it before the end of the traces; the verdict is then on what was read. */
  readonly signal?: AbortSignal;
}

/** Between two reports of progress. */
const EVERY = 2_000;

/**
 * Judges traces that belong together, one of each node or one of all, in bounded memory and to the first step that does not fit.
 * @throws SynodError what reading them throws; `TRACE_INCOMPLETE` when they were recorded in different ways; `NOTHING_JUDGED` when no actor
 * in them is of one of the machines.
 */
export async function judgeTraces(
  traces: readonly OpenTrace[],
  judged: Judged | readonly Judged[],
  options: JudgeOptions = {},
): Promise<Verdict> {
  const { onProgress, signal, ...rest } = options;
  const header = traces[0]?.header;
  if (traces.some((trace) => canonical(trace.header.recording) !== canonical(header?.recording)))
    throw new SynodError(
      'TRACE_INCOMPLETE',
      'These traces were recorded within different limits; record them in one way.',
    );
  const validator = new Validator(judged, { ...rest, ...(header && { header }) });
  let records = 0;
  const ended = (nodes: Iterable<string>) => validator.end(nodes);
  for await (const { record, opaque } of mergeTraces(
    traces.map((trace) => trace.records),
    ended,
  )) {
    if (validator.next(record, opaque)) break;
    if (++records % EVERY === 0) onProgress?.(records);
    if (signal?.aborted) break;
  }
  const verdict = validator.verdict();
  if (verdict.valid && verdict.summary.actors.length === 0 && records > 0 && !signal?.aborted)
    throw new SynodError(
      'NOTHING_JUDGED',
      `No actor of the trace could be judged (${verdict.summary.notJudged.slice(0, 3).join('; ') || 'it has none'}); name the machines that made it.`,
    );
  return verdict;
}
