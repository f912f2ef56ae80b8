import { nodeOf, type Specification } from '@synod/protocol';
import { BUSIEST, type Fault, nodesOf, type Schedule } from './faults.ts';
import { fit } from './fit.ts';
import { minimise } from './minimise.ts';
import type { NetworkOptions } from './network.ts';
import { type Plan, planOf, type SimulateOptions } from './options.ts';
import { type SimulationResult, simulate } from './simulate.ts';
import type { Violation } from './violation.ts';

export interface ShrinkOptions {
  /** The most runs it may take. Default 500. */
  readonly runs?: number;
  /** The longest it may take, in wall seconds. Default 60. */
  readonly wallSeconds?: number;
  /** Called whenever a smaller run still fails. */
  readonly onProgress?: (size: ShrinkSize) => void;
}

/** How large a failing run is. */
export interface ShrinkSize {
  readonly runs: number;
  readonly faults: number;
  readonly nodes: number;
  readonly clients: number;
  readonly requests: number;
  readonly seconds: number;
}

/** A run that fails in the same way, and needs less for it. */
export interface Shrunk {
  /** What gives the smaller run. */
  readonly options: SimulateOptions;
  readonly result: SimulationResult;
  readonly violation: Violation;
  readonly before: ShrinkSize;
  readonly after: ShrinkSize;
}

interface Size {
  readonly nodes: number;
  readonly clients: number;
}

/** What is made smaller. */
interface Candidate extends Size {
  readonly seconds: number;
  readonly requests: readonly number[];
  readonly schedule: Schedule;
}

/**
 * Makes a failing run smaller, as long as the same property stays violated: less time, fewer faults, fewer nodes, clients and requests,
 * and faults that are shorter and touch fewer nodes. Undefined when the run does not fail.
 */
export function shrink(
  specification: Specification,
  options: SimulateOptions,
  { runs = 500, wallSeconds = 60, onProgress }: ShrinkOptions = {},
): Shrunk | undefined {
  const plan = planOf(specification, options);
  const shrinker = new Shrinker(
    specification,
    plan,
    options,
    runs,
    performance.now() + wallSeconds * 1_000,
    onProgress,
  );
  return shrinker.shrink();
}

class Shrinker {
  readonly #specification: Specification;
  readonly #plan: Plan;
  readonly #options: SimulateOptions;
  readonly #most: number;
  readonly #deadline: number;
  readonly #onProgress: ((size: ShrinkSize) => void) | undefined;
  #runs = 0;
  #best: Candidate;
  #result: SimulationResult | undefined;
  #violation: Violation | undefined;

  constructor(
    specification: Specification,
    plan: Plan,
    options: SimulateOptions,
    most: number,
    deadline: number,
    onProgress: ((size: ShrinkSize) => void) | undefined,
  ) {
    this.#specification = specification;
    this.#plan = plan;
    this.#options = options;
    this.#most = most;
    this.#deadline = deadline;
    this.#onProgress = onProgress;
    const all = (plan.configuration.requests ?? []).map((_, index) => index);
    const { seconds, nodes, clients, schedule } = plan;
    this.#best = { seconds, nodes, clients, schedule, requests: options.requests ?? all };
  }

