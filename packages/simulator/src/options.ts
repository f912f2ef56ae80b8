import {
  type Address,
  type Mutant,
  type Simulation,
  type SimulationConfiguration,
  type Specification,
  SynodError,
  type TraceRecord,
  withMutant,
} from '@synod/protocol';
import type { EventObject } from 'xstate';
import { checkConditions } from './conditions.ts';
import type { DiskOptions } from './disk.ts';
import { parseSchedule, type Schedule } from './faults.ts';
import type { Deviation } from './fork/pilot.ts';
import { movableNodes } from './injector.ts';
import { drawSchedule, type Faults, toFaults } from './nemesis.ts';
import type { NetworkOptions } from './network.ts';

export interface SimulateOptions {
  /** A whole number; the same one gives the same run. Default 1. */
  readonly seed?: number;
  /** The name of one of the specification's simulations; default the first. */
  readonly simulation?: string;
  /** Default as the simulation says. */
  readonly nodes?: number;
  readonly clients?: number;
  /** Simulated length of the phase with faults, in seconds. Default 60. */
  readonly seconds?: number;
  /** What the nemesis may do: names, or names with intensities. Default all, at medium intensity. */
  readonly faults?: Faults | readonly string[];
  /** A schedule in the place of the nemesis's. */
  readonly schedule?: Schedule;
  /** The name of a mutant of the specification to run in the place of its role. */
  readonly mutant?: string;
  readonly network?: NetworkOptions;
  readonly disk?: DiskOptions;
  /** Keeps a trace; with a function, hands it each record instead of keeping it. Default none. */
  readonly trace?: boolean | ((record: TraceRecord) => void);
  /** Whether the trace tells of each step how its guards came out. Default false: it takes longer. The trace of a replay file has them. */
  readonly guards?: boolean;
  /** Told of whatever a member tells its embedder, and when in simulated time: what a measurement looks at costs nothing else. */
  readonly onEmit?: (member: Address, event: EventObject, atMs: number) => void;
  /** Whether to count which transitions of the charts are taken. Default true. */
  readonly coverage?: boolean;
  /** Which of the configuration's requests are made, by index; default all. The shrinker leaves some out. */
  readonly requests?: readonly number[];
  /** What happens because a person chose it, in its order. Default nothing. */
  readonly deviations?: readonly Deviation[];
  /** Told of each property of kind `sometimes` at the moment it came about. */
  readonly onReached?: (property: string) => void;
}

/** A run, with all that was left open decided. */
export interface Plan {
  readonly specification: Specification;
  readonly simulation: Simulation;
  readonly configuration: SimulationConfiguration;
  readonly seed: number;
  readonly nodes: number;
  readonly clients: number;
  readonly seconds: number;
  readonly schedule: Schedule;
  readonly mutant: string | undefined;
}

/**
 * Decides a run.
 * @throws SynodError `SIMULATION_INVALID`, `SCHEDULE_INVALID` or `FAULT_UNKNOWN`, naming the part.
 */
export function planOf(given: Specification, options: SimulateOptions = {}): Plan {
  const { seed = 1, seconds = 60, mutant } = options;
  if (!Number.isSafeInteger(seed)) throw invalid(`seed ${seed}`, 'a whole number');
  if (!(Number.isFinite(seconds) && seconds > 0)) throw invalid(`seconds ${seconds}`, 'a number above 0');
  const specification = mutant === undefined ? given : mutated(given, mutant);
  const simulation = simulationOf(given, options.simulation);
  const nodes = sizeOf('nodes', simulation, options.nodes);
  const clients = sizeOf('clients', simulation, options.clients);
  const whole = simulation.configure({ nodes, clients });
  const seen = new Set<string>();
  const twice = whole.members.find(({ address }) => seen.size === seen.add(address).size);
  if (twice) throw invalid(`two members at ${twice.address}`, 'each an address of its own');
  const configuration = withRequests(whole, options.requests);
  const movable = movableNodes(configuration.members);
  const all = movableNodes(configuration.members.map(({ address }) => ({ address })));
  checkConditions(options, all);
  const forMs = seconds * 1_000;
  const schedule = options.schedule
    ? parseSchedule(options.schedule, all)
    : drawSchedule({ seed, faults: toFaults(options.faults), nodes: movable, forMs });
  return {
    specification,
    simulation,
    configuration,
    seed,
    nodes,
    clients,
    seconds,
    schedule: schedule.filter(({ atMs }) => atMs < forMs),
    mutant,
  };
}

/** @throws SynodError `SIMULATION_INVALID` when there is no such simulation. */
export function simulationOf({ name, simulations }: Specification, wanted?: string): Simulation {
  const found = wanted === undefined ? simulations[0] : simulations.find((each) => each.name === wanted);
  if (found) return found;
  throw simulations.length === 0
    ? new SynodError('SIMULATION_INVALID', `${name} has no simulation; declare one in its specification.`)
    : invalid(`simulation "${wanted}"`, `one of ${simulations.map((each) => each.name).join(', ')}`);
}

/** @throws SynodError `SIMULATION_INVALID` when there is no such mutant. */
export function mutantOf({ mutants }: Specification, name: string): Mutant {
  const found = mutants.find((mutant) => mutant.name === name);
  if (found) return found;
  throw invalid(
    `mutant "${name}"`,
    `one of ${mutants.map((mutant) => mutant.name).join(', ') || 'those it has, which is none'}`,
  );
}

const mutants = new WeakMap<Mutant, Specification>();

/** Made once, so that its engines are made once. */
function mutated(specification: Specification, name: string): Specification {
  const mutant = mutantOf(specification, name);
  const known = mutants.get(mutant);
  if (known) return known;
  const made = withMutant(specification, mutant);
  mutants.set(mutant, made);
  return made;
}

function sizeOf(what: 'nodes' | 'clients', simulation: Simulation, wanted?: number): number {
  const { default: usual, min, max } = simulation[what];
  const size = wanted ?? usual;
  if (Number.isInteger(size) && min <= size && size <= max) return size;
  throw invalid(`${what} ${size}`, `a whole number from ${min} to ${max} (simulation "${simulation.name}")`);
}

/** A configuration with some of its requests, by index. */
function withRequests(whole: SimulationConfiguration, wanted?: readonly number[]): SimulationConfiguration {
  if (!wanted) return whole;
  const { requests = [] } = whole;
  const unknown = wanted.find((index) => requests[index] === undefined);
  if (unknown === undefined) return { ...whole, requests: requests.filter((_, index) => wanted.includes(index)) };
  throw invalid(
    `request ${unknown}`,
    requests.length > 0 ? `indices from 0 to ${requests.length - 1}` : 'none, since it makes none',
  );
}

const invalid = (part: string, wanted: string): SynodError =>
  new SynodError('SIMULATION_INVALID', `The simulation cannot have ${part}; give ${wanted}.`);
