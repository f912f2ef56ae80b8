import type { TraceRecord } from '@synod/protocol';
import { type Control, type Faults, noFaults } from '../world/controls.ts';
import { frameOf, timedLine } from '../world/lines.ts';
import { packWorld } from '../world/packed.ts';
import { type ServerFrame, WIRE_VERSION } from '../world/wire.ts';
import { emptyWorld, nodeRecord, type World, withRecords } from '../world/world.ts';
import { NodeClocks } from './node-clocks.ts';

/** A page, as the hub sees it. */
export interface Viewer {
  send(frame: string): void;
  /** Text that a page has not taken yet, in characters. */
  readonly backlog: number;
  /** Whether its person may do something to the nodes. */
  readonly mayAct: boolean;
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
  /** The present time, in milliseconds of a monotonic clock. */
  readonly now?: () => number;
  /** Whether systems are to tell of themselves also while nobody looks on. */
  readonly background?: boolean;
  /** Hears when somebody begins to look on, and when nobody does any longer. */
  readonly watched?: (isWatched: boolean) => void;
}

/** A page whose backlog is larger gets no more records until it has caught up; they are counted as skipped. In characters. */
const MAX_BACKLOG = 8 * 1024 * 1024;
/** One that was too large is small again: a page misses much at once rather than a little again and again. */
const SMALL_BACKLOG = 1024 * 1024;

/** Records in a frame; when there are as many, they do not wait any longer. A page takes a frame at a time. */
const MAX_FRAME = 250;

interface Line {
  readonly axisMs: number;
  readonly text: string;
  readonly record: TraceRecord;
}

interface Seat {
  /** Lines that it was not sent because it is slow. */
  skipped: number;
}

/** Where records come in, and pages look on: the present world, the latest records, and what each page has yet to get. */
export class Hub {
  readonly #options: HubOptions;
  readonly #viewers = new Map<Viewer, Seat>();
  readonly #listeners = new Set<HubListener>();
  readonly #clocks: NodeClocks;
  #faults: Faults = noFaults;
  /** What came since the last flush. */
  #fresh: Line[] = [];
  /** The world before the records that are kept, and after them. */
  #base: World = emptyWorld;
  #world: World = emptyWorld;
  /** Records that the world does not have yet: it is copied once for all of them. */
  #unfolded: TraceRecord[] = [];
  #kept: Line[] = [];
  #wasWatched = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#clocks = new NodeClocks(options.now ?? (() => performance.now()));
  }

  get world(): World {
    if (this.#unfolded.length > 0) {
      this.#world = withRecords(this.#world, this.#unfolded);
      this.#unfolded = [];
    }
    return this.#world;
  }

  /** Tells a listener what happens until the function that is answered is called. */
  listen(listener: HubListener): () => void {
    this.#listeners.add(listener);
    this.#look();
    return () => {
      this.#listeners.delete(listener);
      this.#look();
    };
  }

  /** Whether systems are to tell of themselves. */
  get isWatched(): boolean {
    return this.#options.background === true || this.#listeners.size > 0 || this.#viewers.size > 0;
  }

  /** Records of one node that came together, each with its line of text. */
  records(records: readonly TraceRecord[], lines: readonly string[]): void {
    const last = records.at(-1);
    if (last) this.#clocks.heard(last.node, last.at);
    if (this.#listeners.size === 0) for (const record of records) this.#unfolded.push(record);
    else for (const record of records) this.#tell(record);
    for (const [at, record] of records.entries()) {
      const axisMs = this.#clocks.axis(record.node, record.at);
      this.#take({ axisMs, text: timedLine(axisMs, lines[at] ?? ''), record });
    }
  }

  /** Something that the inspector itself tells of a node. */
  note(record: TraceRecord): void {
    this.#tell(record);
    const axisMs = this.#clocks.stamp(record.node);
    this.#take({ axisMs, text: timedLine(axisMs, JSON.stringify({ ...record, at: axisMs })), record });
  }

  /** A node's process came or went. */
  node(node: string, up: boolean, about: Readonly<Record<string, unknown>>): void {
    this.#clocks.begin(node);
    this.note(nodeRecord(node, up, about));
    for (const listener of this.#listeners) listener.node(node, up);
  }

  /** What is done to the nodes, from now on. */
  faults(faults: Faults): void {
    this.#faults = faults;
    this.flush();
    const frame: ServerFrame = { type: 'faults', faults };
    for (const viewer of this.#viewers.keys()) viewer.send(frameOf(frame));
  }

  join(viewer: Viewer): void {
    this.flush();
    this.#viewers.set(viewer, { skipped: 0 });
    this.#greet(viewer);
    this.#look();
  }

  leave(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    this.#look();
  }

  /** Sends each page what came since, in the order of time. */
  flush(): void {
    const fresh = this.#fresh.sort((a, b) => a.axisMs - b.axisMs);
    this.#fresh = [];
    // Nobody may ask for it for long.
    void this.world;
    this.#keep(fresh);
    const frame = fresh.length > 0 && frameOf({ type: 'records' } satisfies ServerFrame, texts(fresh));
    for (const [viewer, seat] of this.#viewers) {
      if (viewer.backlog > (seat.skipped > 0 ? SMALL_BACKLOG : MAX_BACKLOG)) seat.skipped += fresh.length;
      else if (seat.skipped > 0) {
        // Who missed records cannot know the present from what comes after: it is told.
        const missed: ServerFrame = {
          type: 'missed',
          count: seat.skipped + fresh.length,
          world: packWorld(this.world),
        };
        viewer.send(frameOf(missed));
        seat.skipped = 0;
      } else if (frame) viewer.send(frame);
    }
  }

  /** Who listens is told of a record when the world has it, and not yet what follows. */
  #tell(record: TraceRecord): void {
    this.#world = withRecords(this.world, [record]);
    for (const listener of this.#listeners) listener.record(record);
  }

  #look(): void {
    if (this.#wasWatched === this.isWatched) return;
    this.#wasWatched = this.isWatched;
    this.#options.watched?.(this.isWatched);
  }

  #take(line: Line): void {
    this.#fresh.push(line);
    if (this.#fresh.length >= MAX_FRAME) this.flush();
  }

  #keep(fresh: readonly Line[]): void {
    const { maxRecords } = this.#options;
    for (const line of fresh) this.#kept.push(line);
    // Trimmed in large steps, so that a record costs constant time.
    if (this.#kept.length <= maxRecords * 2) return;
    const gone = this.#kept.splice(0, this.#kept.length - maxRecords);
    this.#base = withRecords(
      this.#base,
      gone.map(({ record }) => record),
    );
  }

  /** The world that a page begins with, and what has happened since then. */
  #greet(viewer: Viewer): void {
    const frame: ServerFrame = {
      type: 'world',
      version: WIRE_VERSION,
      world: packWorld(this.#base),
      controls: viewer.mayAct ? this.#options.controls : [],
      faults: this.#faults,
    };
    viewer.send(frameOf(frame, texts(this.#kept)));
  }
}

/** A remark of the inspector's own in the trace of a node. */
export const remark = (node: string, code: string, text: string): TraceRecord => ({
  seq: 0,
  at: 0,
  node,
  clock: {},
  type: 'note',
  code,
  text,
});

const texts = (lines: readonly Line[]): string[] => lines.map(({ text }) => text);
