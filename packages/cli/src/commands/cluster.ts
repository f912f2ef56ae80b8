import { createKvClient, type KvStatus } from '@synod/kv';
import { SynodError } from '@synod/protocol';
import type { Command } from 'commander';
import { type ClusterOptions, nodesOf, runningCluster } from '../connect.ts';
import { askControl } from '../launcher/control.ts';
import type { ClusterState } from '../launcher/state-file.ts';
import { DEFAULT_DATA } from '../options.ts';
import { Output, table } from '../output.ts';

/** Milliseconds a node may take to tell its status. */
const STATUS_MS = 2_000;

const withCluster = (command: Command): Command =>
  command
    .option('--data <directory>', 'data directory of the running cluster', DEFAULT_DATA)
    .option('--json', 'print JSON');

/** status, kill, restart, inspect, stop. */
export function addClusterCommands(program: Command): void {
  withCluster(program.command('status'))
    .description('show the nodes of the running cluster')
    .action(async (options: ClusterOptions) => {
      const nodes = await statusOf(await runningCluster(options));
      const rows = nodes.map(({ node, up, pid, api, ended, status }) =>
        up && status
          ? [
              node,
              status.role,
              String(status.term),
              String(status.commitIndex),
              String(status.lastApplied),
              String(pid),
              api ?? '',
            ]
          : [node, 'down', '', '', '', '', ended ?? ''],
      );
      const text = table([['NODE', 'ROLE', 'TERM', 'COMMITTED', 'APPLIED', 'PID', 'API'], ...rows]);
      new Output(options.json === true).result(text, { nodes });
    });

  withCluster(program.command('kill').argument('<node>', 'a node, or "leader"'))
    .description("kill a node's process, as kill -9 does")
    .addHelpText('after', '\nExamples:\n  synod kill n2\n  synod kill leader')
    .action(async (which: string, options: ClusterOptions) => {
      const state = await runningCluster(options);
      const node = which === 'leader' ? await leaderOf(state) : which;
      await askControl(state.control, 'POST', `/kill/${encodeURIComponent(node)}`);
      new Output(options.json === true).result(`${node} killed; "synod restart ${node}" starts it again`, { node });
    });

  withCluster(program.command('restart').argument('<node>', 'a node, or "all" that are down'))
    .description('start a node that is down; one that is up is stopped first')
    .addHelpText('after', '\nExamples:\n  synod restart n2\n  synod restart all')
    .action(async (which: string, options: ClusterOptions) => {
      const state = await runningCluster(options);
      const nodes = which === 'all' ? (await nodesOf(state)).filter(({ up }) => !up).map(({ node }) => node) : [which];
      for (const node of nodes) await askControl(state.control, 'POST', `/restart/${encodeURIComponent(node)}`);
      new Output(options.json === true).result(nodes.length > 0 ? `${nodes.join(', ')} up` : 'no node is down', {
        nodes,
      });
    });

  withCluster(program.command('inspect'))
    .description('print an address that opens the inspector, once')
    .action(async (options: ClusterOptions) => {
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
      await askControl((await runningCluster(options)).control, 'POST', '/stop');
      new Output(options.json === true).result('stopping', {});
    });
}

async function statusOf(state: ClusterState) {
  const nodes = await nodesOf(state);
  return Promise.all(
    nodes.map(async (info) => {
      if (!info.up || info.api === null) return { ...info, status: null };
      const client = createKvClient({ endpoints: [info.api], timeoutMs: STATUS_MS });
      const status: KvStatus | null = await client.status().catch(() => null);
      return { ...info, status };
    }),
  );
}

async function leaderOf(state: ClusterState): Promise<string> {
  const leaders = (await statusOf(state)).flatMap(({ status }) => (status?.role === 'leader' ? [status] : []));
  const newest = leaders.sort((a, b) => b.term - a.term)[0];
  if (!newest) throw new SynodError('KV_NO_LEADER', 'The cluster has no leader at present; try again in a second.');
  return newest.node;
}
