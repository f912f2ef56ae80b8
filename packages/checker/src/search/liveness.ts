import { UNFAIR } from '../world/expansion.ts';
import type { Search } from './search.ts';

/** A run that never comes to what it should: a way in, and what is then repeated for ever; an empty circle is a world that stays. */
export interface Lasso {
  readonly stem: readonly number[];
  /** Worlds after the stem's last, which the last of them is again. */
  readonly cycle: readonly number[];
}

/** How a lasso is looked for. */
export interface LassoOptions {
  /** What counts as one fair action; default: each message, timer and request for itself. */
  readonly classOf?: ((fair: number) => number) | undefined;
  /** Pass every fair action that the part has, even where it would not be needed. */
  readonly thorough?: boolean;
}

/**
 * Looks for a weakly fair run on which `bit` never holds: in the graph of worlds where it does not, one that may stay as it is, or a
 * strongly connected part in which every fair action is either taken or, somewhere, not possible. A part that fails this has no
 * smaller one that passes, so the largest parts are enough. `undecided`: some such world was left unexplored.
 */
export function findLasso(search: Search, bit: number, options: LassoOptions = {}): Lasso | 'none' | 'undecided' {
  const graph = new Avoiding(search, bit, options);
  if (!graph.has(0)) return 'none';
  for (const part of graph.parts()) {
    const cycle = graph.fairCycle(part);
    if (cycle) return { stem: graph.wayFrom(0, (at) => at === cycle.start) as number[], cycle: cycle.steps };
  }
  return graph.unexplored ? 'undecided' : 'none';
}

/** The worlds in which a property does not hold, as far as they are reached through such worlds alone. */
class Avoiding {
  readonly #search: Search;
  readonly #bit: number;
  readonly #options: LassoOptions;
  unexplored = false;

  constructor(search: Search, bit: number, options: LassoOptions) {
    this.#search = search;
    this.#bit = bit;
    this.#options = options;
  }

  has(number: number): boolean {
    return (this.#search.marks.at(number) & (1 << this.#bit)) === 0;
  }

  isExplored(number: number): boolean {
    const { marks, edgeStarts } = this.#search;
    return number < edgeStarts.length && (marks.at(number) & (1 << 30)) !== 0;
  }

  begin(number: number): number {
    return this.#search.edgeStarts.at(number);
  }

  end(number: number): number {
    const { edgeStarts, edgeTo } = this.#search;
    return number + 1 < edgeStarts.length ? edgeStarts.at(number + 1) : edgeTo.length;
  }

  /** Strongly connected parts, by Tarjan's algorithm without recursion. */
  *parts(): Generator<readonly number[]> {
    const { edgeTo, distinct } = this.#search;
    const index = new Int32Array(distinct);
    const low = new Int32Array(distinct);
    const onStack = new Uint8Array(distinct);
    const stack: number[] = [];
    const work: { readonly at: number; edge: number }[] = [];
    let counter = 0;
    const enter = (at: number): void => {
      index[at] = low[at] = ++counter;
      stack.push(at);
      onStack[at] = 1;
      if (!this.isExplored(at)) this.unexplored = true;
      work.push({ at, edge: this.isExplored(at) ? this.begin(at) : this.end(at) });
    };
    enter(0);
    while (work.length > 0) {
      const top = work.at(-1) as { readonly at: number; edge: number };
      if (top.edge < this.end(top.at) && this.isExplored(top.at)) {
        const to = edgeTo.at(top.edge++);
        if (!this.has(to)) continue;
        if (index[to] === 0) enter(to);
        else if (onStack[to]) low[top.at] = Math.min(low[top.at] as number, index[to] as number);
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent) low[parent.at] = Math.min(low[parent.at] as number, low[top.at] as number);
      if (low[top.at] !== index[top.at]) continue;
      const part = stack.splice(stack.lastIndexOf(top.at));
      for (const at of part) onStack[at] = 0;
      yield part;
    }
  }

  /** A fair circle through a part; undefined when every run that stays in it starves some action. */
  fairCycle(part: readonly number[]): { readonly start: number; readonly steps: readonly number[] } | undefined {
    const start = part[0] as number;
    if (!part.every((at) => this.isExplored(at))) return undefined;
    const inside = new Set(part);
    const needs = this.#needs(part, inside);
    if (needs === undefined) return undefined;
    if (part.length === 1) return { start, steps: [] };
    const steps: number[] = [];
    let at = start;
    const walk = (reached: (number: number) => boolean): void => {
      for (const next of this.wayFrom(at, reached, inside)?.slice(1) ?? []) {
        steps.push(next);
        at = next;
      }
    };
    for (const { from, to } of needs) {
      walk((number) => number === from);
      if (to === undefined) continue;
      steps.push(to);
      at = to;
    }
    if (steps.length === 0) {
      at = this.#insideEdge(start, inside);
      steps.push(at);
    }
    walk((number) => number === start);
    return { start, steps };
  }

  #insideEdge(from: number, inside: ReadonlySet<number>): number {
    for (let edge = this.begin(from); edge < this.end(from); edge++) {
      const to = this.#search.edgeTo.at(edge);
      if (inside.has(to)) return to;
    }
    return from;
  }

