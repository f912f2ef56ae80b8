import { type CheckConfiguration, type Roles, SynodError } from '@synod/protocol';
import { tell } from './counterexample.ts';
import type { CheckOptions } from './options.ts';
import { Normaliser } from './reduce/normaliser.ts';
import { ASSERTIONS, type CheckResult, type PropertyResult, type Stopped } from './result.ts';
import { judgeEventually } from './search/eventually.ts';
import { ancestry, type Path, retrace, withLastStep } from './search/path.ts';
import { Search } from './search/search.ts';
import { Walk } from './search/walk.ts';
import { enginesBy } from './world/engines.ts';
import { growth } from './world/growth.ts';
import { World } from './world/world.ts';

/** Worlds expanded between two looks at the clock. */
const SLICE = 2_000;

const NONE = Number.POSITIVE_INFINITY;

/**
 * Explores every schedule of a configuration.
 * @throws SynodError `MODEL_INVALID` for a configuration that contradicts itself, `PROPERTY_FAILED` for a property that throws,
 * `CHECK_OPTIONS` for options that do.
 */
export function check(configuration: CheckConfiguration, roles: Roles, options: CheckOptions = {}): CheckResult {
  const checking = new Checking(configuration, roles, options);
  while (checking.slice()) {}
  return checking.result();
}

/** The same, giving way to the rest of the program now and then, so that it can be told of progress and be interrupted. */
export async function checkAsync(
  configuration: CheckConfiguration,
  roles: Roles,
  options: CheckOptions = {},
): Promise<CheckResult> {
  const checking = new Checking(configuration, roles, options);
  while (checking.slice()) await new Promise<void>((resume) => setImmediate(resume));
  return checking.result();
}

class Checking {
  readonly #configuration: CheckConfiguration;
  readonly #options: CheckOptions;
  readonly #world: World;
  readonly #normaliser: Normaliser;
  readonly #runner: Search | Walk;
  readonly #begun = performance.now();
  #told = performance.now();
  #stopped: Stopped | undefined;

  constructor(configuration: CheckConfiguration, roles: Roles, options: CheckOptions) {
    const { order = 'breadth', exact = false, memo = 1_000_000, symmetry = true, reduction = true } = options;
    this.#configuration = configuration;
    this.#options = options;
    this.#world = new World(configuration, roles, enginesBy(options.engineOf), memo);
    const graph = configuration.properties.some(({ kind }) => kind === 'eventually');
    if (graph && order === 'depth')
      throw new SynodError(
        'CHECK_OPTIONS',
        'A property of kind "eventually" needs the breadth-first search; leave out the order.',
      );
    // A circle of worlds in which nodes have changed places need not be a circle of theirs: fairness tells them apart.
    this.#normaliser = new Normaliser(this.#world, { symmetry: symmetry && !graph, stale: reduction, ordered: true });
    this.#runner =
      order === 'walk'
        ? new Walk(this.#world, { seed: options.seed ?? 1, maxDepth: options.maxDepth ?? 1_000 })
        : new Search(this.#world, {
            order,
            exact,
            graph,
            maxDepth: options.maxDepth ?? NONE,
            normalise: this.#normalise,
          });
  }

