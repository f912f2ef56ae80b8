import type { AnyStateMachine } from 'xstate';
import { type GenerateOptions, generateTestsAsync } from '../generate.ts';
import { createPayloads } from '../payloads/create.ts';
import { boundsOf } from '../search/bounds.ts';
import type { Unreached } from '../search/reasons.ts';
import type { Subject } from '../subject.ts';
import { COVERAGE_KINDS, type CoverageKind } from '../targets/target.ts';
import type { Stimulus } from '../test-case.ts';
import { createSubject, subjectOf } from '../world/subject.ts';
import { type DistinguishOptions, distinguish } from './distinguish.ts';
import { killedBy, type Recording, record } from './killed.ts';
import { type MachineMutant, mutantsOf } from './mutants.ts';

export interface MutationOptions extends Omit<GenerateOptions, 'coverage'> {
  /** Each kind gets tests and a score of its own. Default: all. Kinds of which the machine has no target are left out. */
  readonly coverage?: readonly CoverageKind[];
  /** Distinct pairs of worlds to explore before it stays open whether a mutant that no test kills is equivalent. Default 5,000. */
  readonly pairs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: MutationProgress) => void;
}

export interface MutationProgress {
  readonly done: number;
  readonly mutants: number;
}

/** What the tests of one kind of coverage are worth. */
export interface KindScore {
  readonly kind: CoverageKind;
  readonly tests: number;
  readonly steps: number;
  readonly killed: number;
  /** Killed mutants over all that are not equivalent, from 0 to 1. */
  readonly score: number;
}

/** A mutant that tests of some kind do not kill. */
export interface Survivor {
  readonly mutant: MachineMutant;
  /** The kinds whose tests it passes. */
  readonly of: readonly CoverageKind[];
  /** A test of another kind that it fails, or a shortest run that shows it. */
  readonly seenBy?: { readonly test: string } | { readonly input: unknown; readonly steps: readonly Stimulus[] };
  /** Why no run came to its place. */
  readonly unreached?: string;
  /** Without either: pairs of worlds that were explored in vain. */
  readonly pairs?: number;
}

export interface MutationReport {
  readonly mutants: number;
  /** Their places were come to, and in every world that the values lead to nothing tells them from the machine: no test can. They count in no score. */
  readonly equivalent: readonly MachineMutant[];
  /** Those that no test kills, at a transition that cannot be taken: a dead one, or one that the machine answers by throwing. Nor do they. */
  readonly idle: readonly MachineMutant[];
  /** In the order of the kinds. */
  readonly scores: readonly KindScore[];
  /** In document order. */
  readonly survivors: readonly Survivor[];
  /** Whether it was aborted: then the mutants that were not tried are missing everywhere. */
  readonly complete: boolean;
}

interface Suite {
  readonly kind: CoverageKind;
  readonly recordings: readonly Recording[];
}

interface Suites {
  readonly suites: readonly Suite[];
  /** Of the machine's own transitions and states, those that no run came to. */
  readonly unreached: ReadonlyMap<string, Unreached>;
}

/**
 * What the generated tests of a machine are worth: of all its mutants, how many fail a test, by kind of coverage.
 * @throws SynodError as `generateTests`.
 */
export async function mutationScore(
  machine: AnyStateMachine | Subject,
  options: MutationOptions = {},
): Promise<MutationReport> {
  const subject = subjectOf(machine);
  const payloads = options.payloads ?? createPayloads(subject.machine, { seed: options.seed ?? 1 });
  const tests = await suitesOf(subject, { ...options, payloads });
  const mutants = mutantsOf(subject.machine);
  const tally = new Tally(subject, tests, {
    payloads,
    values: boundsOf(options.bounds).values,
    limit: options.pairs ?? DEFAULT_PAIRS,
  });
  let done = 0;
  for (const mutant of mutants) {
    if (options.signal?.aborted) break;
    options.onProgress?.({ done, mutants: mutants.length });
    // Between two mutants others have their turn: a key press, a line of progress.
    await new Promise((resolve) => setImmediate(resolve));
    tally.judge(mutant);
    done++;
  }
  return { ...tally.report(), complete: done === mutants.length };
}

