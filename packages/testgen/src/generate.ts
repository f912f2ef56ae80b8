import { SynodError } from '@synod/protocol';
import type { AnyStateMachine } from 'xstate';
import type { CoverageCount } from './generated.ts';
import { createPayloads } from './payloads/create.ts';
import { type Bounds, boundsOf } from './search/bounds.ts';
import type { Thrown } from './search/notes.ts';
import { explain, type Unreached } from './search/reasons.ts';
import { type Ended, type Searched, type SearchProgress, search } from './search/search.ts';
import type { Payloads, Subject } from './subject.ts';
import { type GeneratedTest, suiteOf } from './suite/suite.ts';
import { COVERAGE_KINDS, type CoverageKind, DEFAULT_COVERAGE } from './targets/target.ts';
import { Coverage, type Sometimes } from './targets/tracker.ts';
import { subjectOf } from './world/subject.ts';

export interface GenerateOptions {
  /** Default: all kinds but `pairs` and `effects`, of which there are many. */
  readonly coverage?: readonly CoverageKind[];
  readonly bounds?: Partial<Bounds>;
  /** Draws the values of events and actors. Default 1. */
  readonly seed?: number;
  /** What must be reachable beside what the charts say, for coverage `sometimes`. */
  readonly sometimes?: readonly Sometimes[];
  /** Where inputs, events and outputs come from; by default from schemas, cases and the machine itself. */
  readonly payloads?: Payloads;
}

/** Tests, and what they are worth. */
export interface Generated {
  /** In the order of the charts. */
  readonly tests: readonly GeneratedTest[];
  /** In the order of the kinds; those that were asked for. */
  readonly coverage: readonly CoverageCount[];
  /** What no test covers, and why: a finding in itself. */
  readonly unreached: readonly Unreached[];
  /** Where the machine threw. */
  readonly thrown: readonly Thrown[];
  /** Distinct worlds that were explored, steps taken, and why it ended. */
  readonly worlds: number;
  readonly steps: number;
  readonly ended: Ended;
}

/**
 * Generates tests of a machine that cover what they can.
 * @throws SynodError `COVERAGE_UNKNOWN`, `BOUNDS_INVALID`, and what a machine throws at its start.
 */
export function generateTests(machine: AnyStateMachine | Subject, options: GenerateOptions = {}): Generated {
  const generation = generating(machine, options);
  for (;;) {
    const { done, value } = generation.next(true);
    if (done) return value;
  }
}

/** How often a generation lets others have their turn, in milliseconds. */
const TURN_MS = 50;

/** As `generateTests`, in turns, so that it can be watched and ended. */
export async function generateTestsAsync(
  machine: AnyStateMachine | Subject,
  options: GenerateOptions & {
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: SearchProgress) => void;
  } = {},
): Promise<Generated> {
  const generation = generating(machine, options);
  for (let turn = performance.now(); ; ) {
    const { done, value } = generation.next(options.signal?.aborted !== true);
    if (done) return value;
    if (performance.now() - turn < TURN_MS) continue;
    options.onProgress?.(value);
    await new Promise((resolve) => setImmediate(resolve));
    turn = performance.now();
  }
}

function* generating(
  machine: AnyStateMachine | Subject,
  options: GenerateOptions,
): Generator<SearchProgress, Generated, boolean> {
  const kinds = kindsOf(options.coverage ?? DEFAULT_COVERAGE);
  const bounds = boundsOf(options.bounds);
  const subject = subjectOf(machine);
  const payloads = options.payloads ?? createPayloads(subject.machine, { seed: options.seed ?? 1 });
  const coverage = new Coverage(subject, kinds, options.sometimes);
  const searched: Searched = yield* search(subject, payloads, coverage, bounds) as Generator<
    SearchProgress,
    Searched,
    boolean
  >;
  return {
    tests: suiteOf(subject, coverage, searched),
    coverage: countsOf(coverage, kinds),
    unreached: explain(coverage, searched),
    thrown: searched.notes.thrown,
    worlds: searched.worlds,
    steps: searched.steps,
    ended: searched.ended,
  };
}

function kindsOf(wanted: readonly CoverageKind[]): readonly CoverageKind[] {
  for (const kind of wanted) {
    if (COVERAGE_KINDS.includes(kind)) continue;
    throw new SynodError(
      'COVERAGE_UNKNOWN',
      `There is no coverage "${kind}"; choose among ${COVERAGE_KINDS.join(', ')}.`,
    );
  }
  const all = wanted.includes('pairs') ? [...wanted, ...WITH_PAIRS] : wanted;
  return COVERAGE_KINDS.filter((kind) => all.includes(kind));
}

/** Coverage of pairs is of all paths of up to two transitions (Ammann and Offutt, *Introduction to Software Testing*, §7.2: edge-pair coverage). */
const WITH_PAIRS: readonly CoverageKind[] = ['transitions', 'effects'];

function countsOf(coverage: Coverage, kinds: readonly CoverageKind[]): readonly CoverageCount[] {
  return kinds.map((kind) => {
    const all = coverage.targets.filter((target) => target.kind === kind);
    return { kind, covered: all.filter(({ id }) => coverage.isCovered(id)).length, total: all.length };
  });
}
