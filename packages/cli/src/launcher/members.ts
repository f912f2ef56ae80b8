import type { Faults, Groups, Skew } from '@synod/inspector';
import { describeError, type LinkFault } from '@synod/protocol';
import { InForce } from './in-force.ts';
import type { ClusterContext, ClusterKind, ManagedCluster, NodeInfo, Sees } from './managed-cluster.ts';
import type { Seed, WorkerConfig } from './member-messages.ts';
import { MemberWorker } from './member-worker.ts';
import { clusterStopping, nodeDown, nodePaused, nodeRunning, nodeUnknown } from './refusals.ts';

export interface MembersOptions {
  /** Processes that the members share. */
  readonly processes: number;
  /** Of the protocol, in milliseconds. */
  readonly periodMs: number;
}

/** Members that watch each other: many in a process, each a system of its own over real sockets; nothing is kept on disk. */
export const swimKind = (options: MembersOptions): ClusterKind<Members> => ({
  name: 'swim',
  isDurable: false,
  create: (context) => new Members(context, options),
});

/** Members told of to one that begins. */
const SEEDS = 3;

/** Members of one process that begin at the same time. */
const TOGETHER = 8;

interface Member {
  readonly node: string;
  readonly worker: MemberWorker;
  up: boolean;
  paused: boolean;
  /** Of its present or its last life: where it listens. */
  url: string | undefined;
  ended: string | undefined;
  sees: Sees | undefined;
  /** What is being done to it; the next command waits for it. */
  busy: Promise<void>;
}

/** A cluster of members in a few processes. */
export class Members implements ManagedCluster {
  readonly names: readonly string[];
  readonly apis = {};
  readonly #context: ClusterContext;
  readonly #members = new Map<string, Member>();
  readonly #workers: readonly MemberWorker[];
  readonly #converged: (() => void)[] = [];
  readonly #inForce: InForce;
  #ending = false;

  constructor(context: ClusterContext, { processes, periodMs }: MembersOptions) {
    const { nodes, cluster, host, inspector } = context;
    this.#context = context;
    this.names = Array.from({ length: nodes }, (_, at) => `n${at + 1}`);
    this.#inForce = new InForce(this.names);
    const config: WorkerConfig = { cluster, host, periodMs, inspector };
    const count = Math.min(processes, nodes);
    this.#workers = Array.from({ length: count }, (_, at) => this.#newWorker(at, config));
    for (const [at, node] of this.names.entries()) {
      const worker = this.#workers[Math.floor((at * count) / nodes)] as MemberWorker;
      const nothing = { up: false, paused: false, url: undefined, ended: undefined, sees: undefined };
      this.#members.set(node, { node, worker, ...nothing, busy: Promise.resolve() });
    }
  }

