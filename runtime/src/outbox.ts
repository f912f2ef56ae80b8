/** What a step lets out once it is durable. */
export type Release = () => void;

/**
 * Keeps the outputs of an actor's steps in order behind the writes they wait for: a step's sends leave only when its own
 * durable write, and that of every step before it, is on stable storage.
 */
export class Outbox {
  readonly #waiting: { release: Release; durable: boolean }[] = [];
  readonly #onFailure: (error: unknown) => void;
  #closed = false;
  #onEmpty: (() => void) | undefined;

  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** Steps whose outputs wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Lets `release` run after all that came before it and, if given, after `written`. At once when nothing waits. */
  push(release: Release, written?: Promise<void>): void {
    if (!written && this.#waiting.length === 0) return release();
    const entry = { release, durable: written === undefined };
    this.#waiting.push(entry);
    written?.then(
      () => {
        entry.durable = true;
        this.#flush();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  /** Calls `callback` once when nothing waits any more. */
  whenEmpty(callback: () => void): void {
    if (this.#waiting.length === 0) callback();
    else this.#onEmpty = callback;
  }

  /** Forgets what waits: it was never promised to anybody. */
  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    this.#onEmpty = undefined;
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting.length = 0;
    this.#onFailure(error);
    this.#emptied();
  }

  #flush(): void {
    while (this.#waiting[0]?.durable) this.#waiting.shift()?.release();
    if (this.#waiting.length === 0) this.#emptied();
  }

  #emptied(): void {
    const callback = this.#onEmpty;
    this.#onEmpty = undefined;
    callback?.();
  }
}