  shrink(): Shrunk | undefined {
    this.#result = this.#run(this.#best);
    this.#violation = this.#result.violations[0];
    if (!this.#violation) return undefined;
    const before = this.#size(this.#best);
    for (let [round, last] = [0, '']; last !== JSON.stringify(this.#best) && this.#mayGoOn; round++) {
      last = JSON.stringify(this.#best);
      this.#time();
      this.#faults();
      this.#sizes(round);
      this.#requests();
      this.#eachFault();
    }
    return {
      options: this.#optionsOf(this.#best),
      result: this.#result,
      violation: this.#violation,
      before,
      after: this.#size(this.#best),
    };
  }

  /** A run that is cut off right after the violation goes the same way until then; one judged at its end may do with less. */
  #time(): void {
    const { atMs = 0 } = this.#violation ?? {};
    if (atMs < this.#best.seconds * 1_000) this.#try({ seconds: Math.max(1, Math.ceil(atMs)) / 1_000 });
    for (const part of [0.25, 0.5, 0.75, 0.9]) {
      while (this.#best.seconds > 0.1 && this.#try({ seconds: milliseconds(this.#best.seconds * part) }));
    }
  }

  #faults(): void {
    minimise(this.#best.schedule, (schedule) => this.#try({ schedule }));
  }

  /** A smaller cluster may need other faults, and more time: at first each size is tried with all that there was, too. */
  #sizes(round: number): void {
    const { simulation, schedule, seconds } = this.#plan;
    const ways = round === 0 ? [{}, { schedule, seconds }] : [{}];
    for (const what of ['nodes', 'clients'] as const) {
      for (let size = simulation[what].min; size < this.#best[what]; size++) {
        if (ways.some((way) => this.#try({ ...way, [what]: size }))) break;
      }
    }
  }

  #requests(): void {
    minimise(this.#best.requests, (requests) => this.#try({ requests }));
  }

  /** Shorter faults, of fewer nodes. */
  #eachFault(): void {
    for (let index = 0; index < this.#best.schedule.length; index++) {
      const replace = (fault: Fault) => this.#try({ schedule: this.#best.schedule.with(index, fault) });
      const current = () => this.#best.schedule[index] as Fault;
      while (current().forMs > 1 && replace({ ...current(), forMs: Math.floor(current().forMs / 2) }));
      const { nodes } = current() as { nodes?: readonly string[] };
      if (nodes && nodes.length > 1) {
        minimise(nodes, (some) => some.length > 0 && replace({ ...current(), nodes: [...some] } as Fault));
      }
    }
  }

  /** Whether the run still fails with a change; if so, that is the best from now on. */
  #try(change: Partial<Candidate>): boolean {
    if (!this.#mayGoOn) return false;
    const candidate = { ...this.#best, ...change };
    const next = { ...candidate, schedule: this.#fitting(candidate) };
    const result = this.#run(next);
    const violation = result.violations.find((each) => isSame(each, this.#violation as Violation));
    if (!violation) return false;
    this.#best = next;
    this.#result = result;
    this.#violation = violation;
    this.#onProgress?.(this.#size(next));
    return true;
  }

  /** The faults that fall into the candidate's time, without the nodes that it does not have. */
  #fitting({ schedule, seconds, nodes, clients }: Candidate): Schedule {
    const known = new Set([BUSIEST, ...this.#nodesOf({ nodes, clients })]);
    return schedule.flatMap((fault) => {
      if (fault.atMs >= seconds * 1_000) return [];
      if (nodesOf(fault).every((name) => known.has(name))) return [fault];
      const fitted = fit(fault, (names) => names.filter((name) => known.has(name)));
      return fitted && nodesOf(fitted).every((name) => known.has(name)) ? [fitted] : [];
    });
  }

  get #mayGoOn(): boolean {
    return this.#runs < this.#most && performance.now() < this.#deadline;
  }

  #run(candidate: Candidate): SimulationResult {
    this.#runs++;
    return simulate(this.#specification, this.#optionsOf(candidate));
  }

  #optionsOf({ requests, ...candidate }: Candidate): SimulateOptions {
    const { trace: _, faults: __, requests: ___, network, ...options } = this.#options;
    const all = this.#plan.simulation.configure(candidate).requests?.length ?? 0;
    const some = requests.filter((index) => index < all);
    return {
      ...options,
      ...(network && { network: this.#linksOf(network, candidate) }),
      seed: this.#plan.seed,
      ...candidate,
      ...(some.length < all ? { requests: some } : {}),
    };
  }

  /** A network without the links that the candidate does not have. */
  #linksOf(network: NetworkOptions, size: Size): NetworkOptions {
    if (!network.links) return network;
    const known = this.#nodesOf(size);
    return { ...network, links: network.links.filter(({ from, to }) => known.has(from) && known.has(to)) };
  }

  #nodesOf(size: Size): ReadonlySet<string> {
    return new Set(this.#plan.simulation.configure(size).members.map(({ address }) => nodeOf(address)));
  }

  #size({ schedule, nodes, clients, requests, seconds }: Candidate): ShrinkSize {
    return { runs: this.#runs, faults: schedule.length, nodes, clients, requests: requests.length, seconds };
  }
}

const milliseconds = (seconds: number): number => Math.round(seconds * 1_000) / 1_000;

/** Numbers in an assertion's message may be others in a smaller run. */
const isSame = (a: Violation, b: Violation): boolean =>
  a.kind === b.kind && withoutNumbers(a.property) === withoutNumbers(b.property);

const withoutNumbers = (text: string): string => text.replaceAll(/\d+/g, '#');
