import { type Address, address } from '@synod/protocol';

const MAX_NAME = 100;

/** Addresses for the actors of an app, whatever their ids are made of. The name of one that has ended is free for another. */
export class Names {
  readonly #node: string;
  readonly #taken = new Map<Address, { readonly name: string; readonly count: number }>();
  /** The least count of each name that may be free. */
  readonly #least = new Map<string, number>();

  constructor(node: string) {
    this.#node = node;
  }

  /** An address as near to `wish` as there is one free. */
  take(wish: string): Address {
    const name = asName(wish);
    for (let count = this.#least.get(name) ?? 1; ; count++) {
      const free = address(count === 1 ? name : `${name}-${count}`, this.#node);
      if (this.#taken.has(free)) continue;
      this.#taken.set(free, { name, count });
      this.#least.set(name, count + 1);
      return free;
    }
  }

  free(taken: Address): void {
    const { name, count } = this.#taken.get(taken) ?? {};
    if (name === undefined || count === undefined) return;
    this.#taken.delete(taken);
    this.#least.set(name, Math.min(count, this.#least.get(name) ?? 1));
  }
}

/** `text` as a name: what may not stand in one becomes a dash. */
export function asName(text: string, otherwise = 'actor'): string {
  const name = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
  return name.slice(0, MAX_NAME) || otherwise;
}

/** An id that XState made up, of a root (`x:0`) or of an invocation (`0.checkout.paying`), says less than what the actor runs. */
export const isMadeUp = (id: string, sessionId: string): boolean => id === sessionId || /^\d+\./.test(id);
