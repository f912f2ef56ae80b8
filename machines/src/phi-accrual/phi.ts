import { lnErfc } from './normal.ts';

// How suspicious a silence is: Hayashibara et al. (2004) §III.

/** Which tail φ is taken from: that of the normal distribution, or the logistic curve near it that Akka and Cassandra's kin use. */
export type Tail = 'normal' | 'logistic';

export interface Estimate {
  /** Of the time between heartbeats, in milliseconds. */
  readonly meanMs: number;
  readonly deviationMs: number;
}

/** φ = −log₁₀ P_later(t) after a silence of `sinceMs` (§III-B, equations 5 and 6). 0 or above, and never infinite for a silence that a clock can measure. */
export const phiOf = (sinceMs: number, { meanMs, deviationMs }: Estimate, tail: Tail = 'normal'): number =>
  ofDeviations((sinceMs - meanMs) / deviationMs, tail);

/** φ depends on nothing but by how many deviations the silence is longer than the mean. */
const ofDeviations = (y: number, tail: Tail): number =>
  tail === 'normal' ? (Math.LN2 - lnErfc(y * Math.SQRT1_2)) / Math.LN10 : logistic(y);

/** φ of the logistic curve 1 / (1 + exp(y · (1.5976 + 0.070566 · y²))), in logarithms: ln(1 + exp(a)) is about a where a is large. */
function logistic(y: number): number {
  const a = y * (1.5976 + 0.070566 * y * y);
  return (a > 30 ? a : Math.log1p(Math.exp(a))) / Math.LN10;
}

/**
 * By how many deviations a silence is longer than the mean when φ comes to `threshold` (above 0): φ grows with them, so they are found by halving, until
 * no number is left between. The same for every estimate, so that it is to be found once.
 */
export function deviationsUntil(threshold: number, tail: Tail = 'normal'): number {
  let [low, high] = [-1, 1];
  while (ofDeviations(low, tail) >= threshold) low *= 2;
  while (ofDeviations(high, tail) < threshold) high *= 2;
  for (let middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
    if (ofDeviations(middle, tail) < threshold) low = middle;
    else high = middle;
  }
  return high;
}

/** The silence after which φ comes to the threshold that is `deviations` away, in milliseconds; not below 0. */
export const silenceOf = (deviations: number, { meanMs, deviationMs }: Estimate): number =>
  Math.max(0, meanMs + deviations * deviationMs);

/** Mean and deviation of a window of intervals; in two passes, so that nothing cancels. */
export function estimateOf(intervals: readonly number[], minDeviationMs: number): Estimate {
  const meanMs = intervals.reduce((sum, each) => sum + each, 0) / intervals.length;
  const variance = intervals.reduce((sum, each) => sum + (each - meanMs) ** 2, 0) / intervals.length;
  return { meanMs, deviationMs: Math.max(minDeviationMs, Math.sqrt(variance)) };
}
