/** Spans of time at most. */
const SPANS = 120;

/** How often something happened over time: counts in equal spans, which grow as time does. */
export class Rates<Name extends string> {
  readonly #counts: ReadonlyMap<Name, Float64Array>;
  #begin: number | undefined;
  #width = 1;
  #used = 0;

  constructor(names: readonly Name[]) {
    this.#counts = new Map(names.map((name) => [name, new Float64Array(SPANS)]));
  }

  /** Where the first span begins. */
  get begin(): number {
    return this.#begin ?? 0;
  }

  /** How long a span is, in milliseconds. */
  get width(): number {
    return this.#width;
  }

  add(name: Name, at: number): void {
    this.#begin ??= at;
    // Nodes tell of themselves, and one may tell a little late.
    const since = Math.max(0, at - this.#begin);
    while (since >= this.#width * SPANS) this.#widen();
    const span = Math.floor(since / this.#width);
    if (span >= this.#used) this.#used = span + 1;
    const counts = this.#counts.get(name);
    if (counts) counts[span] = (counts[span] as number) + 1;
  }

  /** The counts of all spans up to the last in which anything happened. */
  counts(name: Name): readonly number[] {
    return [...(this.#counts.get(name) ?? [])].slice(0, this.#used);
  }

  #widen(): void {
    this.#width *= 2;
    this.#used = Math.ceil(this.#used / 2);
    for (const counts of this.#counts.values()) {
      for (let at = 0; at < SPANS; at++)
        counts[at] = at < SPANS / 2 ? (counts[2 * at] as number) + (counts[2 * at + 1] as number) : 0;
    }
  }
}
