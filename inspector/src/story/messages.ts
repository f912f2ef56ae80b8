import { NONE } from './block.ts';

/** Messages whose ids are remembered; in a longer run the oldest go without an arrow. */
const MAX_MESSAGES = 500_000;

/** Finds what belongs to one message: its send, and its first delivery or loss. Either may come first, as nodes tell of themselves. */
export class Messages {
  readonly #sends = new Map<string, number>();
  readonly #ends = new Map<string, number>();

  /** A message was sent. Answers where it ended, if that is known already. */
  sent(id: string, index: number): number {
    remember(this.#sends, id, index);
    const end = this.#ends.get(id);
    if (end === undefined) return NONE;
    this.#ends.delete(id);
    return end;
  }

  /** It was delivered, lost or taken up. Answers where it was sent, if that is known. */
  sendOf(id: string): number {
    return this.#sends.get(id) ?? NONE;
  }

  /** It ended before its sender told of it. */
  ended(id: string, index: number): void {
    if (!this.#ends.has(id)) remember(this.#ends, id, index);
  }
}

function remember(map: Map<string, number>, id: string, index: number): void {
  map.set(id, index);
  if (map.size <= MAX_MESSAGES) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
