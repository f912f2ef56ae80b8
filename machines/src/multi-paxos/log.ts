import type { Sequence } from '@synod/protocol';
import { isHigher } from '../paxos/ballot.ts';
import type { Proposal, SlotProposal } from './messages.ts';

/**
 * By slot, what an acceptor accepted last; slots count from 1, and one in which it has accepted nothing is null. New slots are
 * appended, so that to make an Accept durable costs what it adds and not what the log holds.
 */
export type Log = Sequence<Proposal | null>;

/** The highest slot in which something is accepted, 0 when there is none. */
export const lastSlot = (log: Log): number => log.length;

/** What is accepted in `slot`, if anything is. */
export const acceptedIn = (log: Log, slot: number): Proposal | null => log.at(slot - 1) ?? null;

/** The log with `proposals` in the slots from `first` on, in the place of what was there. */
export function record(log: Log, first: number, proposals: readonly Proposal[]): Log {
  const gap = Array.from({ length: Math.max(0, first - 1 - log.length) }, () => null);
  // What comes after is put back. That is never more than the slots that are not yet known chosen: `window` of them.
  return log.take(first - 1).append([...gap, ...proposals, ...log.slice(first - 1 + proposals.length)]);
}

/** What is accepted in the slots above `slot`, in their order. */
export const acceptedAbove = (log: Log, slot: number): SlotProposal[] =>
  log.slice(slot).flatMap((proposal, offset) => (proposal ? [{ slot: slot + 1 + offset, ...proposal }] : []));

/** Of two lists in the order of slots, what has the higher ballot in each slot: `pmax` of *Paxos Made Moderately Complex*. */
export function highestInEach(a: readonly SlotProposal[], b: readonly SlotProposal[]): SlotProposal[] {
  const highest = new Map<number, SlotProposal>();
  for (const each of [...a, ...b]) {
    const known = highest.get(each.slot);
    if (!known || isHigher(each.ballot, known.ballot)) highest.set(each.slot, each);
  }
  return [...highest.values()].sort((one, other) => one.slot - other.slot);
}

/** The items from the first on whose sizes add up to `maxBytes` at most, though one at least if there is one. */
export function fitting<T>(items: readonly T[], maxBytes: number, bytes: (item: T) => number): readonly T[] {
  let total = 0;
  const end = items.findIndex((item, at) => {
    total += bytes(item);
    return at > 0 && total > maxBytes;
  });
  return end < 0 ? items : items.slice(0, end);
}
