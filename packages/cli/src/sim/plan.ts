import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import type { Simulation, Specification } from '@synod/protocol';
import { parseFaults, parseSchedule, parseSeeds, simulationOf } from '@synod/simulator';
import { readJson } from '../files/files.ts';
import { usage } from '../options.ts';
import { type Output, paint } from '../output.ts';
import { loadAll, loadSpecification, referenceOf } from '../specifications.ts';
import { runOne, runSwarm, type SimPlan } from './commands.ts';

export interface SimCommandOptions {
  readonly simulation?: string;
  readonly seed?: number;
  readonly seeds?: string;
  readonly workers: number;
  readonly nodes?: number;
  readonly clients?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly faults?: string;
  readonly schedule?: string;
  readonly mutant?: string;
  readonly trace?: string;
  /** A path; false: none. */
  readonly save?: string | boolean;
  readonly shrink: boolean;
  readonly json?: boolean;
}

/** Runs what was asked for; answers the exit status. */
export async function runSim(protocol: string, options: SimCommandOptions, output: Output): Promise<number> {
  const plan = planOf(protocol, await loadSpecification(protocol), options);
  return options.seeds === undefined ? runOne(plan, output) : runSwarm(plan, output);
}

/** Lists the protocols with their simulations and mutants. */
export async function listSimulations(output: Output): Promise<void> {
  const all = await loadAll();
  const lines = all.flatMap((each) => [
    paint('bold', each.name, process.stdout),
    ...('refused' in each
      ? [`  ${each.refused}`]
      : each.simulations.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`)),
    ...('refused' in each || each.mutants.length === 0
      ? []
      : [paint('dim', `  mutants: ${each.mutants.map(({ name }) => name).join(', ')}`, process.stdout)]),
  ]);
  const json = all.map((each) =>
    'refused' in each
      ? each
      : {
          name: each.name,
          simulations: each.simulations.map(({ name, about, nodes, clients }) => ({ name, about, nodes, clients })),
          mutants: each.mutants.map(({ name, mistake }) => ({ name, mistake })),
        },
  );
  output.result(lines.join('\n'), json);
}

/** The options as data, checked: nothing runs before it is known to make sense. */
function planOf(protocol: string, specification: Specification, options: SimCommandOptions): SimPlan {
  const { seeds, seed, minutes, seconds, faults, schedule, mutant, trace, save } = options;
  oneOf(seed, '--seed', seeds, '--seeds');
  oneOf(minutes, '--minutes', seconds, '--seconds');
  oneOf(faults, '--faults', schedule, '--schedule');
  oneOf(trace, '--trace', seeds, '--seeds');
  const simulation = simulationOf(specification, options.simulation);
  const size = sizeOf(simulation, options);
  const length = minutes === undefined ? (seconds ?? 60) : minutes * 60;
  return {
    specification,
    reference: referenceOf(protocol),
    seed: seed ?? randomInt(2 ** 31),
    ...(seeds !== undefined && { seeds: parseSeeds(seeds) }),
    workers: options.workers,
    shrink: options.shrink,
    save: typeof save === 'string' ? resolve(save) : save !== false,
    ...(trace !== undefined && { trace: resolve(trace) }),
    options: {
      simulation: simulation.name,
      ...size,
      seconds: length,
      ...(schedule === undefined
        ? { faults: parseFaults(faults ?? 'all') }
        : { schedule: parseSchedule(readJson(schedule, 'The fault schedule', 'SCHEDULE_INVALID')) }),
      ...(mutant !== undefined && { mutant: mutantOf(specification, mutant) }),
    },
  };
}

function sizeOf(simulation: Simulation, given: { readonly nodes?: number; readonly clients?: number }) {
  const size = (what: 'nodes' | 'clients'): number => {
    const { default: usual, min, max } = simulation[what];
    const wanted = given[what] ?? usual;
    if (min <= wanted && wanted <= max) return wanted;
    throw usage(`Simulation "${simulation.name}" takes ${min} to ${max} ${what}, not ${wanted}.`);
  };
  return { nodes: size('nodes'), clients: size('clients') };
}

function mutantOf({ name, mutants }: Specification, wanted: string): string {
  if (mutants.some((mutant) => mutant.name === wanted)) return wanted;
  throw usage(
    `${name} has no mutant "${wanted}"; choose one of ${mutants.map((mutant) => mutant.name).join(', ') || '(it has none)'}.`,
  );
}

function oneOf(a: unknown, nameOfA: string, b: unknown, nameOfB: string): void {
  if (a !== undefined && b !== undefined) throw usage(`Give ${nameOfA} or ${nameOfB}, not both.`);
}
