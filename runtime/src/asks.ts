import { type Address, address, type Envelope, type Message, SynodError } from '@synod/protocol';
import type { Clock, Timer } from './clock.ts';

/** Names of the temporary actors that wait for an answer; no other actor may have such a name. */
const PREFIX = 'ask-';

export const isAskName = (actor: string): boolean => actor.startsWith(PREFIX);

interface Pending {
  readonly resolve: (message: Message) => void;
  readonly reject: (error: SynodError) => void;
  readonly timer: Timer;
}

/** Requests that wait for their answer: each has an address of its own, and the first message to it is the answer. */
export class Asks {
  readonly #clock: Clock;
  readonly #node: string;
  readonly #life: string;
  readonly #pending = new Map<string, Pending>();
  #count = 0;

  /** `life` tells the lives of a node apart, lest an answer to an earlier one's request be taken for this one's. */
  constructor(node: string, clock: Clock, life: string) {
    this.#node = node;
    this.#life = life;
    this.#clock = clock;
  }

  /** Sends a request by `send` and waits for the answer. Rejects with `ASK_TIMEOUT` after `timeoutMs`, as not definite. */
  ask(to: Address, timeoutMs: number, send: (from: Address) => void): Promise<Message> {
    const name = `${PREFIX}${this.#life}-${++this.#count}`;
    const from = address(name, this.#node);
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimer(() => {
        const text = `${to} did not answer within ${timeoutMs} ms; the request may still take effect.`;
        this.fail(from, new SynodError('ASK_TIMEOUT', text, { definite: false }));
      }, timeoutMs);
      this.#pending.set(from, { resolve, reject, timer });
      send(from);
    });
  }

  /** Takes the answer. False when nobody waits for it any more. */
  answer({ to, message }: Envelope): boolean {
    return this.#settle(to, ({ resolve }) => resolve(message));
  }

  /** Ends the request of `from`. False when it is no request of this node, or over. */
  fail(from: Address, error: SynodError): boolean {
    return this.#settle(from, ({ reject }) => reject(error));
  }

  /** Ends all requests. */
  close(): void {
    const error = new SynodError('SYSTEM_STOPPED', 'The actor system stopped before the answer came.', {
      definite: false,
    });
    for (const from of [...this.#pending.keys()]) this.fail(from as Address, error);
  }

  #settle(from: Address, how: (pending: Pending) => void): boolean {
    const pending = this.#pending.get(from);
    if (!pending) return false;
    this.#pending.delete(from);
    pending.timer.cancel();
    how(pending);
    return true;
  }
}
