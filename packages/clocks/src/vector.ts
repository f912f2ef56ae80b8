/**
 * A vector clock: how many events of each process are known. A process that is absent counts as 0.
 * Fidge, *Timestamps in Message-Passing Systems That Preserve the Partial Ordering* (1988);
 * Mattern, *Virtual Time and Global States of Distributed Systems* (1988).
 */
export type VectorClock = Readonly<Record<string, number>>;

/** How two stamped events relate. */
export type CausalOrder = 'before' | 'after' | 'equal' | 'concurrent';

/** The clock of `process` after an event of its own. */
export const vectorTick = (clock: VectorClock, process: string): VectorClock => ({
  ...clock,
  [process]: (clock[process] ?? 0) + 1,
});

/** The least clock that knows all that `a` and `b` know. Returns `a` itself where `b` adds nothing. */
export function vectorMerge(a: VectorClock, b: VectorClock): VectorClock {
  let merged: Record<string, number> | undefined;
  for (const process in b) {
    const theirs = b[process] ?? 0;
    if (theirs > (a[process] ?? 0)) {
      merged ??= { ...a };
      merged[process] = theirs;
    }
  }
  return merged ?? a;
}

/** The clock of `process` after it received a message stamped `received`. */
export const vectorReceive = (clock: VectorClock, received: VectorClock, process: string): VectorClock =>
  vectorTick(vectorMerge(clock, received), process);

/** Whether the event stamped `a` happened before (→), after, or concurrently with the event stamped `b`. */
export function compareVectors(a: VectorClock, b: VectorClock): CausalOrder {
  let less = false;
  let greater = false;
  for (const process in a) if ((a[process] ?? 0) > (b[process] ?? 0)) greater = true;
  for (const process in b) if ((b[process] ?? 0) > (a[process] ?? 0)) less = true;
  if (less && greater) return 'concurrent';
  return less ? 'before' : greater ? 'after' : 'equal';
}

/** Lamport's happens-before: whether the event stamped `a` can have influenced the event stamped `b`. */
export const happensBefore = (a: VectorClock, b: VectorClock): boolean => compareVectors(a, b) === 'before';
