import { type Address, AssertionError, type NodeView, nodeOf } from '@synod/protocol';
import type { RaftContext } from '../context.ts';
import type { Entry, RaftMessage } from '../messages.ts';
import { raftProperties } from '../properties.ts';
import { type Incoming, request } from './builders.ts';
import { at, client, members, type Outcome, Server, type ServerOptions, type TimerName } from './support.ts';

// A cluster in one synchronous loop: the test says which message is delivered, which is lost, and who crashes when.

/** A message on its way. */
export interface Letter {
  readonly from: Address;
  readonly to: Address;
  readonly message: Incoming | RaftMessage;
}

/** One step of one server, for whoever watches. */
export interface Happening {
  readonly node: string;
  readonly server: Server;
  readonly cause: Letter | TimerName;
  readonly outcome: Outcome;
}

export interface ClusterOptions extends Omit<ServerOptions, 'self' | 'log' | 'currentTerm' | 'votedFor'> {
  /** By node, what its server starts from. */
  readonly durable?: Readonly<Record<string, Pick<ServerOptions, 'log' | 'currentTerm' | 'votedFor'>>>;
  readonly watch?: (happening: Happening) => void;
}

export class Cluster {
  readonly nodes: readonly string[];
  /** Letters on their way, the oldest first. */
  network: readonly Letter[] = [];
  /** What came to clients. */
  readonly replies: Letter[] = [];
  readonly #servers = new Map<string, Server>();
  readonly #down = new Set<string>();
  readonly #isolated = new Set<string>();
  readonly #options: ClusterOptions;
  #lives = 0;

  constructor(options: ClusterOptions = {}) {
    this.#options = { size: 3, ...options };
    this.nodes = members(this.#options.size ?? 3).map(nodeOf);
    for (const node of this.nodes) this.#start(node, options.durable?.[node]);
  }

  /** The server of `node`; of a node that is down, as it was when it crashed. */
  server(node: string): Server {
    return this.#servers.get(node) as Server;
  }

  isUp = (node: string): boolean => !this.#down.has(node);

  get leader(): Server | undefined {
    const leaders = this.nodes.filter((node) => this.isUp(node) && this.server(node).role === 'leader');
    return leaders.map((node) => this.server(node)).sort((a, b) => b.context.currentTerm - a.context.currentTerm)[0];
  }

  timeout = (node: string): void => this.fire(node, 'electionTimeout');
  heartbeat = (node: string): void => this.fire(node, 'heartbeatInterval');

  fire(node: string, timer: TimerName): void {
    if (this.isUp(node)) this.#did(node, timer, this.server(node).fire(timer));
  }

  /** A client's message, put directly into the hands of `node`. */
  ask(node: string, message: Incoming, from: Address = client): void {
    this.#hand({ from, to: at(node), message });
  }

  propose = (node: string, command: string, sequenceNum = 1): void => this.ask(node, request(command, sequenceNum));

  /** Delivers the letter at `index`. */
  deliver(index = 0): void {
    const letter = this.network[index];
    if (!letter) return;
    this.network = this.network.toSpliced(index, 1);
    this.#hand(letter);
  }

  /** Delivers what `which` chooses, oldest first, and all that comes of it, until there is no such letter. */
  settle(which: (letter: Letter) => boolean = () => true): void {
    for (let letters = 0; letters < 10_000; letters++) {
      const index = this.network.findIndex(which);
      if (index < 0) return;
      this.deliver(index);
    }
    throw new Error('10,000 letters, and no end: do two servers answer each other for ever?');
  }

  drop(which: (letter: Letter, index: number) => boolean = () => true): void {
    this.network = this.network.filter((letter, index) => !which(letter, index));
  }

  duplicate(index: number): void {
    const letter = this.network[index];
    if (letter) this.network = [...this.network, letter];
  }

  /** Loses all but what is durable. Letters on their way stay on their way. */
  crash(node: string): void {
    this.#down.add(node);
  }

  /** Starts a server anew from what survived. */
  restart(node: string): void {
    this.crash(node);
    const { currentTerm, votedFor, log } = this.server(node).context;
    this.#start(node, { currentTerm, votedFor, log: [...log] });
    this.#down.delete(node);
  }

  /** From now on nothing leaves or reaches these nodes; of all others that is over. */
  isolate(...nodes: readonly string[]): void {
    this.#isolated.clear();
    for (const node of nodes) this.#isolated.add(node);
  }

  views(): NodeView<RaftContext>[] {
    return this.nodes.map((node) => {
      const { context, snapshot } = this.server(node);
      return { node, actor: at(node), role: 'server', up: this.isUp(node), value: snapshot.value, context };
    });
  }

  #start(
    node: string,
    durable: ClusterOptions['durable'] extends infer D | undefined ? D[keyof D] | undefined : never,
  ) {
    const { size, durable: _, watch: __, seed = 1, ...settings } = this.#options;
    const life = { ...settings, ...durable, self: at(node), size: size ?? 3, seed: seed * 1_000 + this.#lives++ };
    this.#servers.set(node, new Server(life));
  }

  #hand(letter: Letter): void {
    const node = nodeOf(letter.to);
    if (letter.to === client) this.replies.push(letter);
    else if (this.isUp(node) && !this.#isolated.has(node)) {
      this.#did(node, letter, this.server(node).deliver(letter.from, letter.message as Incoming));
    }
  }

