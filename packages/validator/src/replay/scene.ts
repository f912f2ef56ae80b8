import { createEngine, type Engine, type Protocol, type TraceLimits } from '@synod/protocol';
import { ChartTrack } from './allowed.ts';
import type { TransportPromises } from './post.ts';

/** A protocol, and what it takes to replay its actors. */
export interface Part {
  readonly protocol: Protocol;
  readonly engine: Engine;
  readonly chart: ChartTrack;
}

/** What all actors of a trace are judged by. */
export interface Scene {
  /** By the protocol's name. */
  readonly parts: ReadonlyMap<string, Part>;
  readonly promises: Required<TransportPromises>;
  /** How much of a changed field is compared. */
  readonly limits: TraceLimits;
  /** Whether the records' `changed` fields are cut to those limits already, as those of a file are. */
  readonly isCut: boolean;
}

export const partOf = (protocol: Protocol): Part => ({
  protocol,
  engine: createEngine(protocol.machine),
  chart: new ChartTrack(protocol),
});
