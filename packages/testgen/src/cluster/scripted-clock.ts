import type { Clock, Timer } from '@synod/runtime';

interface Entry {
  readonly name: string;
  readonly callback: () => void;
}

/**
 * A node's time as a script has it: it stands still, and any timer of an actor ends when the script says so, whatever its delay; as in the
 * checker, where each order in which timers may end is a schedule. Timers of the host itself, that nobody names, never end.
 */
export class ScriptedClock implements Clock {
  readonly #armed = new Set<Entry>();
  #next: string | undefined;

  now(): number {
    return 0;
  }

  defer(callback: () => void): void {
    setImmediate(callback);
  }

  setTimer(callback: () => void): Timer {
    const name = this.#next;
    this.#next = undefined;
    if (name === undefined) return { cancel: () => {} };
    const entry = { name, callback };
    this.#armed.add(entry);
    return { cancel: () => void this.#armed.delete(entry) };
  }

  /** The timer that is set next is this one: a host says so in its trace just before it sets it. */
  name(id: string): void {
    this.#next = id;
  }

  /** Ids of the timers that are armed. */
  get armed(): readonly string[] {
    return [...this.#armed].map(({ name }) => name);
  }

  /** Ends the timer of this id; false when it is not armed. */
  fire(id: string): boolean {
    const entry = [...this.#armed].find(({ name }) => name === id);
    if (!entry) return false;
    this.#armed.delete(entry);
    entry.callback();
    return true;
  }
}
