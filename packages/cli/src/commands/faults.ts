import { SynodError } from '@synod/protocol';
import type { Command } from 'commander';
import { type ClusterOptions, nodesOf, type Running, runningCluster } from '../connect.ts';
import { askControl } from '../launcher/control-client.ts';
import { readGroups } from '../launcher/groups.ts';
import { statusOf } from '../node-status.ts';
import { Output } from '../output.ts';
import { withCluster } from './cluster.ts';
import { addLinkCommands } from './link-faults.ts';

/** kill, restart, pause, resume, partition, heal; drop, delay, duplicate, skew, clear. */
export function addFaultCommands(program: Command): void {
  withCluster(program.command('kill').argument('<node>', 'a node, or "leader"'))
    .description('kill a node without a goodbye: a process of its own as kill -9 does')
    .addHelpText('after', '\nExamples:\n  synod kill n2\n  synod kill leader')
    .action(async (which: string, options: ClusterOptions) => {
      const running = await runningCluster(options);
      const node = which === 'leader' && running.kind === 'kv' ? await leaderOf(running) : which;
      await askNode(running, 'kill', node);
      new Output(options.json === true).result(`${node} killed; "synod restart ${node}" starts it again`, { node });
    });

  withCluster(program.command('restart').argument('<node>', 'a node, or "all" that are down'))
    .description('start a node that is down; one that is up is stopped first')
    .addHelpText('after', '\nExamples:\n  synod restart n2\n  synod restart all')
    .action(async (which: string, options: ClusterOptions) => {
      const running = await runningCluster(options);
      const down = async () => (await nodesOf(running)).filter(({ up }) => !up).map(({ node }) => node);
      const nodes = which === 'all' ? await down() : [which];
      await all(nodes.map((node) => askNode(running, 'restart', node)));
      new Output(options.json === true).result(nodes.length > 0 ? `${nodes.join(', ')} up` : 'no node is down', {
        nodes,
      });
    });

  withCluster(program.command('pause').argument('<node>'))
    .description('hold a node: it neither takes nor says anything, as under SIGSTOP')
    .addHelpText('after', '\nExample:\n  synod pause n2')
    .action(async (node: string, options: ClusterOptions) => {
      await askNode(await runningCluster(options), 'pause', node);
      new Output(options.json === true).result(`${node} paused; "synod resume ${node}" lets it go on`, { node });
    });

  withCluster(program.command('resume').argument('<node>'))
    .description('let a node go on that was paused')
    .addHelpText('after', '\nExample:\n  synod resume n2')
    .action(async (node: string, options: ClusterOptions) => {
      await askNode(await runningCluster(options), 'resume', node);
      new Output(options.json === true).result(`${node} goes on`, { node });
    });

  withCluster(program.command('partition').argument('<groups...>', 'nodes by commas, groups by "|" or by spaces'))
    .description('part the network into groups that cannot reach each other; nodes not named stay together')
    .addHelpText(
      'after',
      "\nExamples:\n  synod partition n1,n2                  these two from all others\n  synod partition n1..n25 n26..n40       three groups, the third of those not named\n  synod partition 'n1,n2|n3'",
    )
    .action(async (texts: string[], options: ClusterOptions) => {
      const groups = readGroups(texts);
      const { control } = await runningCluster(options);
      await askControl(control, 'POST', '/partition', { content: { groups } });
      new Output(options.json === true).result('network parted; "synod heal" makes it whole', { groups });
    });

  withCluster(program.command('heal'))
    .description('let all nodes reach each other again')
    .action(async (options: ClusterOptions) => {
      await askControl((await runningCluster(options)).control, 'POST', '/heal');
      new Output(options.json === true).result('the network is whole', {});
    });
  addLinkCommands(program);
}

const askNode = ({ control }: Running, act: 'kill' | 'restart' | 'pause' | 'resume', node: string): Promise<unknown> =>
  askControl(control, 'POST', `/${act}/${encodeURIComponent(node)}`);

async function leaderOf(running: Running): Promise<string> {
  const nodes = await statusOf(await nodesOf(running));
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
