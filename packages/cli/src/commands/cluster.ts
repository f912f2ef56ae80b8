import { setTimeout } from 'node:timers/promises';
import { SynodError } from '@synod/protocol';
import type { Command } from 'commander';
import { type ClusterOptions, nodesOf, runningCluster } from '../connect.ts';
import type { ModelChoice } from '../inspect/labs.ts';
import type { InspectOptions } from '../inspect.ts';
import { askControl } from '../launcher/control-client.ts';
import { findRunning } from '../launcher/running.ts';
import { kvTable, memberTable, statusOf, strangers } from '../node-status.ts';
import { collect, directory, file, wholeNumber } from '../options.ts';
import { Output } from '../output.ts';
import { isSpecificationName } from '../specifications.ts';

/** Milliseconds a cluster may take to stop: a node that does not is killed after five seconds. */
const STOP_MS = 15_000;

/** The options of commands that are for whichever cluster runs. */
export const withCluster = (command: Command): Command =>
  command
    .option('--data <directory>', 'data directory of the running cluster (default: whichever runs here)', directory)
    .option('--json', 'print JSON');

/** status, inspect, stop. */
export function addClusterCommands(program: Command): void {
  withCluster(program.command('status'))
    .description('show the nodes of the running cluster')
    .option('--endpoint <url>', "a node's API, instead of a data directory; may be repeated", collect)
    .addHelpText('after', '\nExamples:\n  synod status\n  synod status --endpoint http://127.0.0.1:7401 --json')
    .action(async (options: ClusterOptions) => {
      const output = new Output(options.json === true);
      const running = options.endpoint ? undefined : await runningCluster(options);
      const known = running ? await nodesOf(running) : strangers(options.endpoint ?? []);
      if (running && running.kind !== 'kv') return output.result(memberTable(known), { nodes: known });
      const nodes = await statusOf(known);
      if (options.endpoint && nodes.every(({ status }) => status === null))
        throw new SynodError('KV_UNREACHABLE', 'None of the endpoints answers; see whether the nodes are up.');
      output.result(kvTable(nodes), { nodes });
    });

  withCluster(program.command('inspect').argument('[run]', 'a file with a run, or a protocol to walk through', file))
    .description(
      'print an address that opens the inspector, once: on the running cluster, on a run that was saved, or on a model to walk through',
    )
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
    .addHelpText(
      'after',
      '\nExamples:\n  synod inspect\n  synod inspect synod-raft-42.json\n  synod inspect raft --model election --nodes 3',
    )
    .action(async (named: string | undefined, options: InspectCommandOptions) => {
      if (named !== undefined) return inspectRun(named, options);
      const { url } = (await askControl((await runningCluster(options)).control, 'POST', '/inspector')) as {
        url: string | null;
      };
      if (url === null)
        throw new SynodError(
          'INSPECTOR_OFF',
          'The cluster was started without inspector; start it without --no-inspector.',
        );
      new Output(options.json === true).result(url, { url });
    });

  withCluster(program.command('stop'))
    .description('end the running cluster in good order; its data, if it has any, stays')
    .action(async (options: ClusterOptions) => {
      const { kind, control, directory: place } = await runningCluster(options);
      await askControl(control, 'POST', '/stop');
      await gone(place);
      new Output(options.json === true).result(kind === 'kv' ? 'stopped; the data stays' : 'stopped', {});
    });
}

type InspectCommandOptions = ClusterOptions & InspectOptions & ModelChoice;

/** A protocol's name, or a module of which a model is asked for, is walked through; anything else is a file. */
async function inspectRun(named: string, options: InspectCommandOptions): Promise<void> {
  const { inspectModel, inspectPath } = await import('../inspect.ts');
  const output = new Output(options.json === true);
  if (isSpecificationName(named) || options.model !== undefined)
    return inspectModel(named, options, options.port, output);
  await inspectPath(named, options, output);
}

/** Waits until a cluster that was told to stop has stopped. */
async function gone(place: string): Promise<void> {
  const deadline = performance.now() + STOP_MS;
  while (await findRunning(place)) {
    if (performance.now() > deadline)
      throw new SynodError('STOP_TIMEOUT', 'The cluster still runs; look at the terminal it was started in.', {
        definite: false,
      });
    await setTimeout(100);
  }
}
