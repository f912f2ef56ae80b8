import { type Address, assert, type Received } from '@synod/protocol';
import type { StateMachine } from '../replicated/index.ts';
import type { RaftContext } from './context.ts';
import { entriesFrom, firstIndexOfTerm, isUpToDate, lastIndex, lastIndexOfTerm, lastTerm, termAt } from './log.ts';
import type { AppendEntries, AppendEntriesReply, Entry, RaftEvent, RequestVote, RequestVoteReply } from './messages.ts';

// Figure 2, "Rules for Servers" and the receivers' parts of its RPCs: guards and updates, one a rule.

type Update = Partial<RaftContext>;

/** How many of the cluster's servers are more than half of it. */
const majority = ({ peers }: RaftContext): number => Math.floor((peers.length + 1) / 2) + 1;

// --- All servers -------------------------------------------------------------------------------------------------

/** §5.1: the message is of a term this server has not seen. */
export const seesHigherTerm = ({ currentTerm }: RaftContext, event: RaftEvent): boolean =>
  'term' in event && event.term > currentTerm;

/** §5.1: a message of an earlier term is refused. */
export const isStale = ({ currentTerm }: RaftContext, event: RaftEvent): boolean =>
  'term' in event && event.term < currentTerm;

export const isCurrent = ({ currentTerm }: RaftContext, event: RaftEvent): boolean =>
  'term' in event && event.term === currentTerm;

/** §5.1: set currentTerm = T. */
export const adoptTerm = (context: RaftContext, event: RaftEvent): Update => {
  assert(seesHigherTerm(context, event) && 'term' in event, 'currentTerm never decreases');
  return { currentTerm: event.term, votedFor: null, leader: null };
};

// --- RequestVote, receiver (§5.2, §5.4) --------------------------------------------------------------------------

/** Rule 2: votedFor is null or candidateId, and the candidate's log is at least as up-to-date as ours. */
export const grantsVote = (context: RaftContext, event: Received<RequestVote>): boolean =>
  isCurrent(context, event) &&
  (context.votedFor === null || context.votedFor === event.from) &&
  isUpToDate(context.log, event.lastLogIndex, event.lastLogTerm);

export const grantVote = ({ votedFor }: RaftContext, { from }: Received<RequestVote>): Update => {
  assert(votedFor === null || votedFor === from, '§5.2: at most one vote a term');
  return { votedFor: from };
};

// --- AppendEntries, receiver (§5.3) ------------------------------------------------------------------------------

/** Rule 2, positively: the log contains an entry at prevLogIndex whose term matches prevLogTerm. */
export const agreesAtPrev = (context: RaftContext, event: Received<AppendEntries>): boolean =>
  isCurrent(context, event) && termAt(context.log, event.prevLogIndex) === event.prevLogTerm;

/** Rules 3 to 5: cut off what conflicts, append what is new, learn what is committed. */
export function appendEntries(context: RaftContext, event: Received<AppendEntries>): Update {
  const { prevLogIndex, entries, leaderCommit } = event;
  const { log, commitIndex } = context;
  // Only where an entry really conflicts is the log cut: a message that comes late may be a prefix of what is already here.
  const known = entries.findIndex((entry, at) => termAt(log, prevLogIndex + 1 + at) !== entry.term);
  const agreed = prevLogIndex + (known < 0 ? entries.length : known);
  assert(known < 0 || agreed >= commitIndex, 'State Machine Safety: a committed entry is never cut off');
  const last = prevLogIndex + entries.length;
  return {
    ...(known < 0 ? {} : { log: log.take(agreed).append(entries.slice(known)) }),
    commitIndex: Math.max(commitIndex, Math.min(leaderCommit, last)),
  };
}

export const appended = ({ currentTerm }: RaftContext, event: Received<AppendEntries>): AppendEntriesReply => {
  const { prevLogIndex, entries } = event;
  const matchIndex = prevLogIndex + entries.length;
  return { type: 'AppendEntriesReply', term: currentTerm, success: true, prevLogIndex, matchIndex };
};

