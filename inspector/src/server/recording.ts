import { encodeTrace, type TraceRecord, VIEWER_LIMITS } from '@synod/protocol';
import type { Verdicts } from '../world/verdicts.ts';
import { type RecordingHead, WIRE_VERSION } from '../world/wire.ts';
import { emptyWorld, type World, withRecord } from '../world/world.ts';

/** A run that is over, to be looked at from its beginning to its end. */
export interface Recording {
  readonly records: readonly TraceRecord[];
  /** Facts for the page: file, seed, model. */
  readonly about: Readonly<Record<string, unknown>>;
  /** What the run shows, in a sentence: the promise that it breaks. */
  readonly verdict?: string;
  /** What a record's `at` counts. Default milliseconds. */
  readonly unit?: 'ms' | 'step';
  /** What is known of its properties, its steps and its clients. */
  readonly verdicts?: Verdicts;
}

/** Records in a frame. */
const CHUNK = 2_000;

/** A recording as the frames that each page gets, made once. */
export class RecordingFrames {
  readonly frames: readonly string[];
  readonly #records: readonly TraceRecord[];

  constructor({ records, about, verdict, unit = 'ms', verdicts }: Recording) {
    this.#records = records;
    const head: RecordingHead = { about, total: records.length, unit, ...(verdict !== undefined && { verdict }) };
    const lines = records.map(lineOf);
    const parts = Array.from({ length: Math.ceil(lines.length / CHUNK) }, (_, index) =>
      lines.slice(index * CHUNK, (index + 1) * CHUNK),
    );
    this.frames = [
      JSON.stringify({ type: 'recording', version: WIRE_VERSION, head }),
      ...parts.map((part) => `{"type":"records","skipped":0,"records":[${part.join(',')}]}`),
      ...(verdicts ? [JSON.stringify({ type: 'verdicts', verdicts })] : []),
    ];
  }

  /** What the recording ends with. */
  get world(): World {
    return this.#records.reduce(withRecord, emptyWorld);
  }
}

const lines = new WeakMap<TraceRecord, string>();

/** A record as JSON, made once: the branches of a lab share most of theirs. */
function lineOf(record: TraceRecord): string {
  const line = lines.get(record) ?? encodeTrace(record, VIEWER_LIMITS);
  lines.set(record, line);
  return line;
}
