import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Launcher } from '../launcher/launcher.ts';
import type { ClusterKind, ManagedCluster } from '../launcher/managed-cluster.ts';
import { DEFAULT_DATA, directory, name, usage, wholeNumber } from '../options.ts';
import { EXIT_HELP, Output, paint } from '../output.ts';

interface RunOptions {
  readonly nodes: number;
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly cluster: string;
  readonly inspector: boolean;
  readonly json?: boolean;
  /** Of kv. */
  readonly trace?: string;
}

interface SwimOptions extends RunOptions {
  readonly period: number;
  readonly processes: number;
}

/** A second Ctrl-C forces the end, if it comes this long after the first: npm and terminals may both deliver one. */
const SECOND_SIGNAL_MS = 1_000;

export function addRunCommand(program: Command): void {
  const run = program
    .command('run')
    .argument('<what>', 'what to run: kv or swim')
    .description('run a cluster on this machine, with the inspector')
    .addHelpText('after', '\nExamples:\n  synod run kv\n  synod run swim --nodes 50')
    .action((what: string) => {
      throw usage(`There is no "${what}" to run; the choices are kv and swim.`);
    });

  withRun(run.command('kv'), DEFAULT_DATA.kv, 'kv')
    .description('a replicated key-value store, one process a node')
    .option('--nodes <count>', 'nodes, 1 to 9; an odd number survives most', wholeNumber(1, 9), 5)
    .option('--trace <directory>', "keep each node's whole trace there, to be judged by synod validate", directory)
    .addHelpText('after', `\nExamples:\n  synod run kv\n  synod run kv --nodes 3 --port 0 --data /tmp/kv\n${EXIT_HELP}`)
    .action(async (options: RunOptions) => {
      const { kvKind } = await import('../launcher/cluster.ts');
      await runCluster(options, kvKind, async (cluster, output, url, ended) => {
        const leader = await Promise.race([cluster.leader(), ended]);
        if (leader) announceKv(output, leader, cluster.apis, url());
      });
    });

  withRun(run.command('swim'), DEFAULT_DATA.swim, 'swim')
    .description('members that find out who is alive (SWIM), each a system of its own, over real sockets')
    .option('--nodes <count>', 'members, 1 to 100', wholeNumber(1, 100), 50)
    .option('--period <milliseconds>', 'the protocol period', wholeNumber(20, 60_000), 1_000)
    .option('--processes <count>', 'operating-system processes that the members share', wholeNumber(1, 16), 2)
    .addHelpText(
      'after',
      `\nExamples:\n  synod run swim\n  synod run swim --nodes 5 --period 200 --port 0\n${EXIT_HELP}`,
    )
    .action(async (options: SwimOptions) => {
      const { swimKind } = await import('../launcher/members.ts');
      const kind = swimKind({ processes: options.processes, periodMs: options.period });
      await runCluster(options, kind, async (cluster, output, url, ended) => {
        announceSwim(output, cluster.names, url());
        const known = cluster.converged().then(() => true);
        if (await Promise.race([known, ended])) output.remark('All members know each other.');
      });
    });
}

/** The options of all that can be run. */
const withRun = (command: Command, data: string, cluster: string): Command =>
  command
    .option(
      '--port <port>',
      "the inspector's port; the nodes' APIs, where they have one, follow; 0: all chosen by the system",
      wholeNumber(0, 65_500),
      7_400,
    )
    .option('--host <address>', 'address to listen on; nothing there is authenticated but the inspector', '127.0.0.1')
    .option('--data <directory>', 'where the data is kept, and how to reach the cluster', directory, data)
    .option('--cluster <name>', 'name of the cluster', name, cluster)
    .option('--no-inspector', 'run without inspector')
    .option('--json', 'print JSON');

/** Says what there is to say once the cluster has started. */
type Announce<T> = (
  cluster: T,
  output: Output,
  inspectorUrl: () => string | null,
  ended: Promise<undefined>,
) => Promise<void>;

async function runCluster<T extends ManagedCluster>(
  options: RunOptions,
  kind: ClusterKind<T>,
  announce: Announce<T>,
): Promise<void> {
  const output = new Output(options.json === true);
  const begun = performance.now();
  const since = () => `${((performance.now() - begun) / 1_000).toFixed(1)} s`;
  const { Launcher } = await import('../launcher/launcher.ts');
  const launcher: Launcher<T> = new Launcher<T>({
    ...options,
    kind,
    directory: resolve(options.data),
    traces: options.trace === undefined ? undefined : resolve(options.trace),
    tell: (text) => output.remark(`${paint('dim', `[${since()}]`)} ${text}`),
    ended: () => ending.now(),
  });
  const ending = endSignal(() => {
    output.remark('Forced to stop.');
    launcher.kill();
  });
  try {
    const cluster = await Promise.race([launcher.start(), ending.signal]);
    if (cluster) await announce(cluster, output, () => launcher.inspectorUrl(), ending.signal);
    await ending.signal;
    output.remark('Stopping …');
  } finally {
    await launcher.stop();
  }
  output.remark(`Stopped${kind.isDurable ? '; the data stays' : ''}. Start again with the same command.`);
}

const label = (text: string): string => paint('bold', text.padEnd(12), process.stdout);

/** Three lines: where to look, where to write, and how. */
function announceKv(output: Output, leader: string, apis: Readonly<Record<string, string>>, url: string | null): void {
  const api = Object.values(apis)[0] ?? '';
  const lines = [
    ...(url ? [`${label('Inspector')} ${url}`] : []),
    `${label('API')} ${api}/v1/status`,
    `${label('Write a key')} curl -X PUT ${api}/v1/kv/greeting -d hello`,
  ];
  output.remark(`${leader} was elected leader. Press Ctrl-C to stop.\n`);
  output.result(lines.join('\n'), { leader, inspector: url, apis });
}

/** Where to look, and what to try. */
function announceSwim(output: Output, nodes: readonly string[], url: string | null): void {
  const last = nodes.at(-1) ?? '';
  const lines = [
    ...(url ? [`${label('Inspector')} ${url}`] : []),
    `${label('Who is alive')} synod status`,
    `${label('Try')} synod kill ${last}; synod pause ${last}; synod partition n1,${last}; synod heal`,
  ];
  output.remark(`${nodes.length} ${nodes.length === 1 ? 'member' : 'members'} started. Press Ctrl-C to stop.\n`);
  output.result(lines.join('\n'), { nodes, inspector: url });
}

/** Resolves at Ctrl-C, SIGTERM, or `now()`; a later signal forces the end. */
function endSignal(force: () => void): { readonly signal: Promise<undefined>; readonly now: () => void } {
  let at: number | undefined;
  let now: () => void = () => {};
  const signal = new Promise<undefined>((done) => {
    now = () => {
      at ??= performance.now();
      done(undefined);
    };
  });
  const heed = () => {
    if (at !== undefined && performance.now() - at > SECOND_SIGNAL_MS) {
      force();
      process.exit(130);
    }
    now();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, heed);
  return { signal, now };
}