  #did(node: string, cause: Happening['cause'], outcome: Outcome): void {
    const letters = this.#isolated.has(node) ? [] : outcome.sends.map((sent) => ({ from: at(node), ...sent }));
    this.network = [...this.network, ...letters.filter(({ to }) => to !== client)];
    this.replies.push(...letters.filter(({ to }) => to === client));
    this.#options.watch?.({ node, server: this.server(node), cause, outcome });
  }
}

/**
 * Watches a cluster for what no single state shows: who led in a term, what was ever applied at an index, and what a step
 * may not do. `check` adds the properties of every single state.
 */
export class Historian {
  readonly #leaders = new Map<number, string>();
  readonly #applied = new Map<number, string>();

  readonly watch = ({ node, server, outcome: { before, after, emits } }: Happening): void => {
    const expectThat = (holds: boolean, what: string) => {
      if (!holds) throw new AssertionError(`${node}: ${what}`);
    };
    expectThat(after.currentTerm >= before.currentTerm, 'currentTerm never decreases');
    expectThat(after.commitIndex >= before.commitIndex, 'commitIndex never decreases');
    expectThat(after.lastApplied === after.commitIndex, 'what is committed is applied');
    expectThat(
      before.currentTerm !== after.currentTerm || before.votedFor === null || before.votedFor === after.votedFor,
      '§5.2: at most one vote in a term',
    );
    if (server.role === 'leader') {
      const term = after.currentTerm;
      expectThat((this.#leaders.get(term) ?? node) === node, 'Election Safety');
      this.#leaders.set(term, node);
      const kept = before.log.length <= after.log.length;
      expectThat(kept && sameEntries(before.log.slice(0), after.log.slice(0, before.log.length)), 'Leader Append-Only');
    }
    for (const { index, entry } of emits.flatMap((event) => (event.type === 'applied' ? event.entries : []))) {
      const text = JSON.stringify(entry);
      expectThat((this.#applied.get(index) ?? text) === text, 'State Machine Safety, in all lives of all servers');
      this.#applied.set(index, text);
    }
  };

  /** Highest index that was ever applied anywhere. */
  get applied(): number {
    return Math.max(0, ...this.#applied.keys());
  }

  check(cluster: Cluster): void {
    const views = cluster.views();
    for (const property of raftProperties) {
      if (property.kind !== 'step' && !property.holds(views))
        throw new AssertionError(`${property.name} does not hold`);
    }
  }
}

const sameEntries = (a: readonly Entry[], b: readonly Entry[]): boolean =>
  a.length === b.length && a.every((entry, index) => entry === b[index]);
