import { type Specification, SynodError } from '@synod/protocol';
import { type Coverage, mergeCoverage } from './coverage.ts';
import type { SimulateOptions } from './options.ts';
import { type SimulationResult, simulate } from './simulate.ts';
import type { Violation } from './violation.ts';

/** Whole numbers from one to another, both included. */
export interface SeedRange {
  readonly from: number;
  readonly to: number;
}

/** A seed whose run broke a promise. */
export interface FailingSeed {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

/** What a number of runs came to, together. */
export interface SeedsResult {
  readonly runs: number;
  readonly failing: readonly FailingSeed[];
  readonly steps: number;
  readonly events: number;
  readonly simulatedSeconds: number;
  readonly coverage: Coverage;
}

/**
 * Reads `1..10000`, or a single seed.
 * @throws SynodError `SEEDS_INVALID`.
 */
export function parseSeeds(text: string): SeedRange {
  const [from = Number.NaN, to = from] = /^\d+(\.\.\d+)?$/.test(text) ? text.split('..').map(Number) : [];
  return checkSeeds({ from, to }, text);
}

/** @throws SynodError `SEEDS_INVALID`. */
export function checkSeeds(range: SeedRange, text = `${range.from}..${range.to}`): SeedRange {
  if (Number.isSafeInteger(range.from) && Number.isSafeInteger(range.to) && range.from <= range.to) return range;
  throw new SynodError(
    'SEEDS_INVALID',
    `"${text}" is no range of seeds; write 1..1000, whole numbers, the smaller one first.`,
  );
}

/** Runs seed after seed in this thread. With `untilFailing` it stops at the first that fails. */
export function runSeeds(
  specification: Specification,
  range: SeedRange,
  options: Omit<SimulateOptions, 'seed' | 'trace'> = {},
  { untilFailing = false }: { readonly untilFailing?: boolean } = {},
): SeedsResult {
  const { from, to } = checkSeeds(range);
  let total: SeedsResult | undefined;
  for (let seed = from; seed <= to; seed++) {
    total = addRun(total, simulate(specification, { ...options, seed }));
    if (untilFailing && total.failing.length > 0) break;
  }
  return total as SeedsResult;
}

function addRun(total: SeedsResult | undefined, run: SimulationResult): SeedsResult {
  const { seed, violations, steps, events, simulatedSeconds, coverage } = run;
  const failing = violations.length > 0 ? [{ seed, violations }] : [];
  const one = { runs: 1, failing, steps, events, simulatedSeconds, coverage };
  return total ? addSeeds(total, one) : one;
}

/** Two results as one. */
export const addSeeds = (a: SeedsResult, b: SeedsResult): SeedsResult => ({
  runs: a.runs + b.runs,
  failing: [...a.failing, ...b.failing],
  steps: a.steps + b.steps,
  events: a.events + b.events,
  // To the microsecond, of which there are whole ones: the sum is the same in any order.
  simulatedSeconds: Math.round((a.simulatedSeconds + b.simulatedSeconds) * 1e6) / 1e6,
  coverage: mergeCoverage(a.coverage, b.coverage),
});
