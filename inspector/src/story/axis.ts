/**
 * The axis of time that all nodes share. Lines of a live system bring their place on it. A trace's own times are taken as they are; where a
 * node's clock goes back, a new life has begun, and goes on where the axis stood.
 */
export class Axis {
  #end = 0;
  readonly #clocks = new Map<string, { last: number; offset: number }>();

  /** Where a record stands, in milliseconds. */
  place(node: string, at: number, axisMs: number | undefined): number {
    const placed = axisMs ?? this.#own(node, at);
    if (placed > this.#end) this.#end = placed;
    return placed;
  }

  #own(node: string, at: number): number {
    const clock = this.#clocks.get(node);
    if (!clock) {
      this.#clocks.set(node, { last: at, offset: 0 });
      return at;
    }
    if (at < clock.last) clock.offset = this.#end - at;
    clock.last = at;
    return at + clock.offset;
  }
}
