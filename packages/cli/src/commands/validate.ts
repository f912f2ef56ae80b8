import type { Command } from 'commander';
import { collect, file, usage, wholeNumber } from '../options.ts';
import { Output, verdictHelp } from '../output.ts';

interface ValidateOptions {
  readonly machine?: readonly string[];
  readonly map?: string;
  readonly infer?: number;
  readonly cases?: string;
  readonly role?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Several files are one run: one of each node, as "synod run kv --trace" writes them.

Examples:
  synod sim raft --trace trace.jsonl; synod validate trace.jsonl --machine raft
  synod run kv --trace traces; synod validate traces/*.jsonl
  synod validate trace.jsonl --machine ./lock.ts#protocol --machine raft
  synod validate app.log --machine ./checkout.ts#checkoutMachine --map mapping.json --infer 2`;

/** validate. */
export function addValidateCommand(program: Command): void {
  program
    .command('validate')
    .argument(
      '<files...>',
      'traces, or with --map a log; - for the standard input',
      (path: string, before: readonly string[] = []) => [...before, file(path)],
    )
    .description('whether a recorded run is one that the machines allow; names the first step that is not')
    .option(
      '--machine <name>',
      'whose run it is: a protocol, kv, or MODULE#EXPORT; more than once for several. Default: what the trace says',
      collect,
    )
    .option('--map <mapping>', "of an app's log: what its lines tell, as JSON or as a module's function", file)
    .option(
      '--infer <count>',
      'of a log: events without a line that may be inferred between two lines',
      wholeNumber(0, 20),
    )
    .option('--cases <module>', 'of a log: inputs and payloads for what it leaves out, as for generate', file)
    .option('--role <role>', 'of a log: the role of a protocol', file)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .addHelpText('after', verdictHelp('a step does not fit'))
    .action(async (files: readonly string[], options: ValidateOptions) => {
      const output = new Output(options.json === true);
      const { machine = [], map, infer, cases, role } = options;
      if (map !== undefined) {
        const { judgeLog } = await import('../validate/log.ts');
        const given = { ...(cases !== undefined && { cases }), ...(role !== undefined && { role }) };
        process.exitCode = await judgeLog(files, { machine, map, infer: infer ?? 0, ...given }, output);
        return;
      }
      if ((infer ?? cases ?? role) !== undefined)
        throw usage('--infer, --cases and --role are of a log; give --map as well.');
      const { judgeFiles } = await import('../validate/traces.ts');
      process.exitCode = await judgeFiles(files, { machine }, output);
    });
}
