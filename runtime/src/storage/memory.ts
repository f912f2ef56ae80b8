import { applyDurable, type DurableChange, type DurableState } from '@synod/protocol';
import { assertStorableChange } from './storable.ts';
import type { Storage } from './storage.ts';
import { storageBehind, storageClosed, storageForeign, storageLocked } from './storage-errors.ts';

export interface MemoryStorageOptions {
  /**
   * Called when a commit begins; calling `done` makes durable all writes that were waiting at that moment. One commit is
   * under way at a time, and writes that come meanwhile share the next. Default: `queueMicrotask`.
   */
  readonly commit?: (done: () => void) => void;
}

/** A storage that lasts as long as the process, with a crash that can be timed exactly. */
export interface MemoryStorage extends Storage {
  /**
   * Loses power: what no commit has made durable is gone, and the storage is closed; `open` starts it again. The promises
   * of lost writes stay pending for ever, as whoever waited for them went down with the power.
   */
  crash(): void;
  /** Writes that wait to become durable. */
  readonly pending: number;
}

/**
 * Durable state in memory, for tests, simulations and nodes that may forget. Values are kept by reference and must not be
 * changed afterwards, as machines never do. Uses no clock and no randomness, so that a seeded run stays reproducible.
 */
export function createMemoryStorage(options: MemoryStorageOptions = {}): MemoryStorage {
  return new InMemory(options.commit ?? queueMicrotask);
}

interface Waiting {
  readonly actor: string;
  /** Undefined to erase the actor. */
  readonly changes: readonly DurableChange[] | undefined;
  readonly resolve: () => void;
}

class InMemory implements MemoryStorage {
  readonly #commit: (done: () => void) => void;
  readonly #actors = new Map<string, DurableState>();
  #node: string | undefined;
  #incarnation = 0;
  #isOpen = false;
  #closing: Promise<void> | undefined;
  #waiting: Waiting[] = [];
  #committing: readonly Waiting[] = [];
  #isCommitting = false;
  #whenIdle: (() => void)[] = [];
  /** Actors of which a write was refused since they last recovered. */
  readonly #behind = new Set<string>();

  constructor(commit: (done: () => void) => void) {
    this.#commit = commit;
  }

  get pending(): number {
    return this.#waiting.length + this.#committing.length;
  }

  async open(node: string): Promise<{ readonly incarnation: number }> {
    if (this.#isOpen) throw storageLocked('This memory storage', `node ${this.#node}`);
    if (this.#node !== undefined && this.#node !== node) {
      throw storageForeign('This memory storage', `node ${this.#node}`, `node ${node}`);
    }
    this.#node = node;
    this.#isOpen = true;
    this.#closing = undefined;
    return { incarnation: ++this.#incarnation };
  }

  async recover(actor: string): Promise<DurableState | undefined> {
    this.#assertOpen();
    await this.#idle();
    this.#behind.delete(actor);
    return this.#actors.get(actor);
  }

  async write(actor: string, changes: readonly DurableChange[]): Promise<void> {
    this.#assertOpen();
    if (this.#behind.has(actor)) throw storageBehind(actor);
    try {
      for (const change of changes) assertStorableChange(actor, change);
    } catch (error) {
      this.#behind.add(actor);
      throw error;
    }
    return this.#enqueue(actor, changes);
  }

  async erase(actor: string): Promise<void> {
    this.#assertOpen();
    this.#behind.delete(actor);
    return this.#enqueue(actor, undefined);
  }

  close(): Promise<void> {
    if (!this.#isOpen) return this.#closing ?? Promise.resolve();
    this.#isOpen = false;
    this.#closing = this.#idle();
    return this.#closing;
  }

  crash(): void {
    this.#isOpen = false;
    this.#closing = undefined;
    this.#waiting = [];
    this.#committing = [];
    this.#isCommitting = false;
    this.#whenIdle = [];
    this.#behind.clear();
  }

  #enqueue(actor: string, changes: readonly DurableChange[] | undefined): Promise<void> {
    const durable = new Promise<void>((resolve) => this.#waiting.push({ actor, changes, resolve }));
    this.#begin();
    return durable;
  }

  #begin(): void {
    if (this.#isCommitting || this.#waiting.length === 0) return;
    const group = this.#waiting;
    this.#waiting = [];
    this.#committing = group;
    this.#isCommitting = true;
    this.#commit(() => {
      if (this.#committing === group) this.#end(group);
    });
  }

  #end(group: readonly Waiting[]): void {
    this.#committing = [];
    this.#isCommitting = false;
    for (const { actor, changes, resolve } of group) {
      if (changes) this.#actors.set(actor, applyDurable(this.#actors.get(actor) ?? {}, changes));
      else this.#actors.delete(actor);
      resolve();
    }
    this.#begin();
    if (!this.#isCommitting) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #idle(): Promise<void> {
    return this.pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #assertOpen(): void {
    if (!this.#isOpen) throw storageClosed('in memory');
  }
}
