import { describeState } from '@synod/protocol';

/** A stretch of a thread; times in microseconds. */
export interface Slice {
  readonly name: string;
  readonly category: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly args: object;
}

/**
 * A thread's time. Slices of a thread must nest, and importers decide by file order or by length between those that begin together: so no
 * two begin or end at the same microsecond, nor does time go back.
 */
export class Track {
  readonly node: string;
  readonly pid: number;
  readonly tid: number;
  /** The first microsecond that is still free. */
  #free = Number.NEGATIVE_INFINITY;
  readonly #states: { readonly name: string; readonly ts: number; readonly at: number }[] = [];

  constructor(node: string, pid: number, tid: number) {
    this.node = node;
    this.pid = pid;
    this.tid = tid;
  }

  /** The next free microsecond, not before `at` milliseconds, nor before `least` microseconds. */
  moment(at: number, least = Number.NEGATIVE_INFINITY): number {
    const ts = Math.max(Math.round(at * 1_000), this.#free, least);
    this.#free = ts + 1;
    return ts;
  }

  /** A slice of a microsecond. */
  slot(at: number, name: string, category: string, args: object, least?: number): Slice {
    const ts = this.moment(at, least);
    this.#free = ts + 2;
    return { name, category, pid: this.pid, tid: this.tid, ts, dur: 1, args };
  }

  /** The state is another: the slices of what was left, which end now. What goes on has not ended. */
  become(at: number, state: unknown): readonly Slice[] {
    const path = pathOf(state);
    let same = 0;
    while (same < path.length && this.#states[same]?.name === path[same]) same++;
    const left = this.#close(at, same);
    for (const name of path.slice(same)) this.#states.push({ name, ts: this.moment(at), at });
    return left;
  }

  /** No state any more. */
  leave(at: number): readonly Slice[] {
    return this.#close(at, 0);
  }

  /** Ends what is nested deeper than `depth`, inner ones first. */
  #close(at: number, depth: number): readonly Slice[] {
    return this.#states
      .splice(depth)
      .reverse()
      .map(({ name, ts, at: since }) => ({
        name,
        category: 'state',
        pid: this.pid,
        tid: this.tid,
        ts,
        dur: this.moment(at) - ts,
        args: { at: since },
      }));
  }
}

/** The states within each other; from regions side by side on, all in one. */
function pathOf(state: unknown): readonly string[] {
  if (typeof state !== 'object' || state === null) return typeof state === 'string' ? [state] : [];
  const entries = Object.entries(state);
  const [only] = entries;
  if (entries.length === 1 && only) return [only[0], ...pathOf(only[1])];
  return entries.length === 0 ? [] : [describeState(state)];
}
