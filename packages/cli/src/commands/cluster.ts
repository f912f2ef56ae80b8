import { setTimeout } from 'node:timers/promises';
import { isSynodError, SynodError } from '@synod/protocol';
import type { Command } from 'commander';
import { type ClusterOptions, nodesOf, type Running, runningCluster } from '../connect.ts';
import { askControl } from '../launcher/control-client.ts';
import { findRunning } from '../launcher/running.ts';
import { kvTable, memberTable, statusOf, strangers } from '../node-status.ts';
import { collect, directory, file, wholeNumber } from '../options.ts';
import { Output } from '../output.ts';

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

  withCluster(program.command('inspect').argument('[file]', 'a replay file, a counterexample or a trace', file))
    .description(
      'print an address that opens the inspector, once: on the running cluster, on a run that was saved, or, without either, on apps that connect',
    )
    .option(
      '--port <port>',
      "of a saved run, or for apps: the inspector's port; 0: chosen by the system",
      wholeNumber(0, 65_535),
      0,
    )
    .addHelpText('after', '\nExamples:\n  synod inspect\n  synod inspect synod-raft-42.json')
    .addHelpText(
      'after',
      '\nFor apps, SYNOD_APP_TOKEN and SYNOD_RECEIVER_TOKEN in the environment let their addresses stay the same.',
    )
    .action(async (path: string | undefined, options: ClusterOptions & { readonly port: number }) => {
      if (path !== undefined) return inspectRun(path, options);
      const cluster = await inspectedCluster(options);
      if (!cluster) {
        const { inspectApps } = await import('../inspect-live.ts');
        return inspectApps(options.port, new Output(options.json === true));
      }
      const { url } = (await askControl(cluster.control, 'POST', '/inspector')) as { url: string | null };
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

/** The cluster to be looked at; undefined when none runs, and none was asked for. */
async function inspectedCluster(options: ClusterOptions): Promise<Running | undefined> {
  try {
    return await runningCluster(options);
  } catch (error) {
    if (options.data === undefined && isSynodError(error, 'CLUSTER_NOT_RUNNING')) return undefined;
    throw error;
  }
}

async function inspectRun(path: string, { json, port }: ClusterOptions & { readonly port: number }): Promise<void> {
  const [{ readRunFile }, { inspectFile }] = await Promise.all([
    import('../files/run-file.ts'),
    import('../inspect.ts'),
  ]);
  await inspectFile(path, readRunFile(path), port, new Output(json === true));
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
