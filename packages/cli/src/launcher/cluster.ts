import { join } from 'node:path';
import type { Faults, Groups, Skew } from '@synod/inspector';
import { describeError, isSynodError, type LinkFault } from '@synod/protocol';
import { InForce } from './in-force.ts';
import type { ClusterContext, ClusterKind, ManagedCluster, NodeInfo } from './managed-cluster.ts';
import type { NodeConfig, NodeFaults } from './messages.ts';
import { ManagedNode } from './node-process.ts';
import { clusterStopping, nodeDown, nodePaused, nodeRunning, nodeUnknown } from './refusals.ts';

/** Replicated key-value store: one process a node, each on its disk; the first API port is the first after the inspector's. */
export const kvKind: ClusterKind<Cluster> = {
  name: 'kv',
  isDurable: true,
  create: (context) => new Cluster(context),
};

/** The processes of one cluster. */
export class Cluster implements ManagedCluster {
  readonly names: readonly string[];
  readonly #options: ClusterContext;
  readonly #nodes = new Map<string, ManagedNode>();
  /** What each living node takes for the leader. */
  readonly #leaders = new Map<string, string | null>();
  readonly #elected: ((leader: string) => void)[] = [];
  /** What is being done to each node; the next command waits for it. */
  readonly #busy = new Map<string, Promise<void>>();
  readonly #inForce: InForce;
  #term = 0;
  #ending = false;

