import { type Address, assert, type HostInput } from '@synod/protocol';

export interface DetectorContext {
  /** The process that is watched. */
  readonly watched: Address;
  /** The detectors of the same process on other nodes. */
  readonly others: readonly Address[];
  /** The latest life of the process that was heard of; 0: none. */
  readonly life: number;
  /** The life in which it was last suspected here. */
  readonly suspectedLife: number;
  /** Who else suspects the process in that life; sorted. */
  readonly sources: readonly Address[];
  /** How long it waits for a heartbeat, in milliseconds; grows with each mistake. */
  readonly timeoutMs: number;
  /** Suspicions that were wrong. */
  readonly mistakes: number;
  /** Added to the timeout with each mistake, in milliseconds. */
  readonly incrementMs: number;
  /** The timeout grows no further than this. */
  readonly maxTimeoutMs: number;
  /** How many must suspect, this one among them, before the process counts as failed. */
  readonly quorum: number;
}

export interface DetectorInput extends HostInput {
  readonly watched: Address;
  /** The detectors of the same process on other nodes. Default none. */
  readonly others?: readonly Address[];
  /** The first timeout in milliseconds; above the interval of the heartbeats. Default 2,000. */
  readonly timeoutMs?: number;
  /** Default 500. */
  readonly incrementMs?: number;
  /** Default 60,000: who promises bounded delays promises some bound. */
  readonly maxTimeoutMs?: number;
  /** Default: a majority of this detector and the others. */
  readonly quorum?: number;
}

export function initialContext(input: DetectorInput): DetectorContext {
  const { watched, others = [], timeoutMs = 2_000, incrementMs = 500, maxTimeoutMs = 60_000 } = input;
  const quorum = input.quorum ?? Math.floor((others.length + 1) / 2) + 1;
  assert(
    0 < timeoutMs && timeoutMs <= maxTimeoutMs && incrementMs > 0,
    '0 < timeoutMs ≤ maxTimeoutMs, incrementMs > 0',
  );
  assert(quorum >= 1 && quorum <= others.length + 1, 'quorum is from 1 to the number of detectors');
  assert(
    new Set(others).size === others.length && !others.includes(input.self),
    'others are other detectors, each once',
  );
  return {
    watched,
    others,
    life: 0,
    suspectedLife: 0,
    sources: [],
    timeoutMs,
    mistakes: 0,
    incrementMs,
    maxTimeoutMs,
    quorum,
  };
}
