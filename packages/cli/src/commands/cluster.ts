import { setTimeout } from 'node:timers/promises';
import { SynodError } from '@synod/protocol';
import type { Command } from 'commander';
import { type ClusterOptions, nodesOf, runningCluster } from '../connect.ts';
import { askControl } from '../launcher/control-client.ts';
import { findRunning } from '../launcher/running.ts';
import { kvTable, memberTable, statusOf, strangers } from '../node-status.ts';
import { collect, directory } from '../options.ts';
import { Output } from '../output.ts';

/** Milliseconds a cluster may take to stop: a node that does not is killed after five seconds. */
const STOP_MS = 15_000;

/** The options of commands that are for whichever cluster runs. */
export const withCluster = (command: Command): Command =>
  command
    .option('--data <directory>', 'data directory of the running cluster (default: whichever runs here)', directory)
    .option('--json', 'print JSON');

/** status, stop. */
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

  withCluster(program.command('stop'))
    .description('end the running cluster in good order; its data, if it has any, stays')
    .action(async (options: ClusterOptions) => {
      const { kind, control, directory: place } = await runningCluster(options);
      await askControl(control, 'POST', '/stop');
      await gone(place);
      new Output(options.json === true).result(kind === 'kv' ? 'stopped; the data stays' : 'stopped', {});
    });
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
