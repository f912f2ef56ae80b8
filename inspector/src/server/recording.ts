import { encodeTrace, type TraceRecord, VIEWER_LIMITS } from '@synod/protocol';
import { frameOf } from '../world/lines.ts';
import type { Verdicts } from '../world/verdicts.ts';
import { type RecordingHead, type ServerFrame, WIRE_VERSION } from '../world/wire.ts';

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

/** Text in a frame, in characters. */
const CHUNK = 256 * 1024;

/** A line that is longer is cut, where its values are large, as those of a live trace are. */
const LONG = 4 * 1024;

/** A recording as frames, for one page. */
export async function* recordingFrames({
  records,
  about,
  verdict,
  unit = 'ms',
  verdicts,
}: Recording): AsyncGenerator<string> {
  const isFile = typeof records === 'function';
  const head: RecordingHead = {
    about,
    unit,
    ...(!isFile && { total: records.length }),
    ...(verdict !== undefined && { verdict }),
  };
  const frame = (each: ServerFrame, lines: readonly string[] = []): string => frameOf(each, lines);
  yield frame({ type: 'recording', version: WIRE_VERSION, head });
  // Before the records: a page that learnt of them afterwards would change its views under the eyes of its reader.
  if (verdicts) yield frame({ type: 'verdicts', verdicts });
  let lines: string[] = [];
  let size = 0;
  for await (const line of recordingLines({ records })) {
    lines.push(line);
    size += line.length;
    if (size < CHUNK) continue;
    yield frame({ type: 'records', skipped: 0 }, lines);
    [lines, size] = [[], 0];
  }
  if (lines.length > 0) yield frame({ type: 'records', skipped: 0 }, lines);
  yield frame({ type: 'end' });
}

/** The records of a recording as lines, as a page keeps them. */
export async function* recordingLines({ records }: Pick<Recording, 'records'>): AsyncGenerator<string> {
  for await (const item of typeof records === 'function' ? records() : records) {
    const line = typeof item === 'string' ? shortened(item) : lineOf(item);
    if (line !== '') yield line;
  }
}

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
