import { assert } from '@synod/protocol';
import { describeOperation, type Operation } from './operations.ts';

/** What a judge says of a history. */
export type Verdict =
  | { readonly verdict: 'yes' }
  | {
      readonly verdict: 'no';
      /**
       * The smallest offending part: operations that already break the promise, of which none can be left out. What is left out counts
       * as something that may have happened at any time, so a read does not offend merely because its write is not in the part.
       */
      readonly part: readonly Operation[];
      /** One sentence for a person. */
      readonly message: string;
    }
  /** A bound was met, or the history does not tell enough: never a pass. */
  | { readonly verdict: 'unknown'; readonly why: string };

/** How far a judge goes. */
export interface Bounds {
  /** Configurations of the search; default 2,000,000. */
  readonly maxStates?: number;
  /** Seconds of real time; default 60. */
  readonly maxSeconds?: number;
  /** Seconds for looking for the smallest part of what offends; default 3. With 0, the part is the history, of the key that offends. */
  readonly explainSeconds?: number;
}

export const YES: Verdict = { verdict: 'yes' };

/** A verdict of no, whose message tells the operations where they are few. */
export function no(part: readonly Operation[], what: string): Verdict {
  assert(part.length > 0, 'a history without operations breaks no promise');
  const told =
    part.length <= 6 ? `: ${part.map((each) => `${each.client} ${describeOperation(each)}`).join('; ')}` : '';
  return { verdict: 'no', part, message: `${what}${told}.` };
}

/**
 * Leaves out of `items` what is not needed for `offends`: halves at first, at last one by one, until no single one can be left out
 * (Zeller & Hildebrandt, *Simplifying and Isolating Failure-Inducing Input*, 2002, §3: 1-minimality).
 */
export function smallest<T>(items: readonly T[], offends: (items: readonly T[]) => boolean): readonly T[] {
  let kept = items;
  let size = Math.ceil(kept.length / 2);
  while (size >= 1) {
    let removed = false;
    for (let start = kept.length; start > 0; start -= size) {
      const rest = [...kept.slice(0, Math.max(0, start - size)), ...kept.slice(start)];
      if (rest.length < kept.length && rest.length > 0 && offends(rest)) {
        kept = rest;
        removed = true;
      }
    }
    if (size > 1) size = Math.ceil(size / 2);
    else if (!removed) break;
  }
  return kept;
}
