import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, onTestFinished, vi } from 'vitest';
import { nodesOf } from '../../src/connect.ts';
import { type ClusterState, readState } from '../../src/launcher/state-file.ts';
import { statusOf } from '../../src/node-status.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const COMMANDS = fileURLToPath(new URL('./commands.mjs', import.meta.url));
const environment = () => ({ ...process.env, NO_COLOR: '1', NODE_OPTIONS: '', FORCE_COLOR: undefined });

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The process that runs the commands of a file, once there was one. */
let commands: ChildProcess | undefined;
/** The end of the command that was asked for last. */
let last: Promise<unknown> = Promise.resolve();

afterAll(() => commands?.kill('SIGKILL'));

/** Runs the built command line to its end, one command after the other in one process; `begin` gives it a process of its own. */
export function synod(...args: string[]): Promise<Ended> {
  const ended = last.then(() => inCommands(args));
  last = ended.catch(() => {});
  return ended;
}

async function inCommands(args: readonly string[]): Promise<Ended> {
  commands ??= fork(COMMANDS, { execArgv: [], env: environment(), silent: true });
  const shared = commands;
  const over = new AbortController();
  const died = once(shared, 'exit', { signal: over.signal }).then(([code]) => {
    commands = undefined;
    throw new Error(`synod ${args.join(' ')} ended its process with ${code}`);
  });
  const told = once(shared, 'message', { signal: over.signal });
  shared.send(args);
  try {
    const [ended] = (await Promise.race([told, died])) as [Ended];
    return ended;
  } finally {
    over.abort();
    await Promise.allSettled([told, died]);
  }
}

/** Runs it in a process of its own: where that it ends by itself is the point, or that two run at once. */
export const alone = (...args: string[]): Promise<Ended> => begin(args).ended;

/** The same with `--json`, its output parsed. */
export async function synodJson<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  const { code, out, err } = await synod(...args, '--json');
  if (code !== 0) throw new Error(`synod ${args.join(' ')} ended with ${code}: ${err}`);
  return JSON.parse(out) as T;
}

export interface Begun {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until `pattern` stands in the output so far. */
  saw(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
}

/** Starts the built command line; it is ended when the test is over. */
export function begin(args: readonly string[], input?: string | Buffer, cwd?: string): Begun {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: 'pipe', env: environment() });
  let [out, err] = ['', ''];
  const watchers = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    out += chunk;
    for (const watcher of watchers) watcher();
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
    for (const watcher of watchers) watcher();
  });
  child.stdin.on('error', () => {}); // It may end before it has read all.
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  onTestFinished(async () => {
    // A launcher is given time to end its node processes; they would outlive it for a moment.
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(force);
  });
  const saw = (pattern: RegExp, timeoutMs = 20_000) =>
    new Promise<RegExpMatchArray>((resolve, reject) => {
      const check = () => {
        const match = `${out}\n${err}`.match(pattern);
        if (!match) return;
        finish();
        resolve(match);
      };
      const fail = (why: string) => {
        finish();
        reject(new Error(`${why} before ${pattern} was seen:\n${out}\n${err}`));
      };
      const timer = setTimeout(() => fail('time ran out'), timeoutMs);
      const finish = () => {
        clearTimeout(timer);
        watchers.delete(check);
      };
      watchers.add(check);
      void ended.then(() => fail('the process ended'));
      check();
    });
  return { child, ended, saw };
}

/** An empty directory that is gone after the test. */
export async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'synod-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

/** A cluster of operating-system processes on a data directory. */
export async function runCluster(directory: string, ...args: string[]) {
  const data = join(directory, 'kv');
  const launcher = begin(['run', 'kv', '--port', '0', '--data', data, ...args]);
  await launcher.saw(/Write a key/, 40_000);
  // Asked as `synod status` asks, without a process for each time.
  const running = { ...((await readState(data)) as ClusterState), directory: data };
  const nodes = async () => statusOf(await nodesOf(running));
  /** Who leads. While there is nobody, or no node has time to answer, it waits; of two the one of the later term does. */
  const leader = () =>
    vi.waitUntil(
      async () => {
        const leading = (await nodes()).filter(({ status }) => status?.role === 'leader');
        return leading.sort((a, b) => (b.status?.term ?? 0) - (a.status?.term ?? 0))[0]?.node;
      },
      { timeout: 60_000, interval: 50 },
    );
  const stop = async () => {
    launcher.child.kill('SIGINT');
    return launcher.ended;
  };
  return { data, launcher, nodes, leader, stop, synod: (...rest: string[]) => synod(...rest, '--data', data) };
}