const DEFAULT_PAIRS = 5_000;

async function suitesOf(subject: Subject, { coverage = COVERAGE_KINDS, ...options }: MutationOptions): Promise<Suites> {
  const { onProgress: _, ...rest } = options;
  const suites: Suite[] = [];
  for (const kind of COVERAGE_KINDS) {
    if (!coverage.includes(kind)) continue;
    const generated = await generateTestsAsync(subject, { ...rest, coverage: [kind] });
    if (generated.coverage.some(({ total }) => total > 0))
      suites.push({ kind, recordings: record(subject, generated.tests) });
  }
  const { unreached } = await generateTestsAsync(subject, { ...rest, coverage: ['states', 'transitions'] });
  return { suites, unreached: byPlace(unreached) };
}

const byPlace = (unreached: readonly Unreached[]): ReadonlyMap<string, Unreached> =>
  new Map(
    unreached.flatMap((each): readonly (readonly [string, Unreached])[] => {
      const { target } = each;
      if (target.actor !== '') return [];
      if (target.kind === 'transitions') return [[target.transition, each]];
      return target.kind === 'states' ? [[target.state, each]] : [];
    }),
  );

/** Judges mutants one by one. */
class Tally {
  readonly #subject: Subject;
  readonly #suites: readonly Suite[];
  readonly #options: DistinguishOptions;
  readonly #unreached: ReadonlyMap<string, Unreached>;
  readonly #killed = new Map<CoverageKind, number>();
  readonly #equivalent: MachineMutant[] = [];
  readonly #idle: MachineMutant[] = [];
  readonly #survivors: Survivor[] = [];
  #mutants = 0;

  constructor(subject: Subject, { suites, unreached }: Suites, options: DistinguishOptions) {
    this.#subject = subject;
    this.#suites = suites;
    this.#options = options;
    this.#unreached = unreached;
  }

  judge(mutant: MachineMutant): void {
    this.#mutants++;
    const mutated = createSubject(mutant.machine, this.#subject);
    const missing: CoverageKind[] = [];
    let test: string | undefined;
    for (const { kind, recordings } of this.#suites) {
      const killer = killedBy(mutated, recordings)?.test.name;
      if (killer === undefined) missing.push(kind);
      else this.#killed.set(kind, (this.#killed.get(kind) ?? 0) + 1);
      test ??= killer;
    }
    if (missing.length === 0) return;
    if (test !== undefined) this.#survivors.push({ mutant, of: missing, seenBy: { test } });
    else this.#explain(mutant, mutated, missing);
  }

  /** Why no test kills a mutant. */
  #explain(mutant: MachineMutant, mutated: Subject, of: readonly CoverageKind[]): void {
    const unreached = this.#unreachedPlace(mutant);
    if (unreached) {
      // A dead transition, and one that the machine answers by throwing, has no behaviour that could be tested.
      if (unreached.code === 'dead' || unreached.code === 'threw') this.#idle.push(mutant);
      else this.#survivors.push({ mutant, of, unreached: unreached.reason });
      return;
    }
    const { verdict, run, pairs } = distinguish(this.#subject, mutated, this.#options);
    if (verdict === 'equivalent') this.#equivalent.push(mutant);
    else this.#survivors.push({ mutant, of, ...(run ? { seenBy: run } : { pairs }) });
  }

  #unreachedPlace({ place }: MachineMutant): Unreached | undefined {
    const places = 'transition' in place ? [place.transition] : place.states;
    return places.every((each) => this.#unreached.has(each)) ? this.#unreached.get(places[0] ?? '') : undefined;
  }

  report(): Omit<MutationReport, 'complete'> {
    const total = this.#mutants - this.#equivalent.length - this.#idle.length;
    return {
      mutants: this.#mutants,
      equivalent: this.#equivalent,
      idle: this.#idle,
      survivors: this.#survivors,
      scores: this.#suites.map(({ kind, recordings }) => {
        const killed = this.#killed.get(kind) ?? 0;
        const steps = recordings.reduce((sum, { test }) => sum + test.steps.length, 0);
        return { kind, tests: recordings.length, steps, killed, score: total === 0 ? 1 : killed / total };
      }),
    };
  }
}
