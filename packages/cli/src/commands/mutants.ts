import type { Command } from 'commander';
import type { MutantsOptions } from '../mutants/run.ts';
import { collect, directory, wholeNumber } from '../options.ts';
import { Output, verdictHelp } from '../output.ts';

/** Where counterexamples and replay files go unless told otherwise. */
const DEFAULT_OUT = '.synod/mutants';

const EXAMPLES = `
Examples:
  synod mutants
  synod mutants raft --only forgets-vote
  synod replay ${DEFAULT_OUT}/raft/forgets-vote.sim.json`;

/** mutants. */
export function addMutantsCommand(program: Command): void {
  program
    .command('mutants')
    .argument('[protocols...]', 'whose mistakes; default: of all')
    .description(
      'look for seeded mistakes with checker and simulator; the right machines must pass within the same bounds',
    )
    .option('--only <name>', 'this mutant; may be repeated', collect)
    .option('--out <directory>', 'where counterexamples and replay files go', directory, DEFAULT_OUT)
    .option('--workers <count>', 'threads', wholeNumber(1, 64), 2)
    .option('--no-shrink', 'save failing runs as they were')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .addHelpText('after', verdictHelp('a mutant was not found, or a machine without a mistake failed'))
    .action(async (protocols: readonly string[], options: MutantsOptions) => {
      const output = new Output(options.json === true);
      const { runMutants } = await import('../mutants/run.ts');
      process.exitCode = await runMutants(protocols, options, output);
    });
}
