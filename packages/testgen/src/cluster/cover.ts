/** A choice of candidates that covers all there is to cover. */
export interface Cover {
  /** Places in the list of candidates, ascending. */
  readonly chosen: readonly number[];
  /** No choice has fewer. */
  readonly atLeast: number;
}

/** Something that covers. Of two choices of one size, the one of less weight is better. */
export interface Candidate {
  readonly covers: ReadonlySet<string>;
  readonly weight: number;
}

/** Choices that are tried before the best one so far has to do. */
const PATIENCE = 50_000;

/**
 * The fewest candidates that together cover whatever any of them covers: by branch and bound, which proves it where it comes to an end;
 * else the best that was found, and a bound below. Deterministic.
 */
export function leastCover(candidates: readonly Candidate[]): Cover {
  return new Search(candidates).best();
}

class Search {
  readonly #candidates: readonly Candidate[];
  /** By target, the candidates that cover it; targets that few cover first. */
  readonly #coverers: readonly (readonly [target: string, by: readonly number[]])[];
  #best: readonly number[];
  #bestWeight: number;
  #left = PATIENCE;

  constructor(candidates: readonly Candidate[]) {
    this.#candidates = candidates;
    const targets = [...new Set(candidates.flatMap(({ covers }) => [...covers]))].sort();
    this.#coverers = targets
      .map((target) => [target, this.#covering(target)] as const)
      .sort(([a, by], [b, others]) => by.length - others.length || (a < b ? -1 : 1));
    this.#best = this.#greedy(targets);
    this.#bestWeight = this.#weigh(this.#best);
  }

  best(): Cover {
    const bound = this.#independent(new Set());
    this.#branch([], new Set());
    const atLeast = this.#left > 0 ? this.#best.length : bound;
    return { chosen: [...this.#best].sort((a, b) => a - b), atLeast };
  }

  #covering(target: string): readonly number[] {
    const found = [...this.#candidates.keys()].filter((at) => this.#candidates[at]?.covers.has(target));
    const gain = (at: number) => this.#candidates[at]?.covers.size ?? 0;
    return found.sort((a, b) => gain(b) - gain(a) || a - b);
  }

  #weigh(chosen: readonly number[]): number {
    return chosen.reduce((sum, at) => sum + (this.#candidates[at]?.weight ?? 0), 0);
  }

  #greedy(targets: readonly string[]): number[] {
    const open = new Set(targets);
    const chosen: number[] = [];
    while (open.size > 0) {
      let best = -1;
      let gained = 0;
      for (const [at, { covers }] of this.#candidates.entries()) {
        const gain = [...covers].filter((target) => open.has(target)).length;
        if (gain > gained) [best, gained] = [at, gain];
      }
      chosen.push(best);
      for (const target of this.#candidates[best]?.covers ?? []) open.delete(target);
    }
    return chosen;
  }

  /** How many targets there are at least of which no candidate covers two: each needs one of its own. */
  #independent(covered: ReadonlySet<string>): number {
    const used = new Set<number>();
    let count = 0;
    for (const [target, by] of this.#coverers) {
      if (covered.has(target) || by.some((at) => used.has(at))) continue;
      count++;
      for (const at of by) used.add(at);
    }
    return count;
  }

  #branch(chosen: readonly number[], covered: ReadonlySet<string>): void {
    if (this.#left-- <= 0) return;
    const open = this.#coverers.find(([target]) => !covered.has(target));
    if (!open) {
      const weight = this.#weigh(chosen);
      if (chosen.length > this.#best.length) return;
      if (chosen.length === this.#best.length && weight >= this.#bestWeight) return;
      [this.#best, this.#bestWeight] = [chosen, weight];
      return;
    }
    if (chosen.length + this.#independent(covered) > this.#best.length) return;
    for (const at of open[1]) {
      const next = new Set([...covered, ...(this.#candidates[at]?.covers ?? [])]);
      this.#branch([...chosen, at], next);
    }
  }
}
