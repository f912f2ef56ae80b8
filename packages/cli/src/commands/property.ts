import type { Command } from 'commander';
import { file, name, wholeNumber } from '../options.ts';
import { Output, verdictHelp } from '../output.ts';
import type { PropertyCommandOptions } from '../property/options.ts';

const HELP = `
Checked in every run: the properties that the module exports as "properties", that no error is thrown or left unhandled, that no
event leads into an endless loop, and that the machine survives being persisted as JSON and restored, in every state that is visited.

Properties: a list of { name, kind, holds }.
  always      holds in every state; one state refutes it
  step        holds of every step; one step refutes it
  leadsTo     whenever "when" holds, "holds" does withinSteps or withinMs; a bound that passes refutes it
  eventually  holds at some time; only a run that is over refutes it, one that was cut off decides nothing
  sometimes   holds in some run; nothing refutes it, but it is told as not seen

Examples:
  synod property ./checkout.ts#checkoutMachine
  synod property ./checkout.ts#checkoutMachine --properties ./promises.ts#properties --runs 1000 --length 100 --seed 42
  synod property ./checkout.ts#checkoutMachine --real --json
  synod replay synod-property-checkout-42.json`;

const LARGEST_SEED = 2 ** 31 - 1;

/** property. */
export function addPropertyCommand(program: Command): void {
  program
    .command('property')
    .argument('<machine>', 'MODULE#EXPORT of an XState v5 machine, or the name of a protocol')
    .description('take random runs of a machine, judge its properties over them, and shrink what breaks one')
    .option('--properties <module>', 'MODULE#EXPORT of a list of properties; default: "properties" of the module', file)
    .option(
      '--cases <module>',
      'MODULE#EXPORT of cases, schemas or arbitraries for inputs, events and actors; default: the export "cases" of a module with one machine',
      file,
    )
    .option('--role <name>', "the protocol's role", name)
    .option('--runs <count>', 'random runs', wholeNumber(1, 10_000_000), 100)
    .option('--length <steps>', 'the most steps of a run', wholeNumber(1, 100_000), 50)
    .option(
      '--seed <number>',
      'the same one gives the same runs; default: drawn, and printed',
      wholeNumber(0, LARGEST_SEED),
    )
    .option('--path <number>', 'the run of a seed to start with, as a failure names it', wholeNumber(0, 2 ** 40))
    .option('--real', 'take each run under XState as well, and compare')
    .option('--no-round-trip', 'do not try to persist and restore')
    .option('--no-errors', 'an error that the machine throws ends a run and breaks nothing')
    .option(
      '--save <file>',
      'where to write the replay file of a failure; default: synod-property-MACHINE-SEED.json',
      file,
    )
    .option('--no-save', 'write no replay file')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .addHelpText('after', verdictHelp('a property was broken'))
    .action(async (machine: string, options: PropertyCommandOptions) => {
      const { runProperty } = await import('../property/run.ts');
      process.exitCode = await runProperty(machine, options, new Output(options.json === true));
    });
}
