import type { Command } from 'commander';
import { file, wholeNumber } from '../options.ts';
import { Output, verdictHelp } from '../output.ts';
import type { ReplayOptions } from '../replay/run.ts';

const EXAMPLES = `
Examples:
  synod replay synod-raft-42.json
  synod replay synod-raft-42.json --inspect
  synod replay synod-raft-42.json --as-test seed-42.test.ts
  synod check raft --mutant forgets-vote --save found.json; synod replay found.json`;

/** replay. */
export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .argument('<file>', 'a replay file of sim or property, a counterexample of check, or a trace', file)
    .description('show a run that was saved, and whether it repeats')
    .option('--as-test [file]', 'write it as a Vitest test; without a file, print that')
    .option('--module <path>', "the module of its protocol, if it is none of Synod's own; of a machine MODULE#EXPORT")
    .option('--last <rows>', 'rows of the diagram', wholeNumber(1, 1_000_000), 100)
    .option('--all', 'the whole diagram')
    .option('--inspect', 'open it in the inspector')
    .option('--port <port>', "the inspector's port; 0: chosen by the system", wholeNumber(0, 65_535), 0)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .addHelpText('after', verdictHelp('the run does not repeat: what it names is not what is saved'))
    .action(async (path: string, options: ReplayOptions) => {
      const output = new Output(options.json === true);
      const { runReplay } = await import('../replay/run.ts');
      process.exitCode = await runReplay(path, options, output);
    });
}