  /**
   * What a fair run through the part has to pass: for each fair action that is possible somewhere in it, a step that is that action,
   * or a world in which it is not possible. Undefined when there is neither for one of them.
   */
  #needs(part: readonly number[], inside: ReadonlySet<number>): { from: number; to?: number }[] | undefined {
    const { edgeTo, edgeFair } = this.#search;
    const extra = new Map<number, { from: number; to: number }>();
    const possible = new Map<number, number>();
    const taken = new Map<number, { from: number; to: number }>();
    for (const from of part) {
      const here = new Set<number>();
      for (let edge = this.begin(from); edge < this.end(from); edge++) {
        const single = edgeFair.at(edge);
        if (single === UNFAIR) continue;
        const fair = this.#class(single);
        here.add(fair);
        const to = edgeTo.at(edge);
        if (this.#options.thorough && inside.has(to) && part.length > 1) extra.set(single, { from, to });
        if (inside.has(to) && part.length > 1 && !taken.has(fair)) taken.set(fair, { from, to });
      }
      for (const fair of here) possible.set(fair, (possible.get(fair) ?? 0) + 1);
    }
    const needs: { from: number; to?: number }[] = [...extra.values()];
    for (const [fair, worlds] of possible) {
      const step = taken.get(fair);
      if (step) needs.push(step);
      else if (worlds === part.length) return undefined;
      else needs.push({ from: part.find((at) => !this.#allows(at, fair)) as number });
    }
    return needs;
  }

  #allows(number: number, fair: number): boolean {
    for (let edge = this.begin(number); edge < this.end(number); edge++)
      if (this.#class(this.#search.edgeFair.at(edge)) === fair) return true;
    return false;
  }

  #class(fair: number): number {
    return this.#options.classOf && fair !== UNFAIR ? this.#options.classOf(fair) : fair;
  }

  /** A shortest way from a world to one that is wanted, both included, through worlds without the property. */
  wayFrom(from: number, reached: (number: number) => boolean, inside?: ReadonlySet<number>): number[] | undefined {
    const before = new Map<number, number>([[from, -1]]);
    const queue = [from];
    for (const at of queue) {
      if (reached(at)) {
        const way: number[] = [];
        for (let step = at; step >= 0; step = before.get(step) as number) way.push(step);
        return way.reverse();
      }
      if (!this.isExplored(at)) continue;
      for (let edge = this.begin(at); edge < this.end(at); edge++) {
        const to = this.#search.edgeTo.at(edge);
        if (before.has(to) || !this.has(to) || (inside && !inside.has(to))) continue;
        before.set(to, at);
        queue.push(to);
      }
    }
    return undefined;
  }
}
