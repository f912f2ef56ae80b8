import { type Address, isAddress } from '@synod/protocol';
import * as v from 'valibot';

/** Whole numbers from 0: terms, indices, counts. */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const address = v.custom<Address>(isAddress, 'not an address');

// --- What is replicated ------------------------------------------------------------------------------------------

/** Nothing: what a new leader fills a place in the log with. */
export const noop = v.strictObject({ kind: v.literal('noop') });

/** Registers a client session (dissertation §6.3); its index is the client's id. */
export const session = v.strictObject({ kind: v.literal('session') });

/** A client's command, with what makes a second try harmless. It stays `unknown` here: the state machine's own schema checks it at the door. */
export const command = v.strictObject({
  kind: v.literal('command'),
  clientId: count,
  sequenceNum: count,
  /** The client has every response below this sequence number; their copies may be forgotten. */
  answeredBelow: count,
  command: v.unknown(),
});

/** What a place in the log holds, whatever the protocol adds to it. */
export const entry = v.variant('kind', [noop, session, command]);
export type Entry = v.InferOutput<typeof entry>;

// --- What clients and servers say to each other ---------------------------------------------------------------------

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
