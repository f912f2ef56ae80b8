import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import type { Simulation, Specification } from '@synod/protocol';
import { parseFaults, parseSchedule, parseSeeds, simulationOf } from '@synod/simulator';
import type { Command } from 'commander';
import { readJson } from '../files/files.ts';
import { file, positive, usage, wholeNumber } from '../options.ts';
import { Output, paint, verdictHelp } from '../output.ts';
import { runOne, runSwarm, type SimPlan } from '../sim/commands.ts';
import { loadAll, loadSpecification, referenceOf } from '../specifications.ts';

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

const EXAMPLES = `
Examples:
  synod sim multi-paxos --seed 42 --nodes 5 --minutes 60 --faults partition,crash,skew
  synod sim raft --faults all:high --trace raft.trace
  synod sim raft --seeds 1..10000 --workers 2
  synod sim multi-paxos --mutant forgets-promise --seeds 1..200

Faults: drop, delay, duplicate, reorder, partition, crash, pause, skew, disk, or all, each with an intensity if you like
(crash:high; low, medium or high). A schedule is a JSON list, for example
  [{ "kind": "crash", "atMs": 2000, "forMs": 500, "nodes": ["n1"] }]`;

/** sim. */
export function addSimCommand(program: Command): void {
  program
    .command('sim')
    .argument('[protocol]', 'what to run, a name or a module; without it, protocols and their simulations are listed')
    .description('run a cluster in simulated time under faults that a seed draws')
    .option('--simulation <name>', "the simulation; default: the protocol's first")
    .option(
      '--seed <number>',
      'the same one gives the same run; default: drawn, and printed',
      wholeNumber(0, 2 ** 53 - 1),
    )
    .option('--seeds <range>', 'many runs, for example 1..10000')
    .option('--workers <count>', 'threads for --seeds', wholeNumber(1, 64), 2)
    .option('--nodes <count>', "default: the simulation's", wholeNumber(1, 64))
    .option('--clients <count>', "default: the simulation's", wholeNumber(0, 1_000))
    .option('--minutes <minutes>', 'simulated length of the phase with faults', positive)
    .option('--seconds <seconds>', 'the same in seconds; default: 60', positive)
    .option('--faults <list>', 'what may go wrong; "none" for nothing; default: all')
    .option('--schedule <file>', 'a fault schedule in the place of a drawn one', file)
    .option('--mutant <name>', 'run this mistake in the place of the right machine')
    .option('--trace <file>', 'write the whole trace, one record a line', file)
    .option('--save <file>', 'write a replay file; default: of a failing run, synod-PROTOCOL-SEED.json', file)
    .option('--no-save', 'write no replay file')
    .option('--no-shrink', 'save a failing run as it was')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .addHelpText('after', verdictHelp('a promise was broken'))
    .action(async (protocol: string | undefined, options: SimCommandOptions) => {
      const output = new Output(options.json === true);
      if (protocol === undefined) return list(output);
      const specification = await loadSpecification(protocol);
      const plan = planOf(protocol, specification, options);
      process.exitCode = options.seeds === undefined ? await runOne(plan, output) : await runSwarm(plan, output);
    });
}

async function list(output: Output): Promise<void> {
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
