import type { Received } from '@synod/protocol';
import * as v from 'valibot';
import {
  type ClientReply,
  type ClientRequest,
  command,
  count,
  noop,
  type RegisterClient,
  type RegisterClientReply,
  session,
} from '../replicated/index.ts';

const { kind, ...fields } = command.entries;

/** A place in the replicated log: what is replicated, and the term in which a leader received it. */
export const entry = v.variant('kind', [
  /** Opens a leader's term (§8 of the paper): commits what earlier terms left, and tells how far the log is committed. */
  v.strictObject({ ...noop.entries, term: count }),
  v.strictObject({ ...session.entries, term: count }),
  v.strictObject({ kind, term: count, ...fields }),
]);
export type Entry = v.InferOutput<typeof entry>;

/**
 * RequestVote RPC, arguments: candidate → all (figure 2, §5.2, §5.4.1).
 * `candidateId` is the envelope's `from`, which a sender cannot forge.
 */
export const requestVote = v.strictObject({
  type: v.literal('RequestVote'),
  term: count,
  lastLogIndex: count,
  lastLogTerm: count,
});

/** RequestVote RPC, results: any → candidate (figure 2). */
export const requestVoteReply = v.strictObject({
  type: v.literal('RequestVoteReply'),
  term: count,
  voteGranted: v.boolean(),
});

/** AppendEntries RPC, arguments: leader → followers (figure 2, §5.2, §5.3). Without entries, a heartbeat. `leaderId` is `from`. */
export const appendEntries = v.strictObject({
  type: v.literal('AppendEntries'),
  term: count,
  prevLogIndex: count,
  prevLogTerm: count,
  entries: v.array(entry),
  leaderCommit: count,
});

/**
 * AppendEntries RPC, results: any → leader (figure 2). A message, unlike an RPC's result, does not say what it answers:
 * so it repeats `prevLogIndex`, and on success says how far the logs now agree (`matchIndex`).
 * On failure it carries the conflict of §5.3: the conflicting entry's term, if there is one, and that term's first index.
 */
export const appendEntriesReply = v.variant('success', [
  v.strictObject({
    type: v.literal('AppendEntriesReply'),
    term: count,
    success: v.literal(true),
    prevLogIndex: count,
    matchIndex: count,
  }),
  v.strictObject({
    type: v.literal('AppendEntriesReply'),
    term: count,
    success: v.literal(false),
    prevLogIndex: count,
    conflictTerm: v.nullable(count),
    conflictIndex: count,
  }),
]);

export type RequestVote = v.InferOutput<typeof requestVote>;
export type RequestVoteReply = v.InferOutput<typeof requestVoteReply>;
export type AppendEntries = v.InferOutput<typeof appendEntries>;
export type AppendEntriesReply = v.InferOutput<typeof appendEntriesReply>;
/** What a server sends. */
export type RaftMessage =
  | RequestVote
  | RequestVoteReply
  | AppendEntries
  | AppendEntriesReply
  | RegisterClientReply
  | ClientReply;

/** The embedder's failure detector suspects a node, by its name. */
export interface DetectorSuspected {
  readonly type: 'detector.suspected';
  readonly node: string;
}

/** What a server receives. */
export type RaftEvent =
  | Received<RequestVote | RequestVoteReply | AppendEntries | AppendEntriesReply | RegisterClient | ClientRequest>
  | DetectorSuspected
  /** The end of the wait after a suspicion. */
  | { readonly type: 'election.due' };
