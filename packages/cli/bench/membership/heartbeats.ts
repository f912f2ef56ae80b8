import { nextRandom, seedFrom } from '@synod/protocol';
import { probit } from 'simple-statistics';

/** How heartbeats fare on their way for a while. */
export interface Weather {
  /** Delays are log-normal, as measured ones mostly are: their median, and the deviation of their logarithm. */
  readonly medianMs: number;
  readonly sigma: number;
  /** The chance that a heartbeat is lost. */
  readonly loss: number;
}

/** Kinds of weather that take turns. */
export interface Conditions {
  readonly name: string;
  readonly about: string;
  readonly weathers: readonly Weather[];
  /** How long each lasts, in milliseconds. */
  readonly eachMs: number;
}

/** How often a heartbeat is sent. */
export const INTERVAL_MS = 1_000;

/** A sender's timer is late by a little: the deviation, in milliseconds. */
const SENDER_JITTER_MS = 5;

const CALM: Weather = { medianMs: 20, sigma: 0.6, loss: 0.001 };
const BUSY: Weather = { medianMs: 150, sigma: 0.9, loss: 0.03 };

export const CONDITIONS: readonly Conditions[] = [
  { name: 'steady', about: 'delays log-normal, median 20 ms, σ 0.6; 0.1 % lost', weathers: [CALM], eachMs: 1 },
  {
    name: 'changing',
    about: 'ten minutes of that, then ten minutes of median 150 ms, σ 0.9 and 3 % lost, and so on',
    weathers: [CALM, BUSY],
    eachMs: 600_000,
  },
];

/** A heartbeat that came. */
export interface Heartbeat {
  readonly sentMs: number;
  readonly arrivedMs: number;
}

/** Heartbeats in the order in which they came. One that a later one has overtaken tells nothing new and is left out. */
export function heartbeats(conditions: Conditions, count: number, seed: number): Heartbeat[] {
  let state = seedFrom(`${seed}/heartbeats/${conditions.name}`);
  const draw = (): number => {
    const [value, next] = nextRandom(state);
    state = next;
    return value;
  };
  // Neither end: there the normal quantile has no value.
  const normal = (): number => probit(Math.min(1 - 1e-12, Math.max(1e-12, draw())));
  const sent = Array.from({ length: count }, (_, index): Heartbeat | undefined => {
    const sentMs = (index + 1) * INTERVAL_MS + SENDER_JITTER_MS * Math.abs(normal());
    const { weathers, eachMs } = conditions;
    const { medianMs, sigma, loss } = weathers[Math.floor(sentMs / eachMs) % weathers.length] as Weather;
    const delayMs = medianMs * Math.exp(sigma * normal());
    return draw() < loss ? undefined : { sentMs, arrivedMs: sentMs + delayMs };
  });
  const came = sent.filter((each) => each !== undefined).sort((a, b) => a.arrivedMs - b.arrivedMs);
  let latest = Number.NEGATIVE_INFINITY;
  return came.filter(({ sentMs }) => {
    if (sentMs < latest) return false;
    latest = sentMs;
    return true;
  });
}
