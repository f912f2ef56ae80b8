import {
  type CheckConfiguration,
  createEngine,
  type Engine,
  type Protocol,
  type Roles,
  SynodError,
} from '@synod/protocol';
import { type Counterexample, tell } from './counterexample.ts';
import { findLasso } from './search/liveness.ts';
import { ancestry, retrace, withLastStep } from './search/path.ts';
import { type Finding, type Normalise, Search } from './search/search.ts';
import { World } from './world/world.ts';

export interface CheckOptions {
  /** `breadth` (default) finds shortest counterexamples; `depth` keeps a smaller frontier. */
  readonly order?: 'breadth' | 'depth';
  /** Compare whole worlds where fingerprints are equal. Default false: two of a million worlds coincide with probability below 10⁻⁷. */
  readonly exact?: boolean;
  /** Steps remembered before all are forgotten; 0: none. Verdicts and counts do not depend on it. Default a million. */
  readonly memo?: number;
  /** States on a path. Default: no bound. */
  readonly maxDepth?: number;
  /** Distinct states. Default: no bound. */
  readonly maxStates?: number;
  /** Default: no bound. */
  readonly maxSeconds?: number;
  /** Memory of the search's own tables, in mebibytes. Default 2,048. */
  readonly maxMemoryMb?: number;
  /** End with the first violation. Default false. */
  readonly stopAtFirst?: boolean;
  /** What takes the steps; default XState's own interpreter. */
  readonly engineOf?: (protocol: Protocol) => Engine;
  /** Told about once a second. */
  readonly onProgress?: (progress: CheckProgress) => void;
  readonly signal?: AbortSignal;
}

export interface CheckProgress {
  readonly states: number;
  readonly distinct: number;
  readonly depth: number;
  readonly waiting: number;
  readonly seconds: number;
}

/** Why a search ended before it had seen everything. */
export type Stopped = 'depth' | 'states' | 'time' | 'memory' | 'interrupted' | 'violation';

export interface PropertyResult {
  readonly name: string;
  readonly kind: 'always' | 'sometimes' | 'eventually' | 'step';
  /** `unknown`: what was explored neither shows it nor refutes it. */
  readonly verdict: 'holds' | 'violated' | 'unknown';
  /** For `violated`: what happened, in a sentence. */
  readonly message?: string;
  /** A run that shows the violation, or for `sometimes` one that reaches it. */
  readonly trace?: Counterexample;
}

export interface CheckResult {
  /** Steps taken, those that led to known states included. */
  readonly states: number;
  readonly distinct: number;
  /** States on the longest of the shortest paths, the first one included. */
  readonly depth: number;
  readonly seconds: number;
  /** Whether every state within the model was explored. */
  readonly complete: boolean;
  readonly stopped?: Stopped;
  readonly properties: readonly PropertyResult[];
}

/** Under this name a broken assertion of a machine is told. */
export const ASSERTIONS = 'Assertions of the machines';

/** Worlds expanded between two looks at the clock. */
const SLICE = 2_000;

