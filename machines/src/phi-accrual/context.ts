import { type Address, assert, type HostInput } from '@synod/protocol';
import { deviationsUntil, type Estimate, estimateOf, phiOf, silenceOf, type Tail } from './phi.ts';

export interface PhiSettings {
  /** φ from which the process is suspected. Default 8: one false suspicion in 10⁸ intervals, were they normal. */
  readonly threshold: number;
  /** φ from which it is held failed. Default 16. */
  readonly failThreshold: number;
  /** Intervals that the window holds (§III-C). Default 200. */
  readonly windowSize: number;
  /** The deviation is taken to be no less, in milliseconds: so that a very regular process is not suspected at its first delay. Default 100. */
  readonly minDeviationMs: number;
  /** A silence that is expected now and then, such as a pause for garbage collection, in milliseconds. Default 0. */
  readonly acceptablePauseMs: number;
  /** What the interval is taken to be before the second heartbeat, in milliseconds, with a quarter of it as deviation. Default 1,000. */
  readonly firstEstimateMs: number;
  /** A longer interval was an outage, and is no sample, in milliseconds: else one would blind the detector for a whole window. Default `acceptablePauseMs` + 10 · `firstEstimateMs`. */
  readonly maxIntervalMs: number;
  readonly tail: Tail;
}

export interface PhiContext {
  /** The process that is watched. */
  readonly watched: Address;
  /** Its latest life that was heard of; 0: none. */
  readonly life: number;
  /** Times between heartbeats, in milliseconds, the latest last (§III-C). */
  readonly intervals: readonly number[];
  readonly estimate: Estimate;
  /** When the last heartbeat came, on this node's clock; null before the first. */
  readonly lastAt: number | null;
  readonly settings: PhiSettings;
  /** How many deviations above the mean φ comes to the thresholds: they depend on nothing that changes. */
  readonly deviations: { readonly threshold: number; readonly failThreshold: number };
}

export interface PhiInput extends HostInput, Partial<PhiSettings> {
  readonly watched: Address;
}

export function initialContext(input: PhiInput): PhiContext {
  const settings: PhiSettings = {
    threshold: input.threshold ?? 8,
    failThreshold: input.failThreshold ?? 16,
    windowSize: input.windowSize ?? 200,
    minDeviationMs: input.minDeviationMs ?? 100,
    acceptablePauseMs: input.acceptablePauseMs ?? 0,
    firstEstimateMs: input.firstEstimateMs ?? 1_000,
    maxIntervalMs: input.maxIntervalMs ?? (input.acceptablePauseMs ?? 0) + 10 * (input.firstEstimateMs ?? 1_000),
    tail: input.tail ?? 'normal',
  };
  const { threshold, failThreshold, windowSize, minDeviationMs, firstEstimateMs, acceptablePauseMs, tail } = settings;
  assert(0 < threshold && threshold < failThreshold && failThreshold <= 1_000, '0 < threshold < failThreshold ≤ 1,000');
  assert(windowSize >= 2 && minDeviationMs > 0, 'windowSize is from 2, minDeviationMs above 0');
  assert(firstEstimateMs > 0 && acceptablePauseMs >= 0, 'firstEstimateMs is above 0, acceptablePauseMs from 0');
  assert(settings.maxIntervalMs >= 2 * firstEstimateMs, 'maxIntervalMs is from 2 · firstEstimateMs');
  const intervals = firstIntervals(settings);
  return {
    watched: input.watched,
    life: 0,
    intervals,
    estimate: estimateOf(intervals, minDeviationMs),
    lastAt: null,
    settings,
    deviations: { threshold: deviationsUntil(threshold, tail), failThreshold: deviationsUntil(failThreshold, tail) },
  };
}

/** Two intervals whose mean is the first estimate, and whose deviation is a quarter of it. */
export const firstIntervals = ({ firstEstimateMs }: PhiSettings): readonly number[] => [
  firstEstimateMs * 0.75,
  firstEstimateMs * 1.25,
];

/** What silence is judged by: the pause that is accepted only moves it. */
const expected = ({ estimate: { meanMs, deviationMs }, settings }: PhiContext): Estimate => ({
  meanMs: meanMs + settings.acceptablePauseMs,
  deviationMs,
});

/** φ at a moment of this node's clock; 0 before the first heartbeat, of which nothing is known. */
export const phi = (context: PhiContext, at: number): number =>
  context.lastAt === null ? 0 : phiOf(Math.max(0, at - context.lastAt), expected(context), context.settings.tail);

/** After how long a silence since the last heartbeat φ comes to one of its thresholds, in milliseconds. */
export const silenceUntil = (context: PhiContext, which: keyof PhiContext['deviations']): number =>
  silenceOf(context.deviations[which], expected(context));
