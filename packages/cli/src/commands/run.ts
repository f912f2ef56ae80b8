import { resolve } from 'node:path';
import { type InspectorServer, startInspector } from '@synod/inspector';
import { SynodError } from '@synod/protocol';
import type { Command } from 'commander';
import { Cluster } from '../launcher/cluster.ts';
import { type ControlServer, serveControl } from '../launcher/control.ts';
import { claimDirectory, readState, removeState, writeState } from '../launcher/state-file.ts';
import { DEFAULT_DATA, name, usage, wholeNumber } from '../options.ts';
import { Output, paint } from '../output.ts';

interface RunOptions {
  readonly nodes: number;
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly cluster: string;
  readonly inspector: boolean;
  readonly json?: boolean;
}

/** A second Ctrl-C forces the end, if it comes this long after the first: npm and terminals may both deliver one. */
const SECOND_SIGNAL_MS = 1_000;

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .argument('<what>', 'what to run: kv')
    .description('run a replicated key-value store on this machine, one process a node')
    .option('--nodes <count>', 'nodes, 1 to 9; an odd number survives most', wholeNumber(1, 9), 5)
    .option(
      '--port <port>',
      "the inspector's port; the nodes' APIs follow; 0: all chosen by the system",
      wholeNumber(0, 65_500),
      7_400,
    )
    .option('--host <address>', 'address to listen on; the API has no authentication', '127.0.0.1')
    .option('--data <directory>', 'where the data is kept', DEFAULT_DATA)
    .option('--cluster <name>', 'name of the cluster', name, 'kv')
    .option('--no-inspector', 'run without inspector')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  synod run kv\n  synod run kv --nodes 3 --port 0 --data /tmp/kv')
    .action(async (what: string, options: RunOptions) => {
      if (what !== 'kv') throw usage(`There is no "${what}" to run; the only choice is kv.`);
      await runCluster(options, new Output(options.json === true));
    });
}

async function runCluster(options: RunOptions, output: Output): Promise<void> {
  const directory = resolve(options.data);
  const begun = performance.now();
  const since = () => `${((performance.now() - begun) / 1_000).toFixed(1)} s`;
  if (await readState(directory))
    throw new SynodError(
      'CLUSTER_RUNNING',
      `A cluster runs on ${directory} already; end it with "synod stop", or choose another directory with --data.`,
    );
  await claimDirectory(directory, { version: 1, cluster: options.cluster, nodes: options.nodes });

  const ending = endSignal(output);
  let cluster: Cluster | undefined;
  let inspector: InspectorServer | undefined;
  let control: ControlServer | undefined;
  try {
    const controls = {
      kill: async (node: string) => cluster?.kill(node),
      restart: async (node: string) => cluster?.restart(node),
    };
    if (options.inspector) inspector = await startInspector({ host: options.host, port: options.port, controls });
    cluster = new Cluster({
      ...options,
      directory,
      firstApiPort: options.port === 0 ? 0 : options.port + 1,
      inspector: inspector && { url: inspector.publishUrl, token: inspector.publisherToken },
      tell: (text) => output.remark(`${paint('dim', `[${since()}]`)} ${text}`),
    });
    output.remark(`Starting ${options.nodes} nodes; data in ${directory}`);
    await cluster.start();
    const living = cluster;
    control = await serveControl({
      get info() {
        return living.info;
      },
      kill: (node) => living.kill(node),
      restart: (node) => living.restart(node),
      inspectorUrl: () => inspector?.newUrl() ?? null,
      stop: ending.now,
    });
    const { url, token } = control;
    await writeState(directory, {
      version: 1,
      cluster: options.cluster,
      pid: process.pid,
      control: { url, token },
      apis: cluster.apis,
    });
    const leader = await Promise.race([cluster.leader(), ending.signal]);
    if (leader) announce(output, leader, cluster, inspector);
    await ending.signal;
    output.remark('Stopping …');
  } finally {
    await cluster?.stop();
    await control?.close();
    await inspector?.stop();
    if (control) await removeState(directory);
  }
  output.remark('Stopped; the data stays. Start again with the same command.');
}

/** Three lines: where to look, where to write, and how. */
function announce(output: Output, leader: string, { apis }: Cluster, inspector: InspectorServer | undefined): void {
  const api = Object.values(apis)[0] ?? '';
  const url = inspector?.newUrl() ?? null;
  const lines = [
    ...(url ? [`${paint('bold', 'Inspector')}    ${url}`] : []),
    `${paint('bold', 'API')}          ${api}/v1/status`,
    `${paint('bold', 'Write a key')}  curl -X PUT ${api}/v1/kv/greeting -d hello`,
  ];
  output.remark(`${leader} was elected leader. Press Ctrl-C to stop.\n`);
  output.result(lines.join('\n'), { leader, inspector: url, apis });
}

/** Resolves at Ctrl-C, SIGTERM, or `now()`. */
function endSignal(output: Output): { readonly signal: Promise<undefined>; readonly now: () => void } {
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
      output.remark('Forced to stop.');
      process.exit(130);
    }
    now();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, heed);
  return { signal, now };
}