  get #normalise() {
    const normaliser = this.#normaliser;
    return normaliser.isNeeded ? normaliser.normalise.bind(normaliser) : undefined;
  }

  get #seconds(): number {
    return (performance.now() - this.#begun) / 1_000;
  }

  /** Goes on for a while; false when there is nothing left to do. */
  slice(): boolean {
    for (let count = 0; count < SLICE; count++) if (!this.#runner.advance()) return false;
    const { maxStates = NONE, maxMemoryMb = 2_048, signal, stopAtFirst = false } = this.#options;
    const { maxSeconds = this.#runner instanceof Walk && maxStates === NONE ? 10 : NONE } = this.#options;
    if (signal?.aborted) this.#stopped = 'interrupted';
    else if (this.#runner.distinct >= maxStates) this.#stopped = 'states';
    else if (this.#seconds >= maxSeconds) this.#stopped = 'time';
    else if (this.#runner.bytes >= maxMemoryMb * 2 ** 20) this.#stopped = 'memory';
    else if (stopAtFirst && this.#isViolated()) this.#stopped = 'violation';
    this.#progress();
    return this.#stopped === undefined;
  }

  #isViolated(): boolean {
    const found = this.#runner instanceof Walk ? this.#runner.paths : this.#runner.findings;
    const kindOf = (name: string) => this.#configuration.properties.find((property) => property.name === name)?.kind;
    return [...found.keys()].some((name) => kindOf(name) !== 'sometimes');
  }

  #progress(): void {
    const now = performance.now();
    if (now - this.#told < 1_000) return;
    this.#told = now;
    const { states, distinct, depth } = this.#runner;
    const waiting = this.#runner instanceof Walk ? 0 : this.#runner.waiting;
    this.#options.onProgress?.({ states, distinct, depth, waiting, seconds: this.#seconds });
  }

  result(): CheckResult {
    const { states, distinct, depth } = this.#runner;
    const cut = this.#runner instanceof Search && this.#runner.cutByDepth;
    const stopped = this.#stopped ?? (cut ? 'depth' : undefined);
    const complete = stopped === undefined;
    const growing = stopped === undefined || stopped === 'violation' ? [] : growth(this.#world);
    const properties = this.#configuration.properties.map(({ name, kind }) => this.#verdict(name, kind, complete));
    return {
      states,
      distinct,
      depth,
      seconds: this.#seconds,
      complete,
      ...(stopped && { stopped }),
      ...(growing.length > 0 && { growing }),
      ...(this.#runner instanceof Walk && { walks: this.#runner.walks }),
      properties: [...properties, this.#assertions(complete)],
    };
  }

  #verdict(name: string, kind: PropertyResult['kind'], complete: boolean): PropertyResult {
    if (kind === 'eventually') {
      if (this.#runner instanceof Walk)
        return {
          name,
          kind,
          verdict: 'unknown',
          message: 'a walk that ends says nothing of it; use the breadth-first search',
        };
      return judgeEventually(this.#runner, name, complete, this.#normaliser);
    }
    const path = this.#path(name);
    if (kind === 'sometimes') {
      if (path) return { name, kind, verdict: 'holds', trace: tell(this.#world, path, undefined) };
      return complete && !this.#normaliser.isApproximate
        ? { name, kind, verdict: 'violated', message: 'no state of the model is like this' }
        : { name, kind, verdict: 'unknown' };
    }
    if (!path) return { name, kind, verdict: complete && !this.#normaliser.isApproximate ? 'holds' : 'unknown' };
    const message = kind === 'step' ? 'the last step breaks it' : 'it does not hold in the last state';
    return { name, kind, verdict: 'violated', message, trace: tell(this.#world, path, undefined) };
  }

  #assertions(complete: boolean): PropertyResult {
    const [name, kind] = [ASSERTIONS, 'always'] as const;
    const path = this.#path('');
    if (!path) return { name, kind, verdict: complete && !this.#normaliser.isApproximate ? 'holds' : 'unknown' };
    const message = path.actions.at(-1)?.outcome?.failure ?? 'an assertion failed';
    return { name, kind, verdict: 'violated', message, trace: tell(this.#world, path, undefined) };
  }

  /** The run that shows what was found of a property. */
  #path(name: string): Path | undefined {
    if (this.#runner instanceof Walk) return this.#runner.paths.get(name);
    const finding = this.#runner.findings.get(name);
    if (!finding) return undefined;
    const path = retrace(this.#runner, ancestry(this.#runner, finding.at), this.#normalise);
    return finding.step ? withLastStep(this.#world, path, finding.step) : path;
  }
}
