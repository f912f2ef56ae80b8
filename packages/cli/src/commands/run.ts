import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Launcher } from '../launcher/launcher.ts';
import { DEFAULT_DATA, directory, name, usage, wholeNumber } from '../options.ts';
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
    .option('--data <directory>', 'where the data is kept', directory, DEFAULT_DATA)
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
  const begun = performance.now();
  const since = () => `${((performance.now() - begun) / 1_000).toFixed(1)} s`;
  const { Launcher } = await import('../launcher/launcher.ts');
  const launcher: Launcher = new Launcher({
    ...options,
    directory: resolve(options.data),
    tell: (text) => output.remark(`${paint('dim', `[${since()}]`)} ${text}`),
    ended: () => ending.now(),
  });
  const ending = endSignal(() => {
    output.remark('Forced to stop.');
    launcher.kill();
  });
  try {
    const cluster = await Promise.race([launcher.start(), ending.signal]);
    const leader = await Promise.race([cluster?.leader(), ending.signal]);
    if (cluster && leader) announce(output, leader, cluster.apis, launcher.inspectorUrl());
    await ending.signal;
    output.remark('Stopping …');
  } finally {
    await launcher.stop();
  }
  output.remark('Stopped; the data stays. Start again with the same command.');
}

/** Three lines: where to look, where to write, and how. */
function announce(output: Output, leader: string, apis: Readonly<Record<string, string>>, url: string | null): void {
  const api = Object.values(apis)[0] ?? '';
  const label = (text: string) => paint('bold', text.padEnd(12), process.stdout);
  const lines = [
    ...(url ? [`${label('Inspector')} ${url}`] : []),
    `${label('API')} ${api}/v1/status`,
    `${label('Write a key')} curl -X PUT ${api}/v1/kv/greeting -d hello`,
  ];
  output.remark(`${leader} was elected leader. Press Ctrl-C to stop.\n`);
  output.result(lines.join('\n'), { leader, inspector: url, apis });
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
