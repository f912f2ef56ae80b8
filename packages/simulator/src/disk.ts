import { applyDurable, type DurableChange, type DurableState } from '@synod/protocol';
import type { Stream } from './random.ts';
import { type Micros, micros } from './time.ts';

export interface DiskOptions {
  /** How long a sync takes, in milliseconds; drawn uniformly. Default 0.2 to 1. */
  readonly syncMs?: readonly [min: number, max: number];
}

/** One step's durable changes on their way to the disk, as a record of a write-ahead log. */
export interface DiskRecord {
  readonly number: number;
  readonly actor: number;
  readonly changes: readonly DurableChange[];
  /** Whether all of it was written; its checksum tells. One that is torn is not read back, nor what stands behind it. */
  whole: boolean;
}

/**
 * A node's disk: a log to which steps append records. One sync makes all durable that was written before it began; a crash loses
 * what no sync has covered.
 */
export class Disk {
  /** By actor, what a restart would find. */
  readonly #stable = new Map<number, DurableState>();
  readonly #stream: Stream;
  readonly #minUs: Micros;
  readonly #maxUs: Micros;
  #syncing: readonly DiskRecord[] = [];
  #waiting: DiskRecord[] = [];
  #written = 0;
  /** The number of the last record that is durable. */
  synced = 0;
  /** A sync takes as many times longer. */
  slowness = 1;
  /** Faults in force that leave no room, and that tear what a crash meets in the middle of a sync. */
  full = 0;
  torn = 0;

  constructor(stream: Stream, { syncMs = [0.2, 1] }: DiskOptions = {}) {
    this.#stream = stream;
    this.#minUs = micros(syncMs[0]);
    this.#maxUs = micros(syncMs[1]);
  }

  get busy(): boolean {
    return this.#syncing.length > 0;
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Appends a record. Returns its number: it is durable once `synced` has reached that. */
  write(actor: number, changes: readonly DurableChange[]): number {
    this.#waiting.push({ number: ++this.#written, actor, changes, whole: true });
    return this.#written;
  }

  /** Begins to sync all that waits. Returns how long it takes. */
  begin(): Micros {
    this.#syncing = this.#waiting;
    this.#waiting = [];
    return Math.max(1, Math.round(this.#stream.between(this.#minUs, this.#maxUs) * this.slowness));
  }

  /** The sync is done. Returns the records that are durable now. */
  end(): readonly DiskRecord[] {
    const done = this.#syncing;
    this.#syncing = [];
    this.#keep(done);
    return done;
  }

  /** The power fails. Of a sync in progress nothing is left, or a prefix where writes are torn. Returns how many records are lost. */
  crash(): number {
    let kept: readonly DiskRecord[] = [];
    if (this.torn > 0 && this.#syncing.length > 0) {
      const broken = this.#syncing[this.#stream.integer(0, this.#syncing.length - 1)];
      if (broken) broken.whole = false;
      kept = readBack(this.#syncing);
    }
    const lost = this.#syncing.length + this.#waiting.length - kept.length;
    this.#keep(kept);
    this.#syncing = [];
    this.#waiting = [];
    this.synced = this.#written;
    return lost;
  }

  /** What an actor finds when it starts; undefined when nothing of it was ever durable. */
  recover(actor: number): DurableState | undefined {
    return this.#stable.get(actor);
  }

  #keep(records: readonly DiskRecord[]): void {
    for (const { number, actor, changes } of records) {
      this.#stable.set(actor, applyDurable(this.#stable.get(actor) ?? {}, changes));
      this.synced = number;
    }
  }
}

/** What recovery makes of a log's end: it stops at the first record whose checksum is wrong. */
function readBack(records: readonly DiskRecord[]): readonly DiskRecord[] {
  const torn = records.findIndex(({ whole }) => !whole);
  return torn < 0 ? records : records.slice(0, torn);
}
