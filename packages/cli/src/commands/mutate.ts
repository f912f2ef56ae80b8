import { COVERAGE_KINDS } from '@synod/testgen/coverage';
import type { Command } from 'commander';
import type { MutateCommandOptions } from '../mutate/options.ts';
import { file, name, wholeNumber } from '../options.ts';
import { Output } from '../output.ts';
import { kinds } from './generate.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;

const HELP = `
Each mutant is the machine with one mistake: a transition dropped, a guard negated, a transition that leads to the state beside its target,
an action dropped, a delay made longer by a tenth. The tests of each kind of coverage are generated from the right machine and played against
every mutant. Of a mutant that no test kills, both machines are explored side by side: until something tells them apart, or until all is seen.
(The mistakes that Synod's own protocols are seeded with are another thing: synod mutants.)

Examples:
  synod mutate ./checkout.ts#checkoutMachine
  synod mutate ./checkout.ts#checkoutMachine --coverage pairs --at-least 95
  synod mutate raft --role server --coverage transitions,pairs --json

Exit status:
  0  scored
  1  with --at-least, a kind of coverage scores less
  2  bad input: flags, arguments, files, a module without such a machine, cases that do not fit
  3  stopped by Ctrl-C`;

/** mutate. */
export function addMutateCommand(program: Command): void {
  program
    .command('mutate')
    .argument('<machine>', 'MODULE#EXPORT of an XState v5 machine, or the name of a protocol')
    .description("score generated tests: how many of a machine's mutants do they kill")
    .option('--coverage <kinds>', 'the kinds to score, a list with commas, or all', kinds, COVERAGE_KINDS)
    .option('--at-least <per cent>', 'fail when a kind scores less', wholeNumber(0, 100))
    .option('--role <name>', "the protocol's role", name)
    .option(
      '--cases <module>',
      'MODULE#EXPORT of cases, schemas or arbitraries for inputs, events and actors; default: the export "cases" of a module with one machine',
      file,
    )
    .option('--seed <number>', 'draws values where no cases are given', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--max-worlds <count>', 'distinct worlds to explore for tests; default 20,000', wholeNumber(1, LARGEST))
    .option(
      '--values <count>',
      'values to try for one event in one world, where no cases are given; default 8',
      wholeNumber(1, 10_000),
    )
    .option('--pairs <count>', 'pairs of worlds to tell a mutant from the machine by', wholeNumber(1, LARGEST), 5_000)
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (machine: string, options: MutateCommandOptions) => {
      const { runMutate } = await import('../mutate/run.ts');
      process.exitCode = await runMutate(machine, options, new Output(options.json === true));
    });
}
