import { encodeTrace, type TraceRecord, VIEWER_LIMITS } from '@synod/protocol';
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
}

/** Records in a frame. */
const CHUNK = 2_000;

/** A recording as the frames that each page gets, made once. */
export class RecordingFrames {
  readonly frames: readonly string[];
  /** What the recording ends with. */
  readonly world: World;

  constructor({ records, about, verdict, unit = 'ms' }: Recording) {
    const head: RecordingHead = { about, total: records.length, unit, ...(verdict !== undefined && { verdict }) };
    const lines = records.map((record) => encodeTrace(record, VIEWER_LIMITS));
    const parts = Array.from({ length: Math.ceil(lines.length / CHUNK) }, (_, index) =>
      lines.slice(index * CHUNK, (index + 1) * CHUNK),
    );
    this.frames = [
      JSON.stringify({ type: 'recording', version: WIRE_VERSION, head }),
      ...parts.map((part) => `{"type":"records","skipped":0,"records":[${part.join(',')}]}`),
    ];
    this.world = records.reduce(withRecord, emptyWorld);
  }
}
