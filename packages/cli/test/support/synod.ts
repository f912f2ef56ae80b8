import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command line to its end. */
export async function synod(...args: string[]): Promise<Ended> {
  return begin(args).ended;
}

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
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    stdio: 'pipe',
    env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '' },
  });
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

interface NodeStatus {
  readonly node: string;
  readonly up: boolean;
  readonly paused: boolean;
  readonly pid: number | null;
  readonly api: string | null;
  readonly status: {
    readonly role: string;
    readonly term: number;
    readonly commitIndex: number;
    readonly lastApplied: number;
  } | null;
}

/** A cluster of operating-system processes on a data directory. */
export async function runCluster(directory: string, ...args: string[]) {
  const data = join(directory, 'kv');
  const launcher = begin(['run', 'kv', '--port', '0', '--data', data, ...args]);
  await launcher.saw(/Write a key/, 40_000);
  const nodes = async () => (await synodJson<{ nodes: NodeStatus[] }>('status', '--data', data)).nodes;
  const leader = async () => (await nodes()).find(({ status }) => status?.role === 'leader')?.node;
  const stop = async () => {
    launcher.child.kill('SIGINT');
    return launcher.ended;
  };
  return { data, launcher, nodes, leader, stop, synod: (...rest: string[]) => synod(...rest, '--data', data) };
}
