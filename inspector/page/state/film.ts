import type { TraceRecord } from '@synod/protocol';
import { emptyWorld, type World, withRecord } from '../../src/world/world.ts';

/** Records between two worlds that are kept. */
const APART = 500;

/** The records of a run that is over, and the world after any number of them. */
export class Film {
  readonly #records: TraceRecord[] = [];
  /** The world after each `APART` records, the empty one first. */
  readonly #worlds: World[] = [emptyWorld];
  #end: World = emptyWorld;

  get length(): number {
    return this.#records.length;
  }

  add(records: readonly TraceRecord[]): void {
    for (const record of records) {
      this.#records.push(record);
      this.#end = withRecord(this.#end, record);
      if (this.#records.length % APART === 0) this.#worlds.push(this.#end);
    }
  }

  /** The world after the first `count` records. */
  worldAt(count: number): World {
    if (count >= this.length) return this.#end;
    const kept = Math.floor(count / APART);
    return this.#records.slice(kept * APART, count).reduce(withRecord, this.#worlds[kept] ?? emptyWorld);
  }
}
