import type { ClientRequest, RegisterClient } from '../../replicated/index.ts';
import type { AppendEntries, AppendEntriesReply, Entry, RequestVote, RequestVoteReply } from '../messages.ts';

// Entries and messages, briefly written.

/** What a server receives, before its host adds `from` and `at`. */
export type Incoming =
  | RequestVote
  | RequestVoteReply
  | AppendEntries
  | AppendEntriesReply
  | RegisterClient
  | ClientRequest;

export const noop = (term: number): Entry => ({ kind: 'noop', term });
export const session = (term: number): Entry => ({ kind: 'session', term });
export const word = (term: number, command: string, clientId = 1, sequenceNum = 1, answeredBelow = 0): Entry => ({
  kind: 'command',
  term,
  clientId,
  sequenceNum,
  answeredBelow,
  command,
});
/** Entries of the given terms; a bare number stands for a no-op. */
export const entries = (log: readonly (number | Entry)[]): Entry[] =>
  log.map((entry) => (typeof entry === 'number' ? noop(entry) : entry));

export const requestVote = (term: number, lastLogIndex = 0, lastLogTerm = 0): RequestVote => ({
  type: 'RequestVote',
  term,
  lastLogIndex,
  lastLogTerm,
});
export const vote = (term: number, voteGranted = true): RequestVoteReply => ({
  type: 'RequestVoteReply',
  term,
  voteGranted,
});
/** AppendEntries of `term` after the entry at `prev` = [index, term]. */
export const append = (
  term: number,
  prev: readonly [index: number, term: number] = [0, 0],
  log: readonly (number | Entry)[] = [],
  leaderCommit = 0,
): AppendEntries => ({
  type: 'AppendEntries',
  term,
  prevLogIndex: prev[0],
  prevLogTerm: prev[1],
  entries: entries(log),
  leaderCommit,
});
export const success = (term: number, matchIndex: number, prevLogIndex = matchIndex): AppendEntriesReply => ({
  type: 'AppendEntriesReply',
  term,
  success: true,
  prevLogIndex,
  matchIndex,
});
export const refusal = (
  term: number,
  prevLogIndex: number,
  conflictIndex: number,
  conflictTerm: number | null = null,
): AppendEntriesReply => ({
  type: 'AppendEntriesReply',
  term,
  success: false,
  prevLogIndex,
  conflictTerm,
  conflictIndex,
});

export const register: RegisterClient = { type: 'RegisterClient' };
export const request = (command: string, sequenceNum = 1, clientId = 1, answeredBelow = 0): ClientRequest => ({
  type: 'ClientRequest',
  clientId,
  sequenceNum,
  answeredBelow,
  command,
});
