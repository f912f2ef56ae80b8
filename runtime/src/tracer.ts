import { type VectorClock, vectorMerge, vectorTick } from '@synod/clocks';
import type { TraceBase, TraceEvent, TraceRecord } from '@synod/protocol';
import { map, Observable, Subject } from 'rxjs';
import type { Clock } from './clock.ts';

/** Events of one life of a node; its own clock component never repeats across lives while no life has more. */
const EVENTS_PER_INCARNATION = 1e11;

/**
 * A node's logical time and its trace. Records are made only while somebody subscribes; the vector clock always runs,
 * because envelopes carry it.
 */
export class Tracer {
  readonly trace$: Observable<TraceRecord>;
  readonly #records = new Subject<TraceRecord>();
  readonly #node: string;
  readonly #clock: Clock;
  #vector: VectorClock;
  #seq = 0;

  /** `present` yields, for a late subscriber, a `spawn` for each living actor as it is now. */
  constructor(node: string, clock: Clock, incarnation: number, present: () => Iterable<TraceEvent>) {
    this.#node = node;
    this.#clock = clock;
    this.#vector = incarnation > 1 ? { [node]: (incarnation - 1) * EVENTS_PER_INCARNATION } : {};
    this.trace$ = new Observable((subscriber) => {
      // A latecomer counts those on its own, and goes on behind them: for all others no record is missing.
      let more = 0;
      for (const event of present()) subscriber.next({ ...this.#stamp(this.#seq + ++more), ...event });
      if (more === 0) return this.#records.subscribe(subscriber);
      return this.#records.pipe(map((record) => ({ ...record, seq: record.seq + more }))).subscribe(subscriber);
    });
  }

  /** Whether anybody looks; guard the making of records with it. */
  get watched(): boolean {
    return this.#records.observed;
  }

  /** The node's vector clock now. */
  get vector(): VectorClock {
    return this.#vector;
  }

  /** Counts an event of this node. */
  tick(): VectorClock {
    this.#vector = vectorTick(this.#vector, this.#node);
    return this.#vector;
  }

  /** Counts the receipt of a message that was stamped `stamp`. */
  receive(stamp: VectorClock): void {
    this.#vector = vectorTick(vectorMerge(this.#vector, stamp), this.#node);
  }

  /** Adds a record to the trace. */
  record(event: TraceEvent): void {
    if (this.#records.observed) this.#records.next(this.#record(event));
  }

  complete(): void {
    this.#records.complete();
  }

  #record(event: TraceEvent): TraceRecord {
    return { ...this.#stamp(++this.#seq), ...event };
  }

  #stamp(seq: number): TraceBase {
    return { seq, at: this.#clock.now(), node: this.#node, clock: this.#vector };
  }
}
