import { type Address, AssertionError, type NodeView, nodeOf, type Protocol } from '@synod/protocol';
import type { ReplicaContext } from '../context.ts';
import type { ReplicaMessage } from '../messages.ts';
import {
  at,
  client,
  type Incoming,
  members,
  type Outcome,
  protocol,
  Replica,
  type ReplicaOptions,
  request,
  type TimerName,
  viewOf,
} from './support.ts';

// A cluster in one synchronous loop. Whatever happens in it, the protocol's properties are looked at.

/** A message on its way. */
export interface Letter {
  readonly from: Address;
  readonly to: Address;
  readonly message: Incoming | ReplicaMessage;
}

export interface ClusterOptions extends Omit<ReplicaOptions, 'self' | 'log' | 'promised' | 'chosenThrough'> {
  /** By node, what its replica starts from. */
  readonly durable?: Readonly<Record<string, Pick<ReplicaOptions, 'log' | 'promised' | 'chosenThrough'>>>;
  readonly watch?: (replica: Replica, outcome: Outcome) => void;
}

export class Cluster {
  readonly nodes: readonly string[];
  /** Letters on their way, the oldest first. */
  network: readonly Letter[] = [];
  /** What came to clients. */
  readonly replies: Letter[] = [];
  /** By slot, what was applied anywhere, in any life. */
  readonly applied = new Map<number, string>();
  readonly #replicas = new Map<string, Replica>();
  readonly #down = new Set<string>();
  readonly #isolated = new Set<string>();
  readonly #options: ClusterOptions;
  readonly #protocol: Protocol;
  #lives = 0;

  constructor(options: ClusterOptions = {}) {
    this.#options = options;
    this.#protocol = options.of ?? (protocol as Protocol);
    this.nodes = members(options.size ?? 3).map(nodeOf);
    for (const node of this.nodes) this.#start(node, options.durable?.[node]);
  }

  /** The replica of `node`; of a node that is down, as it was when it crashed. */
  replica(node: string): Replica {
    return this.#replicas.get(node) as Replica;
  }

  isUp = (node: string): boolean => !this.#down.has(node);

  /** Who leads the highest ballot of those that lead. */
  get leader(): string | undefined {
    const rank = (node: string) => this.replica(node).context.promised?.round ?? 0;
    return this.nodes
      .filter((node) => this.isUp(node) && this.replica(node).state === 'leading')
      .sort((one, other) => rank(other) - rank(one))[0];
  }

  timeout = (node: string): void => this.fire(node, 'leaderTimeout');
  heartbeat = (node: string): void => this.fire(node, 'heartbeatInterval');

  fire(node: string, timer: TimerName): void {
    if (this.isUp(node) && this.replica(node).timers.includes(timer)) this.#take(node, (each) => each.fire(timer));
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
    throw new Error('10,000 letters, and no end: do two replicas answer each other for ever?');
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

  /** Starts a replica anew from what survived. */
  restart(node: string): void {
    const { promised, log, chosenThrough } = this.replica(node).context;
    const keeps = (field: string) => this.#protocol.durable.includes(field);
    this.#down.delete(node);
    this.#start(node, {
      ...(keeps('promised') && promised && { promised }),
      ...(keeps('log') && { log: [...log] }),
      ...(keeps('chosenThrough') && { chosenThrough }),
    });
  }

  /** From now on nothing leaves or reaches these nodes; of all others that is over. */
  isolate(...nodes: readonly string[]): void {
    this.#isolated.clear();
    for (const node of nodes) this.#isolated.add(node);
  }

  views(): NodeView<ReplicaContext>[] {
    return this.nodes.map((node) => viewOf(this.replica(node), this.isUp(node)));
  }

  /** Throws an AssertionError for the first property that does not hold of the whole cluster. */
  check(): void {
    const views = this.views();
    for (const property of this.#protocol.properties) {
      if (property.kind === 'always' && !property.holds(views)) throw new AssertionError(property.name);
    }
  }

  #start(node: string, durable: Pick<ReplicaOptions, 'log' | 'promised' | 'chosenThrough'> = {}) {
    const { durable: _, watch: __, seed = 1, ...settings } = this.#options;
    const replica = new Replica({ ...settings, ...durable, self: at(node), seed: seed * 1_000 + this.#lives++ });
    this.#replicas.set(node, replica);
    this.#did(node, replica.started);
  }

  #hand(letter: Letter): void {
    const node = nodeOf(letter.to);
    if (letter.to === client) this.replies.push(letter);
    else if (this.isUp(node) && !this.#isolated.has(node))
      this.#take(node, (replica) => replica.deliver(letter.from, letter.message as Incoming));
  }

  #take(node: string, what: (replica: Replica) => Outcome): void {
    const replica = this.replica(node);
    const before = viewOf(replica);
    const outcome = what(replica);
    for (const property of this.#protocol.properties) {
      if (property.kind === 'step' && !property.holds(before, viewOf(replica))) throw new AssertionError(property.name);
    }
    this.#did(node, outcome);
  }

  #did(node: string, outcome: Outcome): void {
    this.#options.watch?.(this.replica(node), outcome);
    const letters = this.#isolated.has(node) ? [] : outcome.sends.map((sent) => ({ from: at(node), ...sent }));
    this.network = [...this.network, ...letters.filter(({ to }) => to !== client)];
    this.replies.push(...letters.filter(({ to }) => to === client));
    for (const { index, entry } of outcome.emits.flatMap((event) => (event.type === 'applied' ? event.entries : []))) {
      const text = JSON.stringify(entry);
      if ((this.applied.get(index) ?? text) !== text)
        throw new AssertionError('Agreement, in all lives of all replicas');
      this.applied.set(index, text);
    }
  }
}