/**
 * §5.3, the shortcut at its end: the term of the conflicting entry and the first index of that term; with no entry at
 * prevLogIndex, the end of the log. An answer to a stale leader carries no more than the term that ends its leadership.
 */
export const conflict = ({ currentTerm, log }: RaftContext, event: Received<AppendEntries>): AppendEntriesReply => {
  const { prevLogIndex } = event;
  const conflictTerm = termAt(log, prevLogIndex) ?? null;
  const conflictIndex = conflictTerm === null ? lastIndex(log) + 1 : firstIndexOfTerm(log, conflictTerm);
  return { type: 'AppendEntriesReply', term: currentTerm, success: false, prevLogIndex, conflictTerm, conflictIndex };
};

// --- Candidates (§5.2) -------------------------------------------------------------------------------------------

/** On conversion to candidate: increment currentTerm, vote for self. */
export const startElection = ({ currentTerm, self }: RaftContext): Update => ({
  currentTerm: currentTerm + 1,
  votedFor: self,
  votesGranted: [self],
  leader: null,
});

export const voteRequest = ({ currentTerm, log }: RaftContext): RequestVote => ({
  type: 'RequestVote',
  term: currentTerm,
  lastLogIndex: lastIndex(log),
  lastLogTerm: lastTerm(log),
});

export const isVote = (context: RaftContext, event: Received<RequestVoteReply>): boolean =>
  isCurrent(context, event) && event.voteGranted && context.peers.includes(event.from);

/** A vote that arrives twice counts once. */
export const countVote = ({ votesGranted }: RaftContext, { from }: Received<RequestVoteReply>): Update =>
  votesGranted.includes(from) ? {} : { votesGranted: [...votesGranted, from] };

/** If votes received from majority of servers: become leader. */
export const hasMajority = (context: RaftContext): boolean => context.votesGranted.length >= majority(context);

// --- Leaders (§5.3, §5.4) ----------------------------------------------------------------------------------------

/** Reinitialised after election: nextIndex to leader last log index + 1, matchIndex to 0. */
export function becomeLeader({ self, peers, log }: RaftContext): Update {
  const each = (index: number) => Object.fromEntries(peers.map((peer) => [peer, index]));
  return { leader: self, nextIndex: each(lastIndex(log) + 1), matchIndex: each(0), probing: [] };
}

/** If command received from client: append entry to local log. */
export const append = ({ log }: RaftContext, entry: Entry): Update => ({ log: log.append([entry]) });

/**
 * The AppendEntries that brings each of `to` on, starting at its nextIndex. nextIndex then moves on at once, so that entries
 * can follow each other without waiting (dissertation §10.2.1, pipelining); a lost one is refused at the next, and sent again.
 * Who is being probed gets no entries: they would be refused too.
 */
export function replicate(machine: StateMachine, context: RaftContext, to: readonly Address[]) {
  const { currentTerm: term, log, commitIndex: leaderCommit, probing, settings } = context;
  const bytes = (entry: Entry) => (entry.kind === 'command' ? machine.bytes(entry.command) : 0);
  const nextIndex = { ...context.nextIndex };
  const sends = to.map((peer) => {
    const prevLogIndex = (nextIndex[peer] as number) - 1;
    const prevLogTerm = termAt(log, prevLogIndex) as number;
    const entries = probing.includes(peer)
      ? []
      : entriesFrom(log, prevLogIndex + 1, settings.maxEntries, settings.maxBytes, bytes);
    nextIndex[peer] = prevLogIndex + 1 + entries.length;
    const message: AppendEntries = { type: 'AppendEntries', term, prevLogIndex, prevLogTerm, entries, leaderCommit };
    return { to: peer, message };
  });
  return { change: { nextIndex }, sends };
}

