import type { CoordinatorContext, ParticipantContext, Reported } from './context.ts';
import { stateOf } from './rules.ts';

// The rules of Skeen, *A Quorum-Based Commit Protocol* (1982): every participant has one vote. Nobody is ever prepared for both outcomes, and
// each outcome needs a quorum that is prepared for it: as the two quorums meet, only one of them can come about.

/** Phase 3: a commit quorum has acknowledged PreCommit. */
export const coordinatorMayCommit = ({ acks, settings }: CoordinatorContext): boolean =>
  acks.length >= settings.commitQuorum;

/** How many participants are known to be in one of `states`, this one included. */
const votes = (context: ParticipantContext, ...states: readonly Reported[]): number =>
  [stateOf(context), ...Object.values(context.reports)].filter((state) => states.includes(state)).length;

/** Somebody is prepared to commit, and a commit quorum is or may still be. */
export const mayPrepareCommit = (context: ParticipantContext): boolean =>
  votes(context, 'preCommit') > 0 && votes(context, 'preCommit', 'wait') >= context.settings.commitQuorum;

/** An abort quorum is prepared to abort or may still be. */
export const mayPrepareAbort = (context: ParticipantContext): boolean =>
  votes(context, 'preAbort', 'wait') >= context.settings.abortQuorum;

/** Those known to be prepared as this one is: who reported it and who acknowledged it. */
const prepared = ({ prepared: own, self, reports, acks, participants }: ParticipantContext): number =>
  participants.filter((each) => each === self || reports[each] === own || acks.includes(each)).length;

export const isCommitQuorumPrepared = (context: ParticipantContext): boolean =>
  context.prepared === 'preCommit' && prepared(context) >= context.settings.commitQuorum;
export const isAbortQuorumPrepared = (context: ParticipantContext): boolean =>
  context.prepared === 'preAbort' && prepared(context) >= context.settings.abortQuorum;
