import { type Address, isAddress } from '@synod/protocol';
import * as v from 'valibot';

/**
 * A ballot's number: *Paxos Made Simple* §2.2 wants them totally ordered and disjoint between proposers, and *Paxos Made
 * Moderately Complex* §2.2 makes them pairs of a round and a proposer.
 */
export const ballot = v.strictObject({
  round: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  proposer: v.custom<Address>(isAddress, 'not an address'),
});
export type Ballot = v.InferOutput<typeof ballot>;

/** Negative, zero or positive as `a` is lower than, equal to or higher than `b`; null, no ballot at all, is the lowest. */
export function compareBallots(a: Ballot | null, b: Ballot | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (a.round !== b.round) return a.round - b.round;
  return a.proposer === b.proposer ? 0 : a.proposer < b.proposer ? -1 : 1;
}

export const isHigher = (a: Ballot | null, b: Ballot | null): boolean => compareBallots(a, b) > 0;

export const sameBallot = (a: Ballot | null, b: Ballot | null): boolean => compareBallots(a, b) === 0;

/** A ballot of `proposer` that is higher than `ballot`. */
export const ballotAbove = (ballot: Ballot | null, proposer: Address): Ballot => ({
  round: (ballot?.round ?? 0) + 1,
  proposer,
});
