/** What an actor is while it is in no state of its chart. */
export const DOWN = -1;
export const STOPPED = -2;

/** An actor's states one after the other: from which record and moment on it was in which. */
export interface Phases {
  /** Indexes of records; -1 of what was so before the first. */
  readonly index: readonly number[];
  /** Milliseconds on the axis of all nodes. */
  readonly at: readonly number[];
  /** Numbers of the names of states, or `DOWN`, or `STOPPED`. */
  readonly state: readonly number[];
}

interface Growing extends Phases {
  readonly index: number[];
  readonly at: number[];
  readonly state: number[];
}

/** The states of all actors, by the number of each one's address. */
export class PhaseBook {
  readonly #actors = new Map<number, Growing>();
  /** The actors of each node, by its number, the first that lived first. */
  readonly #homes = new Map<number, number[]>();

  of(actor: number): Phases | undefined {
    return this.#actors.get(actor);
  }

  actorsOn(node: number): readonly number[] {
    return this.#homes.get(node) ?? [];
  }

  add(node: number, actor: number, index: number, at: number, state: number): void {
    let phases = this.#actors.get(actor);
    if (!phases) {
      phases = { index: [], at: [], state: [] };
      this.#actors.set(actor, phases);
      const home = this.#homes.get(node);
      if (home) home.push(actor);
      else this.#homes.set(node, [actor]);
    }
    if (phases.state.at(-1) === state) return;
    phases.index.push(index);
    phases.at.push(at);
    phases.state.push(state);
  }

  /** All actors of a node end with its process. */
  addAll(node: number, index: number, at: number, state: number): void {
    for (const actor of this.actorsOn(node)) this.add(node, actor, index, at, state);
  }

  /** Forgets what was over before a record. */
  forget(first: number): void {
    for (const { index, at, state } of this.#actors.values()) {
      const next = index.findIndex((each) => each > first);
      const gone = (next < 0 ? index.length : next) - 1;
      if (gone > 0) for (const list of [index, at, state]) list.splice(0, gone);
    }
  }
}
