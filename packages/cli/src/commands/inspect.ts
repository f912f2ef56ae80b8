import { SynodError } from '@synod/protocol';
import type { Command } from 'commander';
import { type ClusterOptions, runningCluster } from '../connect.ts';
import type { ModelChoice } from '../inspect/labs.ts';
import type { InspectOptions } from '../inspect.ts';
import { askControl } from '../launcher/control-client.ts';
import { file, wholeNumber } from '../options.ts';
import { Output } from '../output.ts';
import { isSpecificationName } from '../specifications.ts';
import { withCluster } from './cluster.ts';

interface InspectCommandOptions extends ClusterOptions, InspectOptions, ModelChoice {
  readonly look?: boolean;
}

const EXAMPLES = `
Examples:
  synod inspect
  synod inspect --look
  synod inspect synod-raft-42.json
  synod inspect raft --model election --nodes 3`;

/** inspect. */
export function addInspectCommand(program: Command): void {
  withCluster(program.command('inspect').argument('[run]', 'a file with a run, or a protocol to walk through', file))
    .description(
      'print an address that opens the inspector, once: on the running cluster, on a run that was saved, or on a model to walk through',
    )
    .option('--look', 'of the running cluster: to look on only, for others; without it, the page may do faults')
    .option(
      '--port <port>',
      "of a run or model: the inspector's port; 0: chosen by the system",
      wholeNumber(0, 65_535),
      0,
    )
    .option(
      '--module <path>',
      "of a run: the module of its protocol, if it is none of Synod's own; without it the run is only shown",
    )
    .option('--model <name>', "the model to walk through; default: the protocol's first")
    .option('--nodes <count>', "of a model; default: the model's", wholeNumber(1, 64))
    .option('--mutant <name>', 'of a model: with this mistake in the place of the right machine')
    .option('--partition', 'of a model: a partition, at any time')
    .option('--crashes <count>', "of a model: crashes, instead of the model's", wholeNumber(0, 100))
    .option('--drops <count>', 'of a model: messages lost, likewise', wholeNumber(0, 100))
    .option('--duplicates <count>', 'of a model: messages delivered twice, likewise', wholeNumber(0, 100))
    .addHelpText('after', EXAMPLES)
    .action((named: string | undefined, options: InspectCommandOptions) =>
      named === undefined ? inspectCluster(options) : inspectRun(named, options),
    );
}

async function inspectCluster(options: InspectCommandOptions): Promise<void> {
  const content = { faults: options.look !== true };
  const { control } = await runningCluster(options);
  const { url } = (await askControl(control, 'POST', '/inspector', { content })) as { url: string | null };
  if (url === null)
    throw new SynodError(
      'INSPECTOR_OFF',
      'The cluster was started without inspector; start it without --no-inspector.',
    );
  new Output(options.json === true).result(url, { url });
}

/** A protocol's name, or a module of which a model is asked for, is walked through; anything else is a file. */
async function inspectRun(named: string, options: InspectCommandOptions): Promise<void> {
  const { inspectModel, inspectPath } = await import('../inspect.ts');
  const output = new Output(options.json === true);
  if (isSpecificationName(named) || options.model !== undefined)
    return inspectModel(named, options, options.port, output);
  await inspectPath(named, options, output);
}
