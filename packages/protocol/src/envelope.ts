import type { EventObject } from 'xstate';
import type { Address } from './address.ts';

/** Any message: a `type` in the paper's PascalCase, and its fields. `from` and `at` are the host's and may not be among them. */
export interface Message {
  readonly type: string;
}

/** How many events of each node are known: Fidge and Mattern's vector clock, by node. `@synod/clocks` computes with it. */
export type VectorTimestamp = Readonly<Record<string, number>>;

/** What travels between nodes. */
export interface Envelope<M extends Message = Message> {
  /** Unique in the life of a cluster: the sending node and its own component of `clock`, as `n1:42`. */
  readonly id: string;
  readonly from: Address;
  readonly to: Address;
  readonly message: M;
  /** The sender's vector clock at the send, the send included. */
  readonly clock: VectorTimestamp;
}

/** What a machine receives: the message, who sent it, and when it was taken up. */
export type Received<M extends Message> = M & {
  /** The sender, set by the host and never taken from the payload. */
  readonly from: Address;
  /** The host's local monotonic clock, in milliseconds. */
  readonly at: number;
};

/** The event a machine receives for `message`; the host's `from` and `at` win over anything in the payload. */
export const received = <M extends Message>(message: M, from: Address, at: number): Received<M> => ({
  ...message,
  from,
  at,
});

/** What a machine receives when a timer ends or its embedder asks for something: the event, and when it was taken up. */
export const timed = <E extends EventObject>(event: E, at: number): E & { readonly at: number } => ({ ...event, at });