/** After a refusal: the entries from where the leader went back to, once; what follows waits until the follower agrees there. */
export const probe = (machine: StateMachine, context: RaftContext, peer: Address) => ({
  change: {},
  sends: replicate(machine, { ...context, probing: [] }, [peer]).sends,
});

/** If last log index ≥ nextIndex for a follower: send AppendEntries starting at nextIndex. */
export const isBehind = ({ nextIndex, probing, log }: RaftContext, peer: Address): boolean =>
  !probing.includes(peer) && (nextIndex[peer] ?? Number.POSITIVE_INFINITY) <= lastIndex(log);

/** Another leader in our own term cannot be: one of the two, or the network, breaks the algorithm's assumptions. */
export const refuseSecondLeader = ({ currentTerm }: RaftContext, { term }: Received<AppendEntries>): Update => {
  assert(term !== currentTerm, 'Election Safety: at most one leader can be elected in a given term');
  return {};
};

type Success = Extract<AppendEntriesReply, { success: true }>;
type Failure = Extract<AppendEntriesReply, { success: false }>;

export const isSuccess = (context: RaftContext, event: Received<AppendEntriesReply>): event is Received<Success> =>
  isCurrent(context, event) && event.success && event.from in context.matchIndex;

/**
 * A refusal that still says something. It is too late when the entries are known to agree by now, and when the leader has gone
 * back further already: of entries sent one behind the other, each is refused.
 */
export const isConflict = (context: RaftContext, event: Received<AppendEntriesReply>): event is Received<Failure> =>
  isCurrent(context, event) &&
  !event.success &&
  event.prevLogIndex > (context.matchIndex[event.from] ?? Number.POSITIVE_INFINITY) &&
  event.prevLogIndex < (context.nextIndex[event.from] ?? 0);

/** If successful: update nextIndex and matchIndex for follower. Answers may overtake each other, so neither goes back. */
export function recordMatch(context: RaftContext, event: Received<AppendEntriesReply>): Update {
  assert(isSuccess(context, event), 'matchIndex comes from a success');
  const { from, matchIndex } = event;
  const match = Math.max(context.matchIndex[from] as number, matchIndex);
  const next = context.nextIndex[from] as number;
  const agrees = match >= next - 1;
  return {
    matchIndex: { ...context.matchIndex, [from]: match },
    nextIndex: { ...context.nextIndex, [from]: Math.max(next, match + 1) },
    ...(agrees && context.probing.length > 0 && { probing: context.probing.filter((peer) => peer !== from) }),
  };
}

/**
 * If AppendEntries fails because of log inconsistency: go back, by a whole term at a time (§5.3). If the leader has entries
 * of the conflicting term, to just after its last one; else to the follower's first of that term. There it is probed.
 */
export function goBack(context: RaftContext, event: Received<AppendEntriesReply>): Update {
  assert(isConflict(context, event), 'nextIndex goes back on a conflict');
  const { from, conflictTerm, conflictIndex } = event;
  const ours = conflictTerm === null ? 0 : lastIndexOfTerm(context.log, conflictTerm);
  const next = Math.min(ours > 0 ? ours + 1 : conflictIndex, context.nextIndex[from] as number, event.prevLogIndex);
  const known = context.matchIndex[from] as number;
  return {
    nextIndex: { ...context.nextIndex, [from]: Math.max(next, known + 1) },
    probing: context.peers.filter((peer) => peer === from || context.probing.includes(peer)),
  };
}

/** If there exists an N > commitIndex, a majority of matchIndex[i] ≥ N, and log[N].term == currentTerm: commitIndex = N (§5.3, §5.4). */
export function advanceCommitIndex(context: RaftContext): Update {
  const { log, matchIndex, currentTerm, commitIndex } = context;
  const match = [lastIndex(log), ...Object.values(matchIndex)].sort((a, b) => b - a);
  const agreed = match[majority(context) - 1] as number;
  return agreed > commitIndex && termAt(log, agreed) === currentTerm ? { commitIndex: agreed } : {};
}
