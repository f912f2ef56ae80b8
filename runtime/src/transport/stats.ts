import type { DropReason } from '@synod/protocol';

/** What a transport did since it was started. */
export interface TransportStats {
  /** Envelopes handed to a connection. */
  readonly sent: number;
  /** Envelopes received and passed on. */
  readonly received: number;
  /** What was reported through `drop`, by reason. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Frames of envelopes. */
  readonly framesSent: number;
  readonly framesReceived: number;
  /** Established connections, now. */
  readonly connections: number;
  /** Connections that were established to a peer to which there had been one before. */
  readonly reconnects: number;
  /** Connections that ended before they were established, on either side's refusal. */
  readonly refused: number;
}

export type Counters = { -readonly [K in keyof Omit<TransportStats, 'dropped'>]: TransportStats[K] } & {
  dropped: Partial<Record<DropReason, number>>;
};

export const createCounters = (): Counters => ({
  sent: 0,
  received: 0,
  dropped: {},
  framesSent: 0,
  framesReceived: 0,
  connections: 0,
  reconnects: 0,
  refused: 0,
});
