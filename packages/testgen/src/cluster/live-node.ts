import {
  type Address,
  actorOf,
  assert,
  createEngine,
  type Member,
  type NodeView,
  nodeOf,
  type Protocol,
  type TraceRecord,
} from '@synod/protocol';
import {
  type Actor,
  createMemoryStorage,
  createSystem,
  createWebSocketTransport,
  type MemoryStorage,
  type System,
} from '@synod/runtime';
import type { AnyMachineSnapshot, EventObject } from 'xstate';
import { inputOf } from './cluster.ts';
import { broken } from './failure.ts';
import { CLUSTER, CONNECTION, deadline, type ScriptingProxy } from './proxy.ts';
import { asRecovered, durableOf, viewOf } from './rehearsed-actor.ts';
import { ScriptedClock } from './scripted-clock.ts';

type Of<T extends TraceRecord['type']> = Extract<TraceRecord, { readonly type: T }>;

/** What was seen of a node since the last look. */
export interface Seen {
  readonly sends: readonly Of<'send'>[];
  readonly emits: readonly EventObject[];
}

/** Records after which a step is known to have come, or never to come. */
interface Awaited {
  readonly isOver: (record: TraceRecord) => boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** One node of a test as it runs for real: an actor system with one actor, its disk, its clock, and a transport that leads to the proxy. */
export class LiveNode {
  readonly member: Member;
  readonly name: string;
  up = false;
  readonly #protocol: Protocol;
  readonly #proxy: ScriptingProxy;
  readonly #deadlineMs: number;
  readonly #storage: MemoryStorage = createMemoryStorage();
  #clock = new ScriptedClock();
  #system: System | undefined;
  #actor: Actor | undefined;
  #sends: Of<'send'>[] = [];
  #emits: EventObject[] = [];
  #awaited: Awaited | undefined;
  #failure: string | undefined;
  #ended = false;

  constructor(member: Member, protocol: Protocol, proxy: ScriptingProxy, deadlineMs: number) {
    this.member = member;
    this.name = nodeOf(member.address);
    this.#protocol = protocol;
    this.#proxy = proxy;
    this.#deadlineMs = deadlineMs;
  }

  get address(): Address {
    return this.member.address;
  }

  get armed(): readonly string[] {
    return this.#clock.armed;
  }

  get snapshot(): AnyMachineSnapshot {
    assert(this.#actor, 'the node has started');
    return this.#actor.getSnapshot() as AnyMachineSnapshot;
  }

  get view(): NodeView {
    const { member, snapshot } = this;
    if (this.up) return viewOf(member, snapshot, true);
    const recovered = durableOf(this.#protocol, snapshot.context);
    return viewOf(member, asRecovered(createEngine(this.#protocol.machine), member, recovered), false);
  }

  /** Whether its machine has come to its end. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  async start(): Promise<void> {
    const { name } = this;
    const transport = createWebSocketTransport({
      cluster: CLUSTER,
      peers: (peer) => this.#proxy.urlFor(name, peer),
      ...CONNECTION,
    });
    this.#clock = new ScriptedClock();
    this.#ended = false;
    this.#system = await createSystem({ node: name, transport, storage: this.#storage, clock: this.#clock, seed: 1 });
    this.#proxy.reach(name, transport.url);
    this.#system.trace$.subscribe((record) => this.#note(record));
    this.up = true;
    this.#actor = await this.#system.spawn(actorOf(this.address), this.#protocol, {
      input: inputOf(this.member),
      supervision: { onFailure: 'stop' },
    });
    await this.#settle();
  }

  /** Ends everything at once; what is durable is left. */
  async crash(): Promise<void> {
    this.up = false;
    await this.#system?.kill();
    this.#storage.crash();
  }

  async stop(): Promise<void> {
    await this.#system?.kill();
  }

  /** Does something that makes the actor take a step, and waits until it is over, with all that it lets out. */
  async step(what: string, act: () => void, isOver: (record: TraceRecord) => boolean): Promise<void> {
    const { promise, cancel } = deadline(this.#deadlineMs, () => `${what} came to nothing`);
    const over = new Promise<void>((resolve, reject) => {
      this.#awaited = { isOver, resolve, reject };
    });
    act();
    await Promise.race([over, promise]).finally(cancel);
    await this.#settle();
  }

  /** Ends a timer of the actor. */
  fire(id: string): void {
    this.#clock.fire(id);
  }

  /** Asks something of the actor, as its embedder. */
  ask(event: EventObject): void {
    assert(this.#actor, 'the node has started');
    this.#actor.send(event);
  }

  /** What came out since the last look. */
  take(): Seen {
    const seen = { sends: this.#sends, emits: this.#emits };
    this.#sends = [];
    this.#emits = [];
    return seen;
  }

  /** A step lets its messages out when it is durable: at once, or after the disk. */
  async #settle(): Promise<void> {
    do await new Promise<void>((resume) => setImmediate(resume));
    while (this.up && this.#storage.pending > 0);
    if (this.#failure !== undefined) throw broken(this.#failure);
  }

  #note(record: TraceRecord): void {
    const mine = 'actor' in record && record.actor === this.address;
    if (record.type === 'timer.set' && mine) this.#clock.name(record.id);
    if (record.type === 'send' && record.from === this.address) this.#sends.push(record);
    if (record.type === 'emit' && mine) this.#emits.push(record.event);
    if (record.type === 'stop' && mine) this.#ended = true;
    if (record.type === 'crash' && mine) this.#fail(`${this.address} failed: ${record.reason}`);
    if (record.type === 'drop' && record.to === this.address && record.reason !== 'stopped')
      this.#fail(
        `${this.address} did not take ${record.message ?? 'a message'} (${record.reason}): ${record.detail ?? ''}`,
      );
    if (this.#awaited?.isOver(record)) {
      this.#awaited.resolve();
      this.#awaited = undefined;
    }
  }

  #fail(text: string): void {
    this.#failure ??= text;
    this.#awaited?.reject(broken(text));
    this.#awaited = undefined;
  }
}
