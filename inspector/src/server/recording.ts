import { encodeTrace, type TraceRecord, VIEWER_LIMITS } from '@synod/protocol';
import type { Verdicts } from '../world/verdicts.ts';
import type { RecordingHead } from '../world/wire.ts';

/** A run that is over, to be looked at from its beginning to its end. */
export interface Recording {
  /** Its records, or the lines of a trace file, from the beginning for each page that asks. */
  readonly records: readonly TraceRecord[] | (() => Iterable<string> | AsyncIterable<string>);
  /** Facts for the page: file, seed, model. */
  readonly about: Readonly<Record<string, unknown>>;
  /** What the run shows, in a sentence: the promise that it breaks. */
  readonly verdict?: string;
  /** What a record's `at` counts. Default milliseconds. */
  readonly unit?: 'ms' | 'step';
  /** What is known of its properties, its steps and its clients. */
  readonly verdicts?: Verdicts;
}

/** Text of many lines, in characters. */
const MANY = 256 * 1024;

/** A line that is longer is cut, where its values are large, as those of a live trace are. */
const LONG = 4 * 1024;

/** What a page is told of a recording before it reads its lines. */
export const recordingHead = ({ records, about, verdict, unit = 'ms' }: Recording): RecordingHead => ({
  about,
  unit,
  ...(typeof records !== 'function' && { total: records.length }),
  ...(verdict !== undefined && { verdict }),
});

/** The records of a recording as lines, as a page keeps them, many at a time. */
export async function* recordingLines({ records }: Pick<Recording, 'records'>): AsyncGenerator<readonly string[]> {
  const source = typeof records === 'function' ? records() : records;
  const batch = new Batch();
  // To wait for each line of what need not be waited for would take longer than all else.
  if (Symbol.asyncIterator in source) for await (const item of source) yield* batch.add(item);
  else for (const item of source) yield* batch.add(item);
  yield batch.take();
}

/** Lines until they are many. */
class Batch {
  #lines: string[] = [];
  #size = 0;

  /** Answers all lines once they are many, and else nothing. */
  add(item: TraceRecord | string): readonly (readonly string[])[] {
    const line = typeof item === 'string' ? shortened(item) : lineOf(item);
    if (line === '') return NOTHING;
    this.#lines.push(line);
    this.#size += line.length;
    return this.#size < MANY ? NOTHING : [this.take()];
  }

  take(): readonly string[] {
    const lines = this.#lines;
    [this.#lines, this.#size] = [[], 0];
    return lines;
  }
}

const NOTHING: readonly never[] = [];

/** Whole contexts of a recording would fill a page's memory. What cannot be read is left for the page to name. */
function shortened(line: string): string {
  if (line.length <= LONG) return line;
  try {
    return encodeTrace(JSON.parse(line) as TraceRecord, VIEWER_LIMITS);
  } catch {
    return line;
  }
}

const lines = new WeakMap<TraceRecord, string>();

/** A record as JSON, made once: the branches of a lab share most of theirs. */
function lineOf(record: TraceRecord): string {
  const line = lines.get(record) ?? encodeTrace(record, VIEWER_LIMITS);
  lines.set(record, line);
  return line;
}
