import type { TraceRecord } from '@synod/protocol';
import { stateWords } from '../../src/chart/active.ts';
import type { World } from '../../src/world/world.ts';
import type { Names } from './names.ts';

/** Follows the state of each actor from record to record. */
export class States {
  readonly #names: Names;
  readonly #last = new Map<string, number>();

  constructor(names: Names, base: World) {
    this.#names = names;
    this.begin(base);
  }

  /** Actors are in the states of this world. */
  begin(base: World): void {
    this.#last.clear();
    const names = this.#names;
    for (const { actors } of Object.values(base))
      for (const { address, state } of Object.values(actors)) this.#last.set(address, names.number(stateWords(state)));
  }

  /** The number of the state in which `actor` is after `record`; 0 where none is known. */
  after(record: TraceRecord, actor: string | undefined): number {
    if (actor === undefined) return 0;
    if (record.type !== 'transition' && record.type !== 'spawn') return this.#last.get(actor) ?? 0;
    const number = this.#names.number(stateWords(record.state));
    this.#last.set(actor, number);
    return number;
  }
}
