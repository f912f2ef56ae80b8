import type { Sequence } from '@synod/protocol';
import type { Entry } from './messages.ts';

/** The paper's log: indices count from 1, and index 0 with term 0 stands before the first entry. Terms never decrease along it. */
export type Log = Sequence<Entry>;

export const lastIndex = (log: Log): number => log.length;

/** The term of the entry at `index`; 0 before the first entry, undefined past the last. */
export const termAt = (log: Log, index: number): number | undefined => (index === 0 ? 0 : log.at(index - 1)?.term);

export const lastTerm = (log: Log): number => termAt(log, log.length) ?? 0;

/** The entries from `index` to the end, at most `count` of them and at most `maxBytes` large, but at least one if there is one. */
export function entriesFrom(
  log: Log,
  index: number,
  count: number,
  maxBytes: number,
  bytes: (entry: Entry) => number,
): Entry[] {
  const entries = log.slice(index - 1, index - 1 + count);
  let total = 0;
  const end = entries.findIndex((entry, at) => {
    total += bytes(entry);
    return at > 0 && total > maxBytes;
  });
  return end < 0 ? entries : entries.slice(0, end);
}

/** The first index whose term is at least `term`; one past the end when there is none. Terms ascend, so it is found by halving. */
export function firstIndexOfTerm(log: Log, term: number): number {
  let [low, high] = [1, log.length + 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((termAt(log, middle) as number) < term) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last index with exactly `term`, or 0. */
export function lastIndexOfTerm(log: Log, term: number): number {
  const index = firstIndexOfTerm(log, term + 1) - 1;
  return termAt(log, index) === term ? index : 0;
}

/** §5.4.1: whether a log that ends at (`index`, `term`) is at least as up-to-date as `log`. */
export function isUpToDate(log: Log, index: number, term: number): boolean {
  return term !== lastTerm(log) ? term > lastTerm(log) : index >= lastIndex(log);
}
