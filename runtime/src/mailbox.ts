import type { Address, Message } from '@synod/protocol';
import type { EventObject } from 'xstate';

/** What waits for an actor. */
export type Letter =
  /** A message of another actor, or of the embedder. */
  | { readonly kind: 'message'; readonly id: string; readonly from: Address; readonly message: Message }
  /** A timer that ran out; void when the actor has cancelled or set it again meanwhile. */
  | { readonly kind: 'timer'; readonly id: string; readonly event: EventObject; readonly isCurrent: () => boolean };

/** What to do with a message for a full mailbox: refuse it, or drop the oldest message that waits. */
export type OverflowPolicy = 'drop-newest' | 'drop-oldest';

export interface MailboxOptions {
  /** Messages that may wait; timers are not counted and never dropped. Default 10,000. */
  readonly capacity?: number;
  /** Default `drop-newest`. What is dropped is a `drop` record with reason `mailbox-full`. */
  readonly overflow?: OverflowPolicy;
}

/** A bounded first-in-first-out queue in amortised constant time. */
export class Mailbox {
  readonly #capacity: number;
  readonly #overflow: OverflowPolicy;
  #letters: Letter[] = [];
  #head = 0;
  #messages = 0;

  constructor({ capacity = 10_000, overflow = 'drop-newest' }: MailboxOptions = {}) {
    this.#capacity = capacity;
    this.#overflow = overflow;
  }

  get length(): number {
    return this.#letters.length - this.#head;
  }

  /** Adds a letter. Returns the message that had to be dropped for it, which may be the letter itself. */
  push(letter: Letter): Extract<Letter, { kind: 'message' }> | undefined {
    if (letter.kind !== 'message' || this.#messages < this.#capacity) {
      this.#add(letter);
      return undefined;
    }
    if (this.#overflow === 'drop-newest') return letter;
    const index = this.#letters.findIndex(({ kind }, at) => at >= this.#head && kind === 'message');
    const [oldest] = this.#letters.splice(index, 1) as [Extract<Letter, { kind: 'message' }>];
    this.#messages--;
    this.#add(letter);
    return oldest;
  }

  shift(): Letter | undefined {
    const letter = this.#letters[this.#head];
    if (!letter) return undefined;
    this.#head++;
    if (letter.kind === 'message') this.#messages--;
    if (this.#head > 1_024 && this.#head * 2 > this.#letters.length) {
      this.#letters = this.#letters.slice(this.#head);
      this.#head = 0;
    }
    return letter;
  }

  /** Empties the mailbox and returns the messages that were in it. */
  drain(): Extract<Letter, { kind: 'message' }>[] {
    const rest = this.#letters.slice(this.#head).filter((letter) => letter.kind === 'message');
    this.#letters = [];
    this.#head = 0;
    this.#messages = 0;
    return rest;
  }

  #add(letter: Letter): void {
    this.#letters.push(letter);
    if (letter.kind === 'message') this.#messages++;
  }
}
