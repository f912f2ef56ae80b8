import { encodeTrace, type TraceHeader, type TraceRecord, VIEWER_LIMITS } from '@synod/protocol';

/** The part of a WebSocket that browsers and Node have in common, as far as a publisher needs it. */
export interface Wire {
  readonly bufferedAmount: number;
  readonly readyState: number;
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onerror: (() => void) | null;
  onmessage: ((message: { readonly data: unknown }) => void) | null;
  /** Of Node only: gives up at once. */
  terminate?(): void;
}

/** Bytes that may wait for a slow inspector before records are left out. */
const MAX_BACKLOG_BYTES = 2 * 1024 * 1024;
/** Between two frames, at least: a write costs far more than a record, and fifty nodes may share a process. */
const FRAME_MS = 20;
/** Characters of a frame: whatever they are, fewer bytes than an inspector takes (4 MB). */
const MAX_FRAME = 1_300_000;
const OPEN = 1;

/** Records as lines. Gathers them into frames: what comes after a pause goes out at once, with all of its turn of the event loop. */
export class LineStream {
  #wire: Wire | undefined;
  #lines: string[] = [];
  #skipped: number;
  #why = 'the inspector was not there yet';
  #scheduled = false;
  #sentAt = Number.NEGATIVE_INFINITY;

  /** `skipped`: records that came before this stream, and that nobody will get. */
  constructor(skipped = 0) {
    this.#skipped = skipped;
  }

  /** How many lines wait. */
  get waiting(): number {
    return this.#lines.length;
  }

  /** Begins to send: what waits, and what comes. */
  open(wire: Wire, header: TraceHeader): void {
    this.#wire = wire;
    wire.send(encodeTrace(header));
    this.flush();
  }

  readonly add = (record: TraceRecord): void => {
    if ((this.#wire?.bufferedAmount ?? 0) > MAX_BACKLOG_BYTES && record.type !== 'spawn') {
      this.#skipped++;
      this.#why = 'the inspector was slow';
      return;
    }
    if (this.#skipped > 0) {
      this.#lines.push(skippedNote(record, this.#skipped, this.#why));
      this.#skipped = 0;
    }
    this.#lines.push(encoded(record));
    if (this.#scheduled || !this.#wire) return;
    this.#scheduled = true;
    const waitMs = this.#sentAt + FRAME_MS - performance.now();
    setTimeout(() => this.flush(), Math.max(0, waitMs));
  };

  flush(): void {
    this.#scheduled = false;
    this.#sentAt = performance.now();
    for (const frame of framesOf(this.#lines)) if (this.#wire?.readyState === OPEN) this.#wire.send(frame);
    this.#lines = [];
  }
}

/** A note, beside `record`, that records are missing. */
function skippedNote({ seq, at, node, clock }: TraceRecord, count: number, why: string): string {
  const text = `${count} records were left out, since ${why}`;
  return encodeTrace({ seq, at, node, clock, type: 'note', code: 'TRACE_SKIPPED', text });
}

/** A record within a viewer's limits. A chart is always whole; one that no frame can hold is told of by a note. */
function encoded(record: TraceRecord): string {
  const line = encodeTrace(record, VIEWER_LIMITS);
  if (line.length <= MAX_FRAME) return line;
  const { seq, at, node, clock, type } = record;
  const text = `a ${type} cannot be shown: it has ${line.length} characters, and at most ${MAX_FRAME} are sent at once`;
  return encodeTrace({ seq, at, node, clock, type: 'note', code: 'RECORD_TOO_LARGE', text });
}

/** Lines in as few frames as can hold them. */
function* framesOf(lines: readonly string[]): Generator<string> {
  let [start, length] = [0, 0];
  for (const [at, line] of lines.entries()) {
    if (at > start && length + line.length >= MAX_FRAME) {
      yield lines.slice(start, at).join('\n');
      [start, length] = [at, 0];
    }
    length += line.length + 1;
  }
  if (start < lines.length) yield lines.slice(start).join('\n');
}
