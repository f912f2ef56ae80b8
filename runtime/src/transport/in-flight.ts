import type { Outgoing } from './send-queue.ts';

/** What was handed to a socket and is not known to have arrived. A pong confirms all frames before its ping. */
export class InFlight {
  #frames: { readonly number: number; readonly items: readonly Outgoing[] }[] = [];
  #sent = 0;
  #bytes = 0;
  #length = 0;

  /** Frames handed over so far: what a ping carries. */
  get sent(): number {
    return this.#sent;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get length(): number {
    return this.#length;
  }

  add(items: readonly Outgoing[]): void {
    this.#frames.push({ number: ++this.#sent, items });
    this.#count(items, 1);
  }

  /** All frames up to the `number`-th have arrived. */
  confirm(number: number): void {
    const rest = this.#frames.findIndex((frame) => frame.number > number);
    const confirmed = this.#frames.splice(0, rest < 0 ? this.#frames.length : rest);
    for (const { items } of confirmed) this.#count(items, -1);
  }

  /** Takes what was not confirmed: it may have arrived, or not. */
  clear(): Outgoing[] {
    const items = this.#frames.flatMap((frame) => frame.items);
    this.#frames = [];
    this.#bytes = 0;
    this.#length = 0;
    return items;
  }

  #count(items: readonly Outgoing[], sign: 1 | -1): void {
    this.#length += sign * items.length;
    for (const { bytes } of items) this.#bytes += sign * bytes.length;
  }
}
