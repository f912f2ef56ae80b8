import { type Address, assert, type Received } from '@synod/protocol';
import { isQuorum } from '@synod/quorum';
import { type Ballot, compareBallots, isHigher, sameBallot } from './ballot.ts';
import type { AcceptorContext, LearnerContext, ProposerContext } from './context.ts';
import type { Accept, Accepted, Nack, Prepare, PromiseMessage, Proposal, Value } from './messages.ts';

// One rule of *Paxos Made Simple* each; sections are of that paper.

// --- Proposer: phase 1 (§2.2) ------------------------------------------------------------------------------------

/** The number of the ballot that a proposer is in. */
export const ballotOf = ({ round, self }: ProposerContext): Ballot => ({ round, proposer: self });

/** A number higher than any it has used or heard of (§2.5). */
export const startBallot = ({ round }: ProposerContext): Partial<ProposerContext> => ({ round: round + 1 });

export const prepare = (context: ProposerContext): Prepare => ({ type: 'Prepare', ballot: ballotOf(context) });

/** An answer to this ballot, and not to an earlier one. */
export const isOurs = (context: ProposerContext, { ballot }: Received<PromiseMessage>): boolean =>
  sameBallot(ballot, ballotOf(context));

/** One more acceptor has promised; of what they have accepted, the highest-numbered proposal counts. */
export function countPromise(context: ProposerContext, event: Received<PromiseMessage>): Partial<ProposerContext> {
  const { from, accepted } = event;
  const { promisedBy, found } = context;
  return {
    promisedBy: promisedBy.includes(from) ? promisedBy : [...promisedBy, from].sort(),
    found: isHigher(accepted?.ballot ?? null, found?.ballot ?? null) ? accepted : found,
  };
}

/** Enough acceptors have promised: a majority. */
export const isPrepared = ({ quorums, promisedBy }: ProposerContext): boolean => isQuorum(quorums.read, promisedBy);

// --- Proposer: phase 2 (§2.2) ------------------------------------------------------------------------------------

/** P2c: the value of the highest-numbered proposal that they have accepted, or any value if there is none. */
export function chooseValue({ found, value }: ProposerContext): Partial<ProposerContext> {
  const proposed = found?.value ?? value;
  assert(proposed !== null, 'a ballot begins when there is a value to propose');
  return { proposed, found: null };
}

export function accept(context: ProposerContext): Accept {
  const { proposed } = context;
  assert(proposed !== null, 'phase 2 begins with a value');
  return { type: 'Accept', ballot: ballotOf(context), value: proposed };
}

/** An acceptor has promised a higher ballot: this one is better abandoned (§2.2, its end). */
export const isPreempted = (context: ProposerContext, { promised }: Received<Nack>): boolean =>
  isHigher(promised, ballotOf(context));

/** The next ballot is then to be above that one. */
export const adoptPromised = ({ round }: ProposerContext, { promised }: Received<Nack>): Partial<ProposerContext> => ({
  round: Math.max(round, promised.round),
});

// --- Acceptor (§2.2) ---------------------------------------------------------------------------------------------

/** P1a: nothing higher was promised. A message that comes again is answered again. */
export const isCurrent = ({ promised }: AcceptorContext, { ballot }: Received<Prepare | Accept>): boolean =>
  compareBallots(ballot, promised) >= 0;

/** Phase 1b: a promise not to accept any more proposals numbered less. */
export const promise = (_: AcceptorContext, { ballot }: Received<Prepare>): Partial<AcceptorContext> => ({
  promised: ballot,
});

export const promiseReply = ({ accepted }: AcceptorContext, { ballot }: Received<Prepare>): PromiseMessage => ({
  type: 'Promise',
  ballot,
  accepted,
});

/** Phase 2b: accept. To accept in a ballot is to promise it. */
export const acceptProposal = (_: AcceptorContext, { ballot, value }: Received<Accept>): Partial<AcceptorContext> => ({
  promised: ballot,
  accepted: { ballot, value },
});

/** §2.3: the learners find out that it has accepted a proposal. */
export const acceptedReply = ({ ballot, value }: Received<Accept>): Accepted => ({ type: 'Accepted', ballot, value });

export function nack({ promised }: AcceptorContext): Nack {
  assert(promised !== null, 'only for a promise is a ballot refused');
  return { type: 'Nack', promised };
}

// --- Learner (§2.3) ----------------------------------------------------------------------------------------------

/** Of each acceptor the highest-numbered proposal counts, in whatever order word of them comes. */
export function countAccepted({ accepted }: LearnerContext, event: Received<Accepted>): Partial<LearnerContext> {
  const { from, ballot, value } = event;
  return isHigher(ballot, accepted[from]?.ballot ?? null)
    ? { accepted: { ...accepted, [from]: { ballot, value } } }
    : {};
}

/** A value is chosen when a proposal with it has been accepted by a majority; null as long as none is known to be. */
export function chosenAmong({ accepted, quorums }: LearnerContext): Value | null {
  const told = Object.entries(accepted) as [Address, Proposal][];
  for (const [, { ballot, value }] of told) {
    const acceptors = told.filter(([, proposal]) => sameBallot(proposal.ballot, ballot)).map(([acceptor]) => acceptor);
    if (isQuorum(quorums.write, acceptors)) return value;
  }
  return null;
}
