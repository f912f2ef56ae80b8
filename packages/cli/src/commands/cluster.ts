import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { KvStatus } from '@synod/kv';
import { createKvClient } from '@synod/kv/client';
import { isSynodError, SynodError } from '@synod/protocol';
import type { Command } from 'commander';
import { type ClusterOptions, type NodeInfo, nodesOf, runningCluster } from '../connect.ts';
import { askControl } from '../launcher/control-client.ts';
import { findRunning } from '../launcher/running.ts';
import { collect, DEFAULT_DATA, directory, file, wholeNumber } from '../options.ts';
import { Output, table } from '../output.ts';

/** Milliseconds a node may take to tell its status. */
const STATUS_MS = 2_000;

/** Milliseconds a cluster may take to stop: a node that does not is killed after five seconds. */
const STOP_MS = 15_000;

const withCluster = (command: Command): Command =>
  command
    .option('--data <directory>', 'data directory of the running cluster', directory, DEFAULT_DATA)
    .option('--json', 'print JSON');

/** status, kill, restart, inspect, stop. */
export function addClusterCommands(program: Command): void {
  withCluster(program.command('status'))
    .description('show the nodes of the running cluster')
    .option('--endpoint <url>', "a node's API, instead of a data directory; may be repeated", collect)
    .addHelpText('after', '\nExamples:\n  synod status\n  synod status --endpoint http://127.0.0.1:7401 --json')
    .action(async (options: ClusterOptions) => {
      const nodes = await statusOf(options.endpoint ? strangers(options.endpoint) : await nodesOf(options));
      if (options.endpoint && nodes.every(({ status }) => status === null))
        throw new SynodError('KV_UNREACHABLE', 'None of the endpoints answers; see whether the nodes are up.');
      const header = ['NODE', 'ROLE', 'TERM', 'COMMITTED', 'APPLIED', 'PID', 'API'];
      const style = ([, role]: readonly string[]) =>
        role === 'leader' ? 'green' : role === 'down' ? 'red' : role === 'silent' ? 'yellow' : undefined;
      new Output(options.json === true).result(table([header, ...nodes.map(row)], style), { nodes });
    });

  withCluster(program.command('kill').argument('<node>', 'a node, or "leader"'))
    .description("kill a node's process, as kill -9 does")
    .addHelpText('after', '\nExamples:\n  synod kill n2\n  synod kill leader')
    .action(async (which: string, options: ClusterOptions) => {
      const state = await runningCluster(options);
      const node = which === 'leader' ? await leaderOf(options) : which;
      await askControl(state.control, 'POST', `/kill/${encodeURIComponent(node)}`);
      new Output(options.json === true).result(`${node} killed; "synod restart ${node}" starts it again`, { node });
    });

  withCluster(program.command('restart').argument('<node>', 'a node, or "all" that are down'))
    .description('start a node that is down; one that is up is stopped first')
    .addHelpText('after', '\nExamples:\n  synod restart n2\n  synod restart all')
    .action(async (which: string, options: ClusterOptions) => {
      const state = await runningCluster(options);
      const down = async () => (await nodesOf(options)).filter(({ up }) => !up).map(({ node }) => node);
      const nodes = which === 'all' ? await down() : [which];
      await all(nodes.map((node) => askControl(state.control, 'POST', `/restart/${encodeURIComponent(node)}`)));
      new Output(options.json === true).result(nodes.length > 0 ? `${nodes.join(', ')} up` : 'no node is down', {
        nodes,
      });
    });

  withCluster(program.command('inspect').argument('[file]', 'a replay file, a counterexample or a trace', file))
    .description('print an address that opens the inspector, once: on the running cluster, or on a run that was saved')
    .option('--port <port>', "of a saved run: the inspector's port; 0: chosen by the system", wholeNumber(0, 65_535), 0)
    .addHelpText('after', '\nExamples:\n  synod inspect\n  synod inspect synod-raft-42.json')
    .action(async (path: string | undefined, options: ClusterOptions & { readonly port: number }) => {
      if (path !== undefined) return inspectRun(path, options);
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
    .description('end the running cluster in good order; its data stays')
    .action(async (options: ClusterOptions) => {
      const { control } = await runningCluster(options);
      await askControl(control, 'POST', '/stop');
      await gone(options);
      new Output(options.json === true).result('stopped; the data stays', {});
    });
}

async function inspectRun(path: string, { json, port }: ClusterOptions & { readonly port: number }): Promise<void> {
  const [{ readRunFile }, { inspectFile }] = await Promise.all([
    import('../files/run-file.ts'),
    import('../inspect.ts'),
  ]);
  await inspectFile(path, readRunFile(path), port, new Output(json === true));
}

type NodeStatus = NodeInfo & { readonly status: KvStatus | null };

/** Nodes of which only the endpoint is known. */
const strangers = (endpoints: readonly string[]): NodeInfo[] =>
  endpoints.map((api) => ({ node: '', up: true, pid: null, api, ended: null }));

const statusOf = (nodes: readonly NodeInfo[]): Promise<NodeStatus[]> =>
  Promise.all(
    nodes.map(async (info) => {
      if (!info.up || info.api === null) return { ...info, status: null };
      const client = createKvClient({ endpoints: [info.api], timeoutMs: STATUS_MS });
      const status = await client.status().catch((error: unknown) => {
        if (isSynodError(error, 'KV_ENDPOINT_INVALID')) throw error;
        return null;
      });
      return { ...info, node: info.node || (status?.node ?? '?'), status };
    }),
  );

function row({ node, up, pid, api, ended, status }: NodeStatus): string[] {
  if (!up) return [node, 'down', '', '', '', '', ended ?? ''];
  const { role = 'silent', term = '', commitIndex = '', lastApplied = '' } = status ?? {};
  return [node, role, `${term}`, `${commitIndex}`, `${lastApplied}`, `${pid ?? ''}`, api ?? ''];
}

async function leaderOf(options: ClusterOptions): Promise<string> {
  const nodes = await statusOf(await nodesOf(options));
  const leaders = nodes.flatMap(({ status }) => (status?.role === 'leader' ? [status] : []));
  const newest = leaders.sort((a, b) => b.term - a.term)[0];
  if (!newest) throw new SynodError('KV_NO_LEADER', 'The cluster has no leader at present; try again in a second.');
  return newest.node;
}

/** Waits for all, then throws what went wrong first. */
async function all(work: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(work);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** Waits until a cluster that was told to stop has stopped. */
async function gone(options: ClusterOptions): Promise<void> {
  const deadline = performance.now() + STOP_MS;
  while (await findRunning(resolve(options.data))) {
    if (performance.now() > deadline)
      throw new SynodError('STOP_TIMEOUT', 'The cluster still runs; look at the terminal it was started in.', {
        definite: false,
      });
    await setTimeout(100);
  }
}
