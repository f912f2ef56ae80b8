import type { TraceRecord } from '@synod/protocol';

const none: readonly number[] = [];

/** Where nodes begin anew: a node counts its records from the first again, and knows nothing of what others had told it. */
export class Lives {
  readonly #last = new Map<string, number>();
  readonly #begins = new Map<string, number[]>();

  add({ node, seq, clock }: TraceRecord, index: number): void {
    // What others tell of a node has no clock, and is not counted by it.
    if (clock[node] === undefined) return;
    const last = this.#last.get(node);
    this.#last.set(node, seq);
    if (last === undefined || seq > last) return;
    const begins = this.#begins.get(node);
    if (begins) begins.push(index);
    else this.#begins.set(node, [index]);
  }

  of(node: string): readonly number[] {
    return this.#begins.get(node) ?? none;
  }
}
