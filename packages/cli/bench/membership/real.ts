import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { quantile } from 'simple-statistics';
import type { FromWorker, ToWorker, Usage } from './real-messages.ts';
import { figure, type Progress, table } from './table.ts';

// SWIM for real: members as actors, each with a system and sockets of its own, in two processes over loopback WebSockets. One process is
// killed; how long until the survivors know, and what did it all cost?

export interface RealOptions {
  /** In both processes together. Default 100. */
  readonly members?: number;
  /** How long the members probe each other, and connect to those they have not met, before it counts. Default 110 s, one round of probes. */
  readonly warmUpSeconds?: number;
  /** How long processor and messages are counted. Default 60. */
  readonly steadySeconds?: number;
  /** When the bench gives up waiting, for each thing it waits for. Default 180. */
  readonly patienceSeconds?: number;
}

/** What one process used while all was well. */
export interface RealUsage {
  /** Of one core. */
  readonly cpuShare: number;
  readonly rssMb: number;
  /** The longest time in which it answered nobody, since its start. */
  readonly stallMs: number;
  readonly messagesPerMemberSecond: number;
  readonly connections: number;
}

export interface RealReport {
  readonly members: number;
  readonly steadySeconds: number;
  /** From the start of the first member until each held all alive. */
  readonly joinedMs: number;
  readonly usage: readonly RealUsage[];
  readonly survivors: number;
  /** How often a survivor held anybody dead before the kill. */
  readonly mistakes: number;
  /** From the kill to the first death that anybody declared, and until the first, the middle and the last survivor held all of them dead. */
  readonly firstDeathMs: number;
  readonly allDeadMs: { readonly first: number; readonly median: number; readonly last: number };
}

/** A forked process, and what it says. */
class Worker {
  readonly #child: ChildProcess;
  readonly #heard: FromWorker[] = [];
  #wake: () => void = () => {};

  constructor() {
    this.#child = fork(fileURLToPath(new URL('./real-worker.js', import.meta.url)), { stdio: 'inherit' });
    this.#child.on('message', (message: FromWorker) => {
      this.#heard.push(message);
      this.#wake();
    });
    this.#child.on('exit', () => this.#wake());
  }

  tell(message: ToWorker): void {
    this.#child.send(message);
  }

  /** The next message of a type. Throws when none comes in time, or the process ends. */
  async hear<T extends FromWorker['type']>(type: T, seconds: number): Promise<Extract<FromWorker, { type: T }>> {
    const deadline = Date.now() + seconds * 1_000;
    for (;;) {
      const at = this.#heard.findIndex((each) => each.type === type || each.type === 'failed');
      const [found] = at < 0 ? [] : this.#heard.splice(at, 1);
      if (found?.type === 'failed') throw new Error(found.why);
      if (found) return found as Extract<FromWorker, { type: T }>;
      const left = deadline - Date.now();
      if (left <= 0 || this.#child.exitCode !== null) throw new Error(`no "${type}" within ${seconds} s`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** As `kill -9`. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/** Starts the members, lets them be, kills half of them and listens to the rest. Leaves no process behind. */
export async function measureReal(options: RealOptions, progress: Progress): Promise<RealReport> {
  const workers = [new Worker(), new Worker()] as const;
  try {
    return await measure(workers, options, progress);
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
  }
}

async function measure(
  workers: readonly [Worker, Worker],
  { members = 100, warmUpSeconds = 110, steadySeconds = 60, patienceSeconds = 180 }: RealOptions,
  progress: Progress,
): Promise<RealReport> {
  const names = Array.from({ length: members }, (_, index) => `n${index + 1}`);
  const halves = [names.slice(0, Math.ceil(members / 2)), names.slice(Math.ceil(members / 2))] as const;
  const [survivor, victim] = workers;
  const cluster = 'bench';

  progress(`real: ${members} members join`);
  const began = Date.now();
  survivor.tell({ type: 'start', cluster, nodes: halves[0], others: halves[1], seeds: [] });
  const { first } = await survivor.hear('started', patienceSeconds);
  victim.tell({ type: 'start', cluster, nodes: halves[1], others: halves[0], seeds: [first] });
  await Promise.all(workers.map((worker) => worker.hear('complete', patienceSeconds)));
  const joinedMs = Date.now() - began;

  progress(`real: all hold all alive; ${warmUpSeconds} s to warm up, then ${steadySeconds} s that count`);
  await sleep(warmUpSeconds);
  const before = await usages(workers);
  await sleep(steadySeconds);
  const after = await usages(workers);

  progress('real: one process is killed');
  const killed = Date.now();
  await victim.kill();
  const knewMs = new Map<string, number>();
  let firstDeathMs = Number.NaN;
  let mistakes = 0;
  while (knewMs.size < halves[0].length) {
    const { by, atMs, all } = await survivor.hear('dead', patienceSeconds);
    if (atMs < killed) mistakes++;
    else if (Number.isNaN(firstDeathMs)) firstDeathMs = atMs - killed;
    if (all && !knewMs.has(by)) knewMs.set(by, atMs - killed);
  }
  const knew = [...knewMs.values()].sort((a, b) => a - b);
  return {
    members,
    steadySeconds,
    joinedMs,
    usage: halves.map(({ length }, half) => usageOf(before[half] as Usage, after[half] as Usage, length)),
    survivors: knew.length,
    mistakes,
    firstDeathMs,
    allDeadMs: { first: knew[0] as number, median: quantile(knew, 0.5), last: knew.at(-1) as number },
  };
}

const sleep = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

function usages(workers: readonly Worker[]): Promise<Usage[]> {
  for (const worker of workers) worker.tell({ type: 'usage' });
  return Promise.all(workers.map(async (worker) => (await worker.hear('usage', 30)).usage));
}

function usageOf(before: Usage, after: Usage, members: number): RealUsage {
  const seconds = (after.atMs - before.atMs) / 1_000;
  return {
    cpuShare: (after.cpuMs - before.cpuMs) / 1_000 / seconds,
    rssMb: after.rssMb,
    stallMs: Math.max(before.stallMs, after.stallMs),
    messagesPerMemberSecond: (after.messages - before.messages) / members / seconds,
    connections: after.connections,
  };
}

/** The report as text. */
export function describeReal(report: RealReport): string {
  const { members, usage, steadySeconds, joinedMs, mistakes, firstDeathMs, allDeadMs, survivors } = report;
  const seconds = (ms: number): string => figure(ms / 1_000);
  const rows = usage.map(({ cpuShare, rssMb, stallMs, messagesPerMemberSecond, connections }, index) => [
    `process ${index + 1}`,
    `${(cpuShare * 100).toFixed(1)} %`,
    figure(messagesPerMemberSecond),
    String(connections),
    figure(rssMb),
    figure(stallMs),
  ]);
  return `SWIM for real: ${members} members in two processes over loopback WebSockets; all joined after ${seconds(joinedMs)} s
${table([`over ${steadySeconds} s`, 'of a core', 'messages/member/s', 'connections', 'memory MB', 'longest stall ms'], rows)}held dead before the kill: ${mistakes}
one process killed: the first death declared after ${seconds(firstDeathMs)} s;
all held dead by the first survivor after ${seconds(allDeadMs.first)} s, by half of them after ${seconds(allDeadMs.median)} s, by all ${survivors} after ${seconds(allDeadMs.last)} s
`;
}
