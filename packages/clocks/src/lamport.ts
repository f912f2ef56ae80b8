/** A Lamport clock: a count of events. Lamport, *Time, Clocks, and the Ordering of Events in a Distributed System* (1978). */
export type LamportTimestamp = number;

/** The clock after a local event or a send (implementation rule IR1). */
export const lamportTick = (clock: LamportTimestamp): LamportTimestamp => clock + 1;

/** The clock after the receipt of a message stamped `received` (implementation rule IR2). */
export const lamportReceive = (clock: LamportTimestamp, received: LamportTimestamp): LamportTimestamp =>
  Math.max(clock, received) + 1;

/** Lamport's total order ⇒ of two stamped events: by timestamp, then by process name. Negative when `a` comes first. */
export function compareLamport(
  a: { readonly timestamp: LamportTimestamp; readonly process: string },
  b: { readonly timestamp: LamportTimestamp; readonly process: string },
): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  return a.process < b.process ? -1 : a.process > b.process ? 1 : 0;
}
