import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { MemberStatus } from '@synod/protocol';
import { type RealMember, startMember } from './real-member.ts';
import type { FromWorker, Seed, ToWorker, Usage } from './real-messages.ts';

// A process that holds half of the members. Forked by real.ts, and gone with it.

const members: RealMember[] = [];
const stalls = monitorEventLoopDelay({ resolution: 10 });
stalls.enable();

function say(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}

/** How the members here hold those of both processes, as far as the bench asks. */
class Views {
  readonly #alive = new Map<string, Set<string>>();
  readonly #othersDead = new Map<string, Set<string>>();
  readonly #others: ReadonlySet<string>;
  /** Those who do not hold all others alive yet. */
  readonly #incomplete: Set<string>;

  constructor(nodes: readonly string[], others: readonly string[]) {
    this.#others = new Set(others);
    this.#incomplete = new Set(nodes);
    for (const node of nodes) {
      this.#alive.set(node, new Set());
      this.#othersDead.set(node, new Set());
    }
  }

  changed(by: string, member: string, status: MemberStatus): void {
    const alive = this.#alive.get(by) as Set<string>;
    const dead = this.#othersDead.get(by) as Set<string>;
    if (status === 'alive') alive.add(member);
    else alive.delete(member);
    if (status !== 'dead') dead.delete(member);
    else {
      if (this.#others.has(member)) dead.add(member);
      say({ type: 'dead', by, atMs: Date.now(), all: dead.size === this.#others.size });
    }
    if (alive.size === this.#alive.size + this.#others.size - 1 && this.#incomplete.delete(by)) {
      if (this.#incomplete.size === 0) say({ type: 'complete' });
    }
  }
}

async function start({ cluster, nodes, others, seeds }: Extract<ToWorker, { type: 'start' }>): Promise<void> {
  const views = new Views(nodes, others);
  let known: readonly Seed[] = seeds;
  for (const node of nodes) {
    const member = await startMember({ node, cluster, seeds: known }, (...change) => views.changed(...change));
    members.push(member);
    // The very first member has no seed, and is the seed of all others.
    if (known.length === 0) known = [{ node, url: member.url }];
  }
  say({ type: 'started', first: known[0] as Seed });
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const stalled = stalls.max / 1e6;
  stalls.reset();
  const stats = members.map((member) => member.stats());
  return {
    cpuMs: (user + system) / 1_000,
    atMs: Date.now(),
    stallMs: stalled,
    rssMb: process.memoryUsage().rss / 1e6,
    messages: stats.reduce((sum, { sent }) => sum + sent, 0),
    connections: stats.reduce((sum, { connections }) => sum + connections, 0),
  };
}

async function stop(): Promise<void> {
  await Promise.all(members.map((member) => member.kill()));
  process.disconnect?.();
}

process.on('message', (message: ToWorker) => {
  if (message.type === 'usage') say({ type: 'usage', usage: usage() });
  else {
    const work = message.type === 'start' ? start(message) : stop();
    work.catch((error: unknown) => say({ type: 'failed', why: String(error) }));
  }
});
process.on('disconnect', () => process.exit());
