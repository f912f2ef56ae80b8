import { NONE } from './block.ts';

/** Messages whose ids are remembered at least; in a longer run the oldest go without an arrow. */
const MESSAGES = 500_000;

/** Places of messages by their ids. The oldest are forgotten many at once, since a map finds its oldest key slowly once others have left. */
class Places {
  #older = new Map<string, number>();
  #newer = new Map<string, number>();

  get(id: string): number | undefined {
    return this.#newer.get(id) ?? this.#older.get(id);
  }

  set(id: string, index: number): void {
    this.#newer.set(id, index);
    if (this.#newer.size < MESSAGES) return;
    this.#older = this.#newer;
    this.#newer = new Map();
  }

  /** Answers the place of a message, and forgets it. */
  take(id: string): number | undefined {
    const place = this.get(id);
    if (place === undefined) return undefined;
    this.#newer.delete(id);
    this.#older.delete(id);
    return place;
  }
}

/** Finds what belongs to one message: its send, and its first delivery or loss. Either may come first, as nodes tell of themselves. */
export class Messages {
  readonly #sends = new Places();
  readonly #ends = new Places();

  /** A message was sent. Answers where it ended, if that is known already. */
  sent(id: string, index: number): number {
    this.#sends.set(id, index);
    return this.#ends.take(id) ?? NONE;
  }

  /** It was delivered, lost or taken up. Answers where it was sent, if that is known. */
  sendOf(id: string): number {
    return this.#sends.get(id) ?? NONE;
  }

  /** It ended before its sender told of it. */
  ended(id: string, index: number): void {
    if (this.#ends.get(id) === undefined) this.#ends.set(id, index);
  }
}
