import { join } from 'node:path';
import { describeError, isSynodError, SynodError } from '@synod/protocol';
import type { NodeConfig } from './messages.ts';
import { ManagedNode } from './node-process.ts';

export interface ClusterOptions {
  readonly nodes: number;
  readonly cluster: string;
  readonly directory: string;
  readonly host: string;
  /** The first node's API port, the next node's one above it; 0: all chosen by the system. */
  readonly firstApiPort: number;
  readonly inspector: { readonly url: string; readonly token: string } | undefined;
  /** A line for the person who watches. */
  readonly tell: (text: string) => void;
}

/** What is known of one node. */
export interface NodeInfo {
  readonly node: string;
  readonly up: boolean;
  readonly pid: number | null;
  readonly api: string | null;
  readonly ended: string | null;
}

/** The processes of one cluster. */
export class Cluster {
  readonly names: readonly string[];
  readonly #options: ClusterOptions;
  readonly #nodes = new Map<string, ManagedNode>();
  /** What each living node takes for the leader. */
  readonly #leaders = new Map<string, string | null>();
  readonly #elected: ((leader: string) => void)[] = [];
  /** What is being done to each node; the next command waits for it. */
  readonly #busy = new Map<string, Promise<void>>();
  #term = 0;
  #ending = false;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.names = Array.from({ length: options.nodes }, (_, at) => `n${at + 1}`);
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
    return [...this.#nodes].map(([node, { isUp, pid, apiUrl, ended }]) => ({
      node,
      up: isUp,
      pid: pid ?? null,
      api: apiUrl ?? null,
      ended: ended ?? null,
    }));
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

  /** @throws SynodError `NODE_UNKNOWN`, `NODE_DOWN`. */
  async kill(name: string): Promise<void> {
    const node = this.#node(name);
    if (!node.isUp) throw new SynodError('NODE_DOWN', `${name} is down already; "synod restart ${name}" starts it.`);
    await node.kill();
  }

  /**
   * Starts a node that is down; one that is up is stopped in good order first.
   * @throws SynodError `NODE_UNKNOWN`, `CLUSTER_STOPPING`, or why it does not start.
   */
  async restart(name: string): Promise<void> {
    const node = this.#node(name);
    const work = async () => {
      await node.stop();
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
    if (!node)
      throw new SynodError(
        'NODE_UNKNOWN',
        `There is no node "${name.slice(0, 50)}"; the nodes are ${this.names.join(', ')}.`,
      );
    return node;
  }

  async #start(name: string): Promise<void> {
    if (this.#ending) throw new SynodError('CLUSTER_STOPPING', 'The cluster is being stopped; start it again.');
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
    const { cluster, directory, host, firstApiPort, inspector } = this.#options;
    return {
      node,
      nodes: this.names,
      cluster,
      directory: join(directory, node),
      host,
      apiPort: portOf(apiUrl) ?? (firstApiPort === 0 ? 0 : firstApiPort + this.names.indexOf(node)),
      transportPort: portOf(transportUrl) ?? 0,
      peers: this.#transports(),
      inspector,
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
    this.#options.tell(`${name} is down: ${why}`);
  }

  #agreed(): string | undefined {
    const majority = Math.floor(this.names.length / 2) + 1;
    const votes = [...this.#leaders.values()];
    return this.names.find((name) => votes.filter((leader) => leader === name).length >= majority);
  }
}

const portOf = (url: string | undefined): number | undefined => (url ? Number(new URL(url).port) : undefined);
