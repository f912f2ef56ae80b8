import { lnErfc } from './normal.ts';

// How suspicious a silence is: Hayashibara et al. (2004) §III.

/** Which tail φ is taken from: that of the normal distribution, or the logistic curve near it that Akka and Cassandra's kin use. */
export type Tail = 'normal' | 'logistic';

export interface Estimate {
  /** Of the time between heartbeats, in milliseconds. */
  readonly meanMs: number;
  readonly deviationMs: number;
}

/** φ = −log₁₀ P_later(t) after a silence of `sinceMs` (§III-B, equations 5 and 6). 0 or above, and never infinite for a finite silence. */
export function phiOf(sinceMs: number, { meanMs, deviationMs }: Estimate, tail: Tail = 'normal'): number {
  const y = (sinceMs - meanMs) / deviationMs;
  return tail === 'normal' ? (Math.LN2 - lnErfc(y * Math.SQRT1_2)) / Math.LN10 : logistic(y);
}

/** φ of the logistic curve 1 / (1 + exp(y · (1.5976 + 0.070566 · y²))), in logarithms: ln(1 + exp(a)) is about a where a is large. */
function logistic(y: number): number {
  const a = y * (1.5976 + 0.070566 * y * y);
  return (a > 30 ? a : Math.log1p(Math.exp(a))) / Math.LN10;
}

/**
 * The silence after which φ comes to `threshold`, in milliseconds: φ grows with the silence, so it is found by halving. Not below 0; the error is
 * below a thousandth of a millisecond.
 */
export function silenceUntil(threshold: number, estimate: Estimate, tail: Tail = 'normal'): number {
  let [low, high] = [0, estimate.meanMs + estimate.deviationMs];
  while (phiOf(high, estimate, tail) < threshold) [low, high] = [high, 2 * high];
  while (high - low > 0.001) {
    const middle = (low + high) / 2;
    if (phiOf(middle, estimate, tail) < threshold) low = middle;
    else high = middle;
  }
  return high;
}

/** Mean and deviation of a window of intervals; in two passes, so that nothing cancels. */
export function estimateOf(intervals: readonly number[], minDeviationMs: number): Estimate {
  const meanMs = intervals.reduce((sum, each) => sum + each, 0) / intervals.length;
  const variance = intervals.reduce((sum, each) => sum + (each - meanMs) ** 2, 0) / intervals.length;
  return { meanMs, deviationMs: Math.max(minDeviationMs, Math.sqrt(variance)) };
}