/**
 * Explores every schedule of a configuration.
 * @throws SynodError `MODEL_INVALID` for a configuration that contradicts itself, `PROPERTY_FAILED` for a property that throws.
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
  readonly #search: Search;
  readonly #normalise: Normalise | undefined;
  readonly #begun = performance.now();
  #told = performance.now();
  #stopped: Stopped | undefined;

  constructor(configuration: CheckConfiguration, roles: Roles, options: CheckOptions) {
    const { order = 'breadth', exact = false, memo = 1_000_000, maxDepth = Number.POSITIVE_INFINITY } = options;
    this.#configuration = configuration;
    this.#options = options;
    const engines = new Map<Protocol, Engine>();
    const engineOf = (protocol: Protocol): Engine => {
      const engine = engines.get(protocol) ?? (options.engineOf ?? ((each) => createEngine(each.machine)))(protocol);
      engines.set(protocol, engine);
      return engine;
    };
    const world = new World(configuration, roles, engineOf, memo);
    const graph = configuration.properties.some(({ kind }) => kind === 'eventually');
    if (graph && order === 'depth')
      throw new SynodError(
        'CHECK_OPTIONS',
        'A property of kind "eventually" needs the breadth-first search; leave out the order.',
      );
    this.#normalise = undefined;
    this.#search = new Search(world, { order, exact, graph, maxDepth, normalise: this.#normalise });
  }

  get #seconds(): number {
    return (performance.now() - this.#begun) / 1_000;
  }

  /** Goes on for a while; false when there is nothing left to do. */
  slice(): boolean {
    for (let count = 0; count < SLICE; count++) if (!this.#search.advance()) return false;
    const {
      maxStates = Number.POSITIVE_INFINITY,
      maxSeconds = Number.POSITIVE_INFINITY,
      maxMemoryMb = 2_048,
    } = this.#options;
    if (this.#options.signal?.aborted) this.#stopped = 'interrupted';
    else if (this.#search.distinct >= maxStates) this.#stopped = 'states';
    else if (this.#seconds >= maxSeconds) this.#stopped = 'time';
    else if (this.#search.bytes >= maxMemoryMb * 2 ** 20) this.#stopped = 'memory';
    else if (this.#options.stopAtFirst && this.#violated) this.#stopped = 'violation';
    this.#progress();
    return this.#stopped === undefined;
  }

  get #violated(): boolean {
    const { findings } = this.#search;
    return [...findings.keys()].some((name) => this.#kindOf(name) !== 'sometimes');
  }

  #kindOf(name: string): string | undefined {
    return this.#configuration.properties.find((property) => property.name === name)?.kind;
  }

  #progress(): void {
    const now = performance.now();
    if (now - this.#told < 1_000) return;
    this.#told = now;
    const { states, distinct, depth, waiting } = this.#search;
    this.#options.onProgress?.({ states, distinct, depth, waiting, seconds: this.#seconds });
  }

  result(): CheckResult {
    const { states, distinct, depth, cutByDepth } = this.#search;
    const stopped = this.#stopped ?? (cutByDepth ? 'depth' : undefined);
    const complete = stopped === undefined;
    const properties = this.#configuration.properties.map(({ name, kind }) => this.#verdict(name, kind, complete));
    const failure = this.#search.findings.get('');
    const assertions: PropertyResult = failure
      ? {
          name: ASSERTIONS,
          kind: 'always',
          verdict: 'violated',
          message: failure.step?.failure as string,
          trace: this.#trace(failure),
        }
      : { name: ASSERTIONS, kind: 'always', verdict: complete ? 'holds' : 'unknown' };
    return {
      states,
      distinct,
      depth,
      seconds: this.#seconds,
      complete,
      ...(stopped && { stopped }),
      properties: [...properties, assertions],
    };
  }

  #verdict(name: string, kind: PropertyResult['kind'], complete: boolean): PropertyResult {
    if (kind === 'eventually') return this.#eventually(name, complete);
    const finding = this.#search.findings.get(name);
    if (kind === 'sometimes') {
      if (finding) return { name, kind, verdict: 'holds', trace: this.#trace(finding) };
      return complete
        ? { name, kind, verdict: 'violated', message: 'no state of the model is like this' }
        : { name, kind, verdict: 'unknown' };
    }
    if (!finding) return { name, kind, verdict: complete ? 'holds' : 'unknown' };
    const message = kind === 'step' ? 'the last step breaks it' : 'it does not hold in the last state';
    return { name, kind, verdict: 'violated', message, trace: this.#trace(finding) };
  }

  #eventually(name: string, complete: boolean): PropertyResult {
    const kind = 'eventually';
    const bit = this.#search.judgement.properties.findIndex((property) => property.name === name);
    const lasso = findLasso(this.#search, bit);
    if (lasso === 'none') return { name, kind, verdict: complete ? 'holds' : 'unknown' };
    if (lasso === 'undecided') return { name, kind, verdict: 'unknown' };
    const { stem, cycle } = lasso;
    const path = retrace(this.#search, [...stem, ...cycle], this.#normalise);
    const message =
      cycle.length > 0 ? 'a circle of states avoids it for ever' : 'it never comes, and nothing more must happen';
    return { name, kind, verdict: 'violated', message, trace: tell(this.#search.world, path, stem.length - 1) };
  }

  #trace({ at, step }: Finding): Counterexample {
    const path = retrace(this.#search, ancestry(this.#search, at), this.#normalise);
    return tell(this.#search.world, step ? withLastStep(this.#search.world, path, step) : path, undefined);
  }
}
