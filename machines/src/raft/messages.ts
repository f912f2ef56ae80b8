import { type Address, isAddress, type Received } from '@synod/protocol';
import * as v from 'valibot';

/** Whole numbers from 0: terms, indices, counts. */
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const address = v.custom<Address>(isAddress, 'not an address');

/** A place in the replicated log. Commands stay `unknown` here: the state machine's own schema checks them at the door. */
export const entry = v.variant('kind', [
  /** Opens a leader's term (§8 of the paper): commits what earlier terms left, and tells how far the log is committed. */
  v.strictObject({ kind: v.literal('noop'), term: count }),
  /** Registers a client session (dissertation §6.3); its index is the client's id. */
  v.strictObject({ kind: v.literal('session'), term: count }),
  /** A client's command, with what makes a second try harmless. */
  v.strictObject({
    kind: v.literal('command'),
    term: count,
    clientId: count,
    sequenceNum: count,
    /** The client has every response below this sequence number; their copies may be forgotten. */
    answeredBelow: count,
    command: v.unknown(),
  }),
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

/** RegisterClient RPC, arguments: client → leader (dissertation figure 6.1). */
export const registerClient = v.strictObject({ type: v.literal('RegisterClient') });

/** RegisterClient RPC, results: leader → client (dissertation figure 6.1). */
export const registerClientReply = v.variant('status', [
  v.strictObject({ type: v.literal('RegisterClientReply'), status: v.literal('OK'), clientId: count }),
  v.strictObject({
    type: v.literal('RegisterClientReply'),
    status: v.literal('NOT_LEADER'),
    leaderHint: v.nullable(address),
  }),
]);

/** ClientRequest RPC, results: leader → client (dissertation figure 6.1). */
export const clientReply = v.variant('status', [
  v.strictObject({
    type: v.literal('ClientReply'),
    status: v.literal('OK'),
    sequenceNum: count,
    response: v.unknown(),
  }),
  v.strictObject({
    type: v.literal('ClientReply'),
    status: v.literal('NOT_LEADER'),
    sequenceNum: count,
    leaderHint: v.nullable(address),
  }),
  /** The session was never registered, or was closed to make room: whether the command was applied before is not known. */
  v.strictObject({ type: v.literal('ClientReply'), status: v.literal('SESSION_EXPIRED'), sequenceNum: count }),
]);

/** ClientRequest RPC, arguments: client → leader (dissertation figure 6.1), for commands of one kind. */
export const clientRequest = <C extends v.GenericSchema>(command: C) =>
  v.strictObject({
    type: v.literal('ClientRequest'),
    clientId: count,
    /** Grows by one with each new command of the client; a retry keeps its number. */
    sequenceNum: count,
    answeredBelow: count,
    command,
  });

export type RequestVote = v.InferOutput<typeof requestVote>;
export type RequestVoteReply = v.InferOutput<typeof requestVoteReply>;
export type AppendEntries = v.InferOutput<typeof appendEntries>;
export type AppendEntriesReply = v.InferOutput<typeof appendEntriesReply>;
export type RegisterClient = v.InferOutput<typeof registerClient>;
export type RegisterClientReply = v.InferOutput<typeof registerClientReply>;
export type ClientReply = v.InferOutput<typeof clientReply>;
export interface ClientRequest<C = unknown> {
  readonly type: 'ClientRequest';
  readonly clientId: number;
  readonly sequenceNum: number;
  readonly answeredBelow: number;
  readonly command: C;
}

/** What a server sends. */
export type RaftMessage =
  | RequestVote
  | RequestVoteReply
  | AppendEntries
  | AppendEntriesReply
  | RegisterClientReply
  | ClientReply;

/** What a server receives. */
export type RaftEvent = Received<
  RequestVote | RequestVoteReply | AppendEntries | AppendEntriesReply | RegisterClient | ClientRequest
>;
