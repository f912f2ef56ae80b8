import type { Address } from '@synod/protocol';
import { nodeOfId } from './replay/post.ts';

/** Why the sending of a message need not be in a trace. */
export type Unseen = 'node' | 'before' | 'after' | 'forgotten';

/** What of a trace was not judged, and why. */
export class NotJudged {
  readonly #strangers = new Map<Address, string>();
  readonly #nodes = new Map<string, number>();
  readonly #counts = { before: 0, after: 0, forgotten: 0 };
  #partial = 0;

  /** An actor of no machine that is known, or of which the trace does not tell enough. */
  actor(address: Address, why: string): void {
    this.#strangers.set(address, why);
  }

  /** It begins anew, and can be judged. */
  known(address: Address): void {
    this.#strangers.delete(address);
  }

  has(address: Address): boolean {
    return this.#strangers.has(address);
  }

  message(id: string, why: Unseen): void {
    if (why === 'node') this.#nodes.set(nodeOfId(id), (this.#nodes.get(nodeOfId(id)) ?? 0) + 1);
    else this.#counts[why]++;
  }

  /** A life that began before the trace. */
  partial(): void {
    this.#partial++;
  }

  get lines(): string[] {
    const { before, after, forgotten } = this.#counts;
    const lines = [...this.#strangers].map(([address, why]) => `${address}: ${why}`);
    for (const [name, count] of this.#nodes) lines.push(`messages from ${name}, ${count}: its trace is not here`);
    if (before > 0) lines.push(`messages sent before the trace of their sender begins: ${before}`);
    if (after > 0) lines.push(`messages sent after the trace of their sender ends: ${after}`);
    if (forgotten > 0) lines.push(`messages of which too many were on their way to remember them: ${forgotten}`);
    if (this.#partial > 0)
      lines.push(
        `lives that began before the trace, ${this.#partial}: what their earlier steps left open counts as right`,
      );
    return lines;
  }
}
