import type { Mutant, Specification } from '@synod/protocol';
import { FAULT_NAMES, type SpecificationReference } from '@synod/simulator';

/** Something for a worker to do, as data. Without a mutant it is the machine as it should be, which must pass. */
export type Job = CheckJob | SimulateJob;

interface JobBase {
  readonly reference: SpecificationReference;
  readonly protocol: string;
  readonly mutant?: string;
  /** Where the run goes that shows what was found. */
  readonly file: string;
}

export interface CheckJob extends JobBase {
  readonly tool: 'check';
  readonly model: string;
  readonly nodes: number;
}

export interface SimulateJob extends JobBase {
  readonly tool: 'sim';
  readonly simulation: string;
  readonly nodes: number;
  readonly faults: readonly string[];
  readonly seconds: number;
  /** From one to another, both included. */
  readonly seeds: readonly [number, number];
  readonly shrink: boolean;
}

/** What a job came to. */
export interface JobResult {
  /** What is broken, if anything. */
  readonly property?: string;
  readonly message?: string;
  /** Written when something is broken. */
  readonly file?: string;
  /** Of the checker: distinct states. */
  readonly states?: number;
  /** Of the simulator: seeds that were run; and the one that fails. */
  readonly runs?: number;
  readonly seed?: number;
  readonly seconds: number;
  /** Whether the checker saw all, or stopped at its bound. */
  readonly complete?: boolean;
}

export interface JobOptions {
  /** Mutants to look for; default all. */
  readonly only: readonly string[];
  readonly directory: string;
  readonly shrink: boolean;
}

/** Seeds of the right machine in one job. */
const SEEDS_A_JOB = 20;

/** All that is to be done for a specification: its mutants, then the right machine within the same bounds. */
export function jobsOf(specification: Specification, reference: SpecificationReference, options: JobOptions): Job[] {
  const { name: protocol, mutants } = specification;
  const wanted = mutants.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
  const base = { reference, protocol };
  const fileOf = (name: string, tool: Job['tool']) => `${options.directory}/${protocol}/${name}.${tool}.json`;
  const mutated = wanted.flatMap((mutant): Job[] => {
    const { name } = mutant;
    const [check, simulate] = [checkOf(specification, mutant), simulateOf(specification, mutant)];
    return [
      ...(check ? [{ ...base, ...check, mutant: name, file: fileOf(name, 'check') }] : []),
      ...(simulate ? [{ ...base, ...simulate, mutant: name, shrink: options.shrink, file: fileOf(name, 'sim') }] : []),
    ];
  });
  const right = rightMachine(mutated).map((job): Job => ({ ...job, file: fileOf(`right-${placeOf(job)}`, job.tool) }));
  return [...mutated, ...right];
}

function checkOf({ models }: Specification, { check }: Mutant): Pick<CheckJob, 'tool' | 'model' | 'nodes'> | undefined {
  const model = check && models.find(({ name }) => name === check.model);
  return model && { tool: 'check', model: model.name, nodes: check.nodes ?? model.nodes.default };
}

function simulateOf({ simulations }: Specification, { simulate }: Mutant) {
  const simulation = simulate && simulations.find(({ name }) => name === simulate.simulation);
  if (!simulate || !simulation) return undefined;
  const { faults, seconds, nodes = simulation.nodes.default } = simulate;
  return { tool: 'sim', simulation: simulation.name, nodes, faults, seconds, seeds: [1, simulate.seeds] } as const;
}

/** Each place in which a mutant is looked for, once, with as many seeds as the most patient of them has. */
function rightMachine(jobs: readonly Job[]): Job[] {
  const places = new Map<string, Job>();
  for (const { mutant: _, ...job } of jobs) {
    const key = `${job.tool} ${placeOf(job)}`;
    const known = places.get(key);
    if (!known || (job.tool === 'sim' && known.tool === 'sim' && job.seeds[1] > known.seeds[1])) places.set(key, job);
  }
  return [...places.values()].flatMap((job): Job[] => (job.tool === 'check' ? [job] : inParts(job)));
}

const inParts = (job: SimulateJob): SimulateJob[] =>
  Array.from({ length: Math.ceil(job.seeds[1] / SEEDS_A_JOB) }, (_, part) => ({
    ...job,
    seeds: [part * SEEDS_A_JOB + 1, Math.min(job.seeds[1], (part + 1) * SEEDS_A_JOB)],
  }));

/** Where a job looks: its model, or its simulation and what goes wrong in it. */
export function placeOf(job: Job): string {
  if (job.tool === 'check') return `${job.model}-${job.nodes}`;
  const { simulation, nodes, seconds, faults } = job;
  const wrong = FAULT_NAMES.every((name) => faults.includes(name)) ? ['all'] : faults;
  return [simulation, nodes, `${seconds}s`, ...wrong].join('-').replaceAll(':', '.');
}
