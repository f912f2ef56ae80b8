import {
  decodeTrace,
  encodeRecording,
  type RecordedLine,
  recordingHeader,
  type Specification,
  type TraceHeader,
  type TraceRecord,
} from '@synod/protocol';
import { simulate } from '@synod/simulator';
import { type Judged, restore, Validator, type ValidatorOptions, type Verdict } from '../../src/index.ts';

/** What a simulated network under faults leaves of a network's promises. */
export const SIMULATED = { fifo: false, once: false, prompt: false, byReference: true } as const;

/** The trace of a simulation with all faults, as it is made. */
export const simulated = (specification: Specification, seed: number, seconds: number): readonly TraceRecord[] =>
  simulate(specification, { seed, seconds, trace: true, guards: true }).trace ?? [];

export const specificationOf = async (name: string): Promise<Specification> =>
  (
    (await import(new URL(`../../../../machines/src/${name}/specification.ts`, import.meta.url).href)) as {
      specification: Specification;
    }
  ).specification;

/** The verdict on records as they are made. */
export function judgeLive(records: readonly TraceRecord[], judged: Judged, options: ValidatorOptions = {}): Verdict {
  const validator = new Validator(judged, options);
  for (const record of records) if (validator.next(record)) break;
  return validator.verdict();
}

/** The header of a recording, as it is read. */
export const headerOf = (about: Readonly<Record<string, unknown>> = {}): TraceHeader =>
  JSON.parse(JSON.stringify(recordingHeader(about))) as TraceHeader;

/** A record as it is read from a file. One that was read from a file before is `cut` already. */
export const filed = (record: TraceRecord, isCut = false): RecordedLine =>
  decodeTrace(isCut ? encodeRecording(record, {}) : encodeRecording(record)) as RecordedLine;

/** The verdict on lines as they are read from a file. */
export function judgeFiled(
  lines: readonly RecordedLine[],
  judged: Judged,
  about: Readonly<Record<string, unknown>> = {},
): Verdict {
  const validator = new Validator(judged, { header: headerOf(about) });
  for (const line of lines) {
    // To restore is to change, and a test judges its lines more than once.
    const { record, opaque } = restore(line.types ? structuredClone(line) : line);
    if (validator.next(record, opaque)) break;
  }
  return validator.verdict();
}
