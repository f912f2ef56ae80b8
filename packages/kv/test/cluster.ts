import type { RaftSettings } from '@synod/machines/raft';
import type { Envelope } from '@synod/protocol';
import {
  type Clock,
  createMemoryNetwork,
  createMemoryStorage,
  createSystem,
  createVirtualClock,
  type MemoryStorage,
  type System,
  type VirtualClock,
} from '@synod/runtime';
import { expect } from 'vitest';
import { createKvNode, type KvNode, type KvNodeOptions } from '../src/node.ts';

/** What becomes of an envelope. */
export type Route = (envelope: Envelope) => 'deliver' | 'drop';

interface Member {
  readonly storage: MemoryStorage;
  system: System;
  node: KvNode;
}

interface ClusterOptions {
  readonly raft?: Partial<RaftSettings>;
  readonly node?: Partial<KvNodeOptions>;
  readonly clock?: Clock;
}

/** Three nodes on a network in memory, any of which may be killed and started again. */
export class Cluster {
  /** May be changed at any time. */
  route: Route = () => 'deliver';
  readonly #options: ClusterOptions;
  readonly #members = new Map<string, Member>();
  readonly #network = createMemoryNetwork({
    route: (envelope, deliver) => {
      if (this.route(envelope) === 'deliver') queueMicrotask(deliver);
    },
  });

  private constructor(options: ClusterOptions) {
    this.#options = options;
  }

  static async create(options: ClusterOptions = {}): Promise<Cluster> {
    const cluster = new Cluster(options);
    for (const name of ['n1', 'n2', 'n3']) await cluster.start(name);
    return cluster;
  }

  async start(name: string): Promise<KvNode> {
    const { raft = {}, clock } = this.#options;
    const storage = this.#members.get(name)?.storage ?? createMemoryStorage();
    const time = clock ? { clock } : {};
    const seed = Number(name.slice(1));
    const system = await createSystem({ node: name, transport: this.#network.transport(), storage, seed, ...time });
    const peers = ['n1', 'n2', 'n3'].filter((peer) => peer !== name);
    const node = await createKvNode({ system, peers, raft, ...time, ...this.#options.node });
    this.#members.set(name, { storage, system, node });
    return node;
  }

  async kill(name: string): Promise<void> {
    const { system, storage } = this.#member(name);
    await system.kill();
    storage.crash();
  }

  /** A node by name, as `n1`. */
  node(name: string): KvNode {
    return this.#member(name).node;
  }

  system(name: string): System {
    return this.#member(name).system;
  }

  get nodes(): KvNode[] {
    return [...this.#members.values()].map(({ node }) => node);
  }

  /** The name of the leader of the highest term, if all of `names` know it. */
  leader(names: readonly string[] = ['n1', 'n2', 'n3']): string | undefined {
    const [first, ...others] = names.map((name) => this.node(name).status());
    const leads = names.some((name) => name === first?.leader && this.node(name).status().role === 'leader');
    const agree = others.every(({ leader, term }) => leader === first?.leader && term === first?.term);
    return leads && agree ? (first?.leader ?? undefined) : undefined;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#members.values()].map(({ system }) => system.shutdown()));
  }

  #member(name: string): Member {
    const member = this.#members.get(name);
    expect(member, name).toBeDefined();
    return member as Member;
  }
}

/** A cluster whose time runs only while somebody waits. */
export class VirtualCluster {
  readonly clock: VirtualClock;
  readonly cluster: Cluster;

  private constructor(clock: VirtualClock, cluster: Cluster) {
    this.clock = clock;
    this.cluster = cluster;
  }

  static async create(options: Omit<ClusterOptions, 'clock'> = {}): Promise<VirtualCluster> {
    const clock = createVirtualClock();
    const virtual = new VirtualCluster(clock, await Cluster.create({ ...options, clock }));
    await virtual.until(() => virtual.cluster.leader());
    return virtual;
  }

  /** Lets time run until `promise` is settled. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    promise.then(done, done);
    for (let ms = 0; !settled; ms += 5) {
      if (ms > 60_000) throw new Error('still pending after a minute');
      await this.clock.advance(5);
    }
    return promise;
  }

  /** Lets time run until `condition` gives something. */
  async until<T>(condition: () => T | undefined | false): Promise<T> {
    for (let ms = 0; ms <= 60_000; ms += 5) {
      const result = condition();
      if (result) return result;
      await this.clock.advance(5);
    }
    throw new Error('not so after a minute');
  }
}
