import type { Command } from 'commander';
import { file, positive, wholeNumber } from '../options.ts';
import { Output, verdictHelp } from '../output.ts';
import type { SimCommandOptions } from '../sim/plan.ts';

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
      const { listSimulations, runSim } = await import('../sim/plan.ts');
      if (protocol === undefined) return listSimulations(output);
      process.exitCode = await runSim(protocol, options, output);
    });
}
