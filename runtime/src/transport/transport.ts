import type { DropReason, Envelope } from '@synod/protocol';

/** What a transport reports to the system that uses it. All of it reaches the trace. */
export interface TransportEvents {
  /** An envelope from another node. The transport vouches for `from`: it is on the node that the connection belongs to. */
  receive(envelope: Envelope): void;
  /** An envelope, or with no `envelope` a frame that could not be read, was lost. */
  drop(reason: DropReason, envelope: Envelope | undefined, detail: string): void;
  /** A connection came, went or was refused; `code` as in coded errors. */
  note(text: string, code?: string): void;
}

/**
 * Carries envelopes between nodes: at most once, first in first out per pair of nodes. What it cannot carry it drops,
 * and says so through `drop`; it never throws for what a network can cause.
 */
export interface Transport {
  /**
   * Begins to carry envelopes for `node`.
   * @throws SynodError when it cannot, for example `PORT_IN_USE`.
   */
  start(node: string, events: TransportEvents): Promise<void>;
  /** Hands over an envelope to another node. Returns at once. */
  send(envelope: Envelope): void;
  /** Where other nodes reach this one, once it has started; undefined where nodes find each other without that. */
  readonly url?: string | undefined;
  /**
   * A member of the cluster, or this node itself, is reached at `url` from now on, and its name is taken: who comes by that name from elsewhere
   * is refused.
   * @throws SynodError when it cannot be reached there, for example `URL_INVALID`; then nothing has changed.
   */
  learn?(node: string, url: string): void;
  /** A member is gone: its name is free. Where it was may be remembered. */
  release?(node: string): void;
  /** Ends all connections. Idempotent. */
  stop(): Promise<void>;
}
