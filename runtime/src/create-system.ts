import { randomBytes } from 'node:crypto';
import {
  type Address,
  address,
  assert,
  describeError,
  type Envelope,
  isName,
  type Message,
  nextRandom,
  type Protocol,
  SynodError,
  seedFrom,
  type TraceRecord,
} from '@synod/protocol';
import type { Observable } from 'rxjs';
import type { AnyStateMachine, EventObject } from 'xstate';
import { type Actor, actorHandle } from './actor.ts';
import { Asks, isAskName } from './asks.ts';
import { Cell } from './cell.ts';
import { systemClock } from './clock.ts';
import type { Cluster } from './cluster/cluster.ts';
import { NodeCluster } from './cluster/node-cluster.ts';
import { type ClusterOptions, checkCluster } from './cluster/options.ts';
import { toldOfMembers } from './cluster/told.ts';
import type { Host } from './host.ts';
import { PostOffice } from './post-office.ts';
import { createMemoryStorage } from './storage/memory.ts';
import type { Storage } from './storage/storage.ts';
import type {
  AskOptions,
  ClusterSystem,
  ClusterSystemOptions,
  SpawnOptions,
  System,
  SystemOptions,
  WatchOptions,
} from './system.ts';
import { Tracer } from './tracer.ts';
import type { Transport } from './transport/transport.ts';
import { SYSTEM_ACTOR, type Terminated, Watches } from './watches.ts';

/**
 * Opens storage and transport, with `membership` begins to join its cluster, and returns the system. Nothing outlives `shutdown`.
 * @throws SynodError `NAME_INVALID`, `CLUSTER_INVALID`, `METADATA_INVALID`, or what storage and transport throw.
 */
export function createSystem(options: ClusterSystemOptions): Promise<ClusterSystem>;
export function createSystem(options: SystemOptions): Promise<System>;
export async function createSystem(options: SystemOptions | ClusterSystemOptions): Promise<System> {
  if (!isName(options.node)) throw nameInvalid('a node', options.node);
  if ('membership' in options) checkCluster(options);
  const storage = options.storage ?? createMemoryStorage();
  const { incarnation } = await storage.open(options.node);
  const system = new NodeSystem(options, storage, incarnation);
  try {
    await options.transport?.start(options.node, system.post.events);
    if ('membership' in options) await system.enter(options);
  } catch (error) {
    await system.kill();
    await storage.close();
    throw error;
  }
  return system;
}

class NodeSystem implements System {
  readonly node: string;
  readonly trace$: Observable<TraceRecord>;
  readonly closed: Promise<unknown>;
  readonly post: PostOffice;
  readonly #storage: Storage;
  readonly #transport: Transport | undefined;
  readonly #tracer: Tracer;
  readonly #asks: Asks;
  readonly #watches: Watches;
  readonly #cells = new Map<string, Cell>();
  readonly #host: Host;
  readonly #embedder: Address;
  readonly #life: string;
  #cluster: NodeCluster | undefined;
  /** The actor that tells of members. */
  #member: Address | undefined;
  #settleClosed: (error?: unknown) => void = () => {};
  #stopping: Promise<void> | undefined;

  constructor(options: SystemOptions, storage: Storage, incarnation: number) {
    const { node, transport, clock = systemClock, seed = randomBytes(4).readUInt32LE() } = options;
    const { traceClock = clock } = options;
    assert(Number.isSafeInteger(seed) && seed >= 0, 'a seed is a whole number from 0');
    this.node = node;
    this.#storage = storage;
    this.#transport = transport;
    this.#embedder = address(SYSTEM_ACTOR, node);
    this.#tracer = new Tracer(node, traceClock, incarnation, () => this.#present());
    this.trace$ = this.#tracer.trace$;
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    this.#life = `${incarnation}.${seed.toString(36)}`;
    this.#asks = new Asks(node, clock, this.#life);
    const [tracer, cells, asks] = [this.#tracer, this.#cells, this.#asks];
    const control = (envelope: Envelope) =>
      this.#watches.receive(envelope.from, envelope.message) || this.#cluster?.receive(envelope) === true;
    this.post = new PostOffice({ node, tracer, transport, cells, asks, control });
    const send = this.post.send.bind(this.post);
    const isAlive = (actor: string) => cells.has(actor);
    this.#watches = new Watches({ node, clock, send, isAlive, endOf: (other) => this.#cluster?.endOf(other) });
    this.#host = {
      clock,
      storage,
      send,
      tracer,
      random: randomFrom(seedFrom(`${seed}/${node}/${incarnation}`)),
      seed: (actor, life) => seedFrom(`${seed}/${actor}@${node}/${incarnation}/${life}`),
      terminated: (actor, reason) => this.#terminated(actor, reason),
      escalate: (error) => {
        tracer.record({ type: 'crash', reason: `escalated: ${describeError(error)}` });
        void this.#close(error);
      },
    };
  }