  get info(): NodeInfo[] {
    return [...this.#members.values()].map(({ node, worker, up, paused, ended, sees }) => ({
      node,
      up,
      paused,
      group: this.#inForce.groupOf(node) ?? null,
      pid: up ? (worker.pid ?? null) : null,
      api: null,
      ended: ended ?? null,
      sees: up ? (sees ?? null) : null,
    }));
  }

  get faults(): Faults {
    const paused = [...this.#members.values()].filter((member) => member.paused).map(({ node }) => node);
    return { paused, ...this.#inForce.faults };
  }

  /** Starts the first member, which is alone, then all others, which join it. */
  async start(): Promise<void> {
    const [first, ...rest] = [...this.#members.values()] as [Member, ...Member[]];
    await this.#begin(first);
    const queues = this.#workers.map((worker) => rest.filter((member) => member.worker === worker));
    const lanes = queues.flatMap((queue) => Array.from({ length: TOGETHER }, () => queue));
    await Promise.all(
      lanes.map(async (queue) => {
        for (let member = queue.shift(); member; member = queue.shift()) await this.#begin(member).catch(() => {});
      }),
    );
    if (this.#ending) throw clusterStopping();
  }

  /** Resolves once each member that runs sees all others that run alive. */
  converged(): Promise<void> {
    return this.#agree() ? Promise.resolve() : new Promise((resolve) => this.#converged.push(resolve));
  }

  /** Without a goodbye: to the others it falls silent. */
  async kill(node: string): Promise<void> {
    const member = this.#upMember(node);
    await member.worker.ask({ act: 'kill', node });
    this.#down(member, 'killed');
  }

  async restart(node: string): Promise<void> {
    const member = this.#member(node);
    const work = async () => {
      if (member.up) {
        await member.worker.ask({ act: 'stop', node });
        this.#down(member, 'stopped');
      }
      await this.#begin(member);
      this.#context.tell(`${node} is up again`);
    };
    const done = member.busy.then(work);
    member.busy = done.catch(() => {});
    await done;
  }

  async pause(node: string): Promise<void> {
    const member = this.#upMember(node);
    if (member.paused) throw nodePaused(node);
    await member.worker.ask({ act: 'pause', node });
    member.paused = true;
    this.#context.changed();
  }

  async resume(node: string): Promise<void> {
    const member = this.#upMember(node);
    if (!member.paused) throw nodeRunning(node);
    await member.worker.ask({ act: 'resume', node });
    member.paused = false;
    this.#context.changed();
  }

  async partition(groups: Groups): Promise<void> {
    await this.#tellNetwork(this.#inForce.partition(groups));
  }

  async heal(): Promise<void> {
    await this.#tellNetwork(this.#inForce.heal());
  }

  async disturb(fault: LinkFault): Promise<void> {
    await this.#tellNetwork(this.#inForce.disturb(fault));
  }

  async skew(node: string, skew: Skew): Promise<void> {
    const { worker } = this.#upMember(node);
    await worker.ask({ act: 'skew', node, ...skew, text: this.#inForce.skew(node, skew) });
    this.#context.changed();
  }

  async clear(): Promise<void> {
    for (const node of this.#inForce.clear()) {
      const { worker, up } = this.#member(node);
      if (up) await worker.ask({ act: 'skew', node, rate: 1, jumpMs: 0, text: 'clear' });
    }
    await this.#tellNetwork('clear');
  }

  async stop(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }

  killAll(): void {
    this.#ending = true;
    for (const worker of this.#workers) worker.kill();
  }

  #newWorker(at: number, config: WorkerConfig): MemberWorker {
    return new MemberWorker(config, {
      sees: (node, sees) => {
        this.#member(node).sees = sees;
        if (this.#agree()) for (const resolve of this.#converged.splice(0)) resolve();
      },
      ended: (node, why) => this.#down(this.#member(node), why),
      exited: (why) => {
        const worker = this.#workers[at];
        for (const member of this.#members.values()) if (member.worker === worker && member.up) this.#down(member, why);
      },
    });
  }

  async #begin(member: Member): Promise<void> {
    if (this.#ending) throw clusterStopping();
    const { node, worker } = member;
    try {
      // A process that was started anew knows of no faults.
      if (worker.pid === undefined) await worker.ask({ act: 'network', faults: this.#inForce.network });
      const port = member.url === undefined ? 0 : Number(new URL(member.url).port);
      const [seeds, rate] = [this.#seedsFor(node), this.#inForce.rateOf(node)];
      member.url = (await worker.ask({ act: 'start', node, seeds, port, rate })) ?? undefined;
    } catch (error) {
      member.ended = describeError(error);
      if (!this.#ending) this.#context.tell(`${node} did not start: ${member.ended}`);
      throw error;
    }
    member.up = true;
    member.ended = undefined;
  }

  /** A few members that run and can be reached, from all over. */
  #seedsFor(node: string): Seed[] {
    const group = this.#inForce.groupOf(node);
    const fit = [...this.#members.values()].flatMap((member) => {
      const isFit = member.up && !member.paused && member.node !== node && this.#inForce.groupOf(member.node) === group;
      return isFit && member.url !== undefined ? [{ node: member.node, url: member.url }] : [];
    });
    const every = Math.max(1, fit.length / SEEDS);
    return fit.filter((_, at) => Math.floor(at / every) !== Math.floor((at - 1) / every));
  }

  async #tellNetwork(text: string): Promise<void> {
    const running = this.#workers.filter(({ pid }) => pid !== undefined);
    const faults = this.#inForce.network;
    await Promise.all(running.map((worker) => worker.ask({ act: 'network', faults, text })));
    this.#context.changed();
  }

  #down(member: Member, why: string): void {
    Object.assign(member, { up: false, paused: false, ended: why, sees: undefined });
    if (this.#ending) return;
    this.#context.tell(`${member.node} is down: ${why}`);
    this.#context.changed();
  }

  #agree(): boolean {
    const running = [...this.#members.values()].filter(({ up, paused }) => up && !paused);
    return running.length > 0 && running.every(({ sees }) => sees?.alive === running.length - 1);
  }

  #member(node: string): Member {
    const member = this.#members.get(node);
    if (!member) throw nodeUnknown(node, this.names);
    return member;
  }

  #upMember(node: string): Member {
    const member = this.#member(node);
    if (!member.up) throw nodeDown(node);
    return member;
  }
}
