import { encodeTrace, type TraceRecord, VIEWER_LIMITS } from '@synod/protocol';
import { frameOf } from '../world/lines.ts';
import { type RecordingHead, WIRE_VERSION } from '../world/wire.ts';

/** A run that is over, to be looked at from its beginning to its end. */
export interface Recording {
  /** Its records, or the lines of a trace file, from the beginning for each page that asks. */
  readonly records: Iterable<TraceRecord | string> | (() => AsyncIterable<string>);
  /** How many they are, if that is known. */
  readonly total?: number;
  /** Facts for the page: file, seed, model. */
  readonly about: Readonly<Record<string, unknown>>;
  /** What the run shows, in a sentence: the promise that it breaks. */
  readonly verdict?: string;
  /** What a record's `at` counts. Default milliseconds. */
  readonly unit?: 'ms' | 'step';
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
  total = Array.isArray(records) ? records.length : undefined,
}: Recording): AsyncGenerator<string> {
  const head: RecordingHead = {
    about,
    unit,
    ...(total !== undefined && { total }),
    ...(verdict !== undefined && { verdict }),
  };
  yield frameOf({ type: 'recording', version: WIRE_VERSION, head });
  let lines: string[] = [];
  let size = 0;
  for await (const item of typeof records === 'function' ? records() : records) {
    const line = typeof item === 'string' ? shortened(item) : encodeTrace(item, VIEWER_LIMITS);
    if (line === '') continue;
    lines.push(line);
    size += line.length;
    if (size < CHUNK) continue;
    yield frameOf({ type: 'records', skipped: 0 }, lines);
    [lines, size] = [[], 0];
  }
  if (lines.length > 0) yield frameOf({ type: 'records', skipped: 0 }, lines);
  yield frameOf({ type: 'end' });
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
