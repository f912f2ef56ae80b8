import type { TraceRecord } from '@synod/protocol';
import { type Control, type Faults, noFaults, type ServerFrame, WIRE_VERSION } from '../world/wire.ts';
import { emptyWorld, type World, withNode, withRecord } from '../world/world.ts';

/** A page, as the hub sees it. */
export interface Viewer {
  send(frame: string): void;
  /** Bytes that wait for a slow page. */
  readonly backlog: number;
}

/** Who is told what happens beside the pages, when the world already has it. */
export interface HubListener {
  record(record: TraceRecord): void;
  node(node: string, up: boolean): void;
}

export interface HubOptions {
  /** Records kept for pages that open later. */
  readonly maxRecords: number;
  readonly controls: readonly Control[];
}

/** A page whose backlog is larger gets no more records until it has caught up; they are counted as skipped. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;

/** Records that may wait for the next frame to a page. */
const MAX_WAITING = 20_000;

interface Seat {
  waiting: string[];
  skipped: number;
}

/** Where records come in, and pages look on: the present world, the latest records, and what each page has yet to get. */
export class Hub {
  readonly #options: HubOptions;
  readonly #viewers = new Map<Viewer, Seat>();
  readonly #listeners: HubListener[] = [];
  #world: World = emptyWorld;
  #faults: Faults = noFaults;
  /** Each record as JSON, made once for all pages. */
  #records: string[] = [];

  constructor(options: HubOptions) {
    this.#options = options;
  }

  get world(): World {
    return this.#world;
  }

  listen(listener: HubListener): void {
    this.#listeners.push(listener);
  }

  record(record: TraceRecord): void {
    this.#world = withRecord(this.#world, record);
    for (const listener of this.#listeners) listener.record(record);
    const text = JSON.stringify(record);
    this.#records.push(text);
    // Trimmed in large steps, so that a record costs constant time.
    if (this.#records.length > this.#options.maxRecords * 2)
      this.#records = this.#records.slice(-this.#options.maxRecords);
    for (const seat of this.#viewers.values()) {
      if (seat.waiting.length < MAX_WAITING) seat.waiting.push(text);
      else seat.skipped++;
    }
  }

  /** A node's process came or went. */
  node(node: string, up: boolean, about: Readonly<Record<string, unknown>>): void {
    this.#world = withNode(this.#world, node, up, about);
    for (const listener of this.#listeners) listener.node(node, up);
    this.flush();
    this.#tell({ type: 'node', node, up, about });
  }

  /** What is done to the nodes, from now on. */
  faults(faults: Faults): void {
    this.#faults = faults;
    this.flush();
    this.#tell({ type: 'faults', faults });
  }

  join(viewer: Viewer): void {
    this.#viewers.set(viewer, { waiting: [], skipped: 0 });
    viewer.send(this.#worldFrame());
  }

  leave(viewer: Viewer): void {
    this.#viewers.delete(viewer);
  }

  /** Sends each page what it has not had yet. */
  flush(): void {
    for (const [viewer, seat] of this.#viewers) {
      if (viewer.backlog > MAX_BACKLOG_BYTES) {
        seat.skipped += seat.waiting.length;
        seat.waiting = [];
      } else if (seat.waiting.length > 0 || seat.skipped > 0) {
        viewer.send(`{"type":"records","skipped":${seat.skipped},"records":[${seat.waiting.join(',')}]}`);
        // Who missed records cannot know the present from what came after: it is told.
        if (seat.skipped > 0) viewer.send(this.#worldFrame());
        this.#viewers.set(viewer, { waiting: [], skipped: 0 });
      }
    }
  }

  #tell(frame: ServerFrame): void {
    const text = JSON.stringify(frame);
    for (const viewer of this.#viewers.keys()) viewer.send(text);
  }

  #worldFrame(): string {
    const { maxRecords, controls } = this.#options;
    const [world, faults] = [this.#world, this.#faults];
    const head = JSON.stringify({ type: 'world', version: WIRE_VERSION, world, controls, faults });
    return `${head.slice(0, -1)},"records":[${this.#records.slice(-maxRecords).join(',')}]}`;
  }
}