  async spawn<TMachine extends AnyStateMachine>(
    name: string,
    logic: TMachine | Protocol<TMachine>,
    options: SpawnOptions = {},
  ): Promise<Actor<TMachine>> {
    const cell = await this.#start(name, logic, options);
    return actorHandle<TMachine>(cell, {
      send: (message) => this.send(cell.address, message),
      stop: () => cell.stop(),
    });
  }

  get cluster(): Cluster | undefined {
    return this.#cluster;
  }

  /** Begins to join the cluster, for as long as the system lives. */
  enter(options: ClusterOptions): Promise<void> {
    const { clock, send } = this.#host;
    this.#member = address(options.membership.member.name, this.node);
    this.#cluster = new NodeCluster(options, {
      node: this.node,
      life: this.#life,
      clock,
      transport: this.#transport,
      spawn: async ({ name, protocol }, input, emitted) =>
        void (await this.#start(name, protocol, { input: { ...input } }, emitted)),
      send: (to, message) => send(this.#embedder, to, message),
      deliver: (envelope) => this.post.deliver(envelope),
      isAlive: (actor) => this.#cells.has(actor),
      nodeEnded: (node, reason) => this.#watches.nodeEnded(node, reason),
      note: this.post.events.note,
      fail: (error) => {
        this.#tracer.record({ type: 'crash', reason: describeError(error) });
        void this.#close(error);
      },
    });
    return this.#cluster.start();
  }

  send(to: Address, message: Message): void {
    this.post.send(this.#embedder, to, message);
  }

  async ask<TReply extends Message>(to: Address, message: Message, options: AskOptions = {}): Promise<TReply> {
    if (this.#stopping) throw stopped();
    const { timeoutMs = 5_000 } = options;
    return (await this.#asks.ask(to, timeoutMs, (from) => this.post.send(from, to, message))) as TReply;
  }

  watch(actor: Address, { notify }: WatchOptions = {}): Observable<Terminated> {
    const watched$ = this.#watches.watch(actor);
    if (notify) watched$.subscribe((terminated) => this.post.send(this.#embedder, notify, terminated));
    return watched$;
  }

  async stop(name: string): Promise<void> {
    await this.#cells.get(name)?.stop();
  }

  note(text: string, code?: string): void {
    this.post.events.note(text, code);
  }

  shutdown(): Promise<void> {
    return this.#close(undefined);
  }

  async kill(): Promise<void> {
    this.#stopping ??= Promise.resolve();
    for (const cell of this.#cells.values()) cell.kill();
    this.#tracer.record({ type: 'crash', reason: 'killed' });
    this.#release();
    await this.#transport?.stop();
    this.#settleClosed();
  }

  #close(error: unknown): Promise<void> {
    this.#stopping ??= (async () => {
      if (error === undefined) await this.#cluster?.depart();
      await Promise.all([...this.#cells.values()].map((cell) => cell.stop()));
      this.#asks.close();
      await this.#transport?.stop();
      this.#release();
      await this.#storage.close();
      this.#settleClosed(error);
    })();
    return this.#stopping;
  }

  async #start(
    name: string,
    logic: AnyStateMachine | Protocol,
    options: SpawnOptions,
    emitted?: (event: EventObject) => void,
  ): Promise<Cell> {
    if (this.#stopping) throw stopped();
    if (!isName(name) || isAskName(name) || name === SYSTEM_ACTOR) throw nameInvalid('an actor', name);
    if (this.#cells.has(name)) throw nameTaken(name, this.node);
    const cell = new Cell(this.#host, address(name, this.node), logic, options);
    if (emitted) cell.emitted$.subscribe(emitted);
    this.#cells.set(name, cell);
    try {
      await cell.start();
      return cell;
    } catch (error) {
      this.#cells.delete(name);
      cell.kill();
      throw error;
    }
  }

  #release(): void {
    this.#cluster?.close();
    this.#cells.clear();
    this.#asks.close();
    this.#watches.close();
    this.#tracer.complete();
  }

  #terminated(actor: string, reason: string): void {
    this.#cells.delete(actor);
    this.#cluster?.ended(actor);
    this.#watches.terminated(actor, reason);
  }

  *#present() {
    for (const cell of this.#cells.values()) if (cell.present) yield cell.present;
    if (this.#cluster && this.#member) yield* toldOfMembers(this.#member, this.#cluster);
  }
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    const [value, next] = nextRandom(state);
    state = next;
    return value;
  };
}

const nameInvalid = (what: string, name: string) =>
  new SynodError(
    'NAME_INVALID',
    `"${name.slice(0, 100)}" cannot name ${what}; use letters, digits, ".", "-" or "_", not the reserved name system, and no name that begins with ask-.`,
  );

const nameTaken = (name: string, node: string) =>
  new SynodError('NAME_TAKEN', `An actor "${name}" lives on ${node} already; stop it first or choose another name.`);

const stopped = () => new SynodError('SYSTEM_STOPPED', 'The actor system has stopped; create another.');