  constructor(options: ClusterContext) {
    this.#options = options;
    this.names = Array.from({ length: options.nodes }, (_, at) => `n${at + 1}`);
    this.#inForce = new InForce(this.names);
    for (const name of this.names)
      this.#nodes.set(
        name,
        new ManagedNode({
          leader: (leader, term) => this.#heed(name, leader, term),
          exited: (why) => this.#exited(name, why),
        }),
      );
  }

  get info(): NodeInfo[] {
    return [...this.#nodes].map(([node, { isUp, isPaused, pid, apiUrl, ended }]) => ({
      node,
      up: isUp,
      paused: isPaused,
      group: this.#inForce.groupOf(node) ?? null,
      sees: null,
      pid: pid ?? null,
      api: apiUrl ?? null,
      ended: ended ?? null,
    }));
  }

  get faults(): Faults {
    return { paused: this.info.filter(({ paused }) => paused).map(({ node }) => node), ...this.#inForce.faults };
  }

  /** The API of each node that has served. */
  get apis(): Record<string, string> {
    return Object.fromEntries(this.info.flatMap(({ node, api }) => (api ? [[node, api]] : [])));
  }

  /**
   * Starts all nodes. A node whose storage cannot be trusted stays down, and the others run on without it;
   * rejects with the first failure when no majority is left, or when a port is not to be had.
   */
  async start(): Promise<void> {
    const outcomes = await Promise.allSettled(this.names.map((name) => this.#start(name)));
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    const fatal = failures.find(
      (error) => !isSynodError(error) || error.code.startsWith('PORT_') || error.code.startsWith('HOST_'),
    );
    const down = this.info.filter(({ up }) => !up).length;
    if (failures.length === 0 || (!fatal && down <= (this.names.length - 1) / 2)) return;
    await this.stop();
    throw fatal ?? failures[0];
  }

  /** Resolves with the leader once a majority of nodes agrees on one. */
  leader(): Promise<string> {
    const leader = this.#agreed();
    return leader ? Promise.resolve(leader) : new Promise((resolve) => this.#elected.push(resolve));
  }

  async kill(name: string): Promise<void> {
    await this.#upNode(name).kill();
  }

  /** As SIGSTOP does: the process stays, with its memory and its connections, and does nothing. */
  async pause(name: string): Promise<void> {
    const node = this.#upNode(name);
    if (node.isPaused) throw nodePaused(name);
    node.pause();
    this.#options.changed();
  }

  async resume(name: string): Promise<void> {
    const node = this.#upNode(name);
    if (!node.isPaused) throw nodeRunning(name);
    node.resume();
    this.#options.changed();
  }

  async partition(groups: Groups): Promise<void> {
    this.#tellFaults(this.names, this.#inForce.partition(groups));
  }

  async heal(): Promise<void> {
    this.#tellFaults(this.names, this.#inForce.heal());
  }

  async disturb(fault: LinkFault): Promise<void> {
    this.#tellFaults(this.names, this.#inForce.disturb(fault));
  }

  async skew(name: string, skew: Skew): Promise<void> {
    this.#upNode(name);
    this.#tellFaults([name], this.#inForce.skew(name, skew), skew.jumpMs);
  }

  async clear(): Promise<void> {
    this.#inForce.clear();
    this.#tellFaults(this.names, 'clear');
  }

  /** Rejects with the reason why it does not start, too. */
  async restart(name: string): Promise<void> {
    const node = this.#node(name);
    const work = async () => {
      await node.stop();
      this.#options.changed();
      await this.#start(name);
      this.#options.tell(`${name} is up again (process ${node.pid})`);
    };
    const done = (this.#busy.get(name) ?? Promise.resolve()).then(work);
    this.#busy.set(
      name,
      done.catch(() => {}),
    );
    await done;
  }

  /** Ends all processes in good order; none starts any more. */
  async stop(): Promise<void> {
    this.#ending = true;
    await Promise.all([...this.#nodes.values()].map((node) => node.stop()));
  }

  /** Ends all processes at once. */
  killAll(): void {
    this.#ending = true;
    for (const node of this.#nodes.values()) void node.kill();
  }

  #node(name: string): ManagedNode {
    const node = this.#nodes.get(name);
    if (!node) throw nodeUnknown(name, this.names);
    return node;
  }

  #upNode(name: string): ManagedNode {
    const node = this.#node(name);
    if (!node.isUp) throw nodeDown(name);
    return node;
  }

  async #start(name: string): Promise<void> {
    if (this.#ending) throw clusterStopping();
    const node = this.#node(name);
    try {
      await node.start(this.#config(name, node));
    } catch (error) {
      if (!this.#ending) this.#options.tell(`${name} did not start: ${describeError(error)}`);
      throw error;
    }
    this.#tellPeers();
  }

  #config(node: string, { apiUrl, transportUrl }: ManagedNode): NodeConfig {
    const { cluster, directory, host, firstPort, inspector, traces } = this.#options;
    return {
      node,
      nodes: this.names,
      cluster,
      directory: join(directory, node),
      host,
      apiPort: portOf(apiUrl) ?? (firstPort === 0 ? 0 : firstPort + this.names.indexOf(node)),
      transportPort: portOf(transportUrl) ?? 0,
      peers: this.#transports(),
      faults: this.#faultsOf(node),
      inspector,
      traceFile: traces === undefined ? undefined : join(traces, `${node}.jsonl`),
    };
  }

  /** Where each node listens, or did in its last life and will again. */
  #transports(): Record<string, string> {
    return Object.fromEntries(
      [...this.#nodes].flatMap(([name, { transportUrl }]) => (transportUrl ? [[name, transportUrl]] : [])),
    );
  }

  #tellPeers(): void {
    const urls = this.#transports();
    for (const node of this.#nodes.values()) node.tell({ type: 'peers', urls });
  }

  #faultsOf(node: string, jumpMs = 0): NodeFaults {
    return { network: this.#inForce.network, rate: this.#inForce.rateOf(node), jumpMs };
  }

  /** One that is paused heeds it when it goes on; one that is down is told when it starts. */
  #tellFaults(nodes: readonly string[], text: string, jumpMs = 0): void {
    for (const node of nodes)
      this.#nodes.get(node)?.tell({ type: 'faults', faults: this.#faultsOf(node, jumpMs), text });
    this.#options.changed();
  }

  #heed(node: string, leader: string | null, term: number): void {
    this.#leaders.set(node, leader);
    if (leader === node && term > this.#term) {
      this.#term = term;
      this.#options.tell(`${node} leads term ${term}`);
    }
    const agreed = this.#agreed();
    if (agreed) for (const resolve of this.#elected.splice(0)) resolve(agreed);
  }

  #exited(name: string, why: string): void {
    this.#leaders.delete(name);
    this.#options.changed();
    this.#options.tell(`${name} is down: ${why}`);
  }

  #agreed(): string | undefined {
    const majority = Math.floor(this.names.length / 2) + 1;
    const votes = [...this.#leaders.values()];
    return this.names.find((name) => votes.filter((leader) => leader === name).length >= majority);
  }
}

const portOf = (url: string | undefined): number | undefined => (url ? Number(new URL(url).port) : undefined);
