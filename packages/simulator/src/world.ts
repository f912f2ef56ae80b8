import {
  type Address,
  type DropReason,
  type Message,
  type NodeView,
  nodeOf,
  type Roles,
  received,
  type SimulationConfiguration,
  SynodError,
  timed,
} from '@synod/protocol';
import type { Recorder } from '@synod/trace';
import type { AnyMachineSnapshot, EventObject } from 'xstate';
import { SimActor } from './actor.ts';
import type { DiskOptions } from './disk.ts';
import { engineOf } from './engines.ts';
import type { Covered, Host } from './host.ts';
import { Network, type NetworkOptions } from './network.ts';
import { SimNode } from './node.ts';
import { EventQueue, Happening } from './queue.ts';
import { type Micros, micros, millis } from './time.ts';

/** More than this in one instant, and time will never go on. */
const MOST_AT_ONCE = 1_000_000;

/** Who is told of what comes about. */
export interface Observer {
  changed(actor: number, view: NodeView, stepped: boolean): void;
  emitted(actor: Address, event: EventObject): void;
  failed(actor: Address, error: unknown): void;
  fault(happening: Happening): void;
}

export interface WorldOptions {
  readonly seed: number;
  readonly network?: NetworkOptions | undefined;
  readonly disk?: DiskOptions | undefined;
  readonly recorder?: Recorder | undefined;
  readonly guards?: boolean;
  /** By role, who counts the transitions taken. */
  readonly covered?: ((role: string) => Covered) | undefined;
  /** Asked before each thing that happens: false when something else came in its place. */
  readonly mayGoOn?: ((world: World) => boolean) | undefined;
}

/** A cluster in simulated time: one queue of what lies ahead, and all that it happens to. */
export class World implements Host {
  readonly seed: number;
  readonly queue = new EventQueue();
  readonly recorder: Recorder | undefined;
  readonly guards: boolean;
  readonly network: Network;
  readonly nodes: readonly SimNode[];
  readonly actors: readonly SimActor[];
  now: Micros = 0;
  /** What has happened, and how much of it were steps of machines. */
  events = 0;
  steps = 0;
  /** Set to end the run. */
  over = false;
  readonly #byAddress: ReadonlyMap<Address, SimActor>;
  readonly #nodesByName: ReadonlyMap<string, SimNode>;
  readonly #requests: NonNullable<SimulationConfiguration['requests']>;
  readonly #observer: Observer;
  readonly #mayGoOn: WorldOptions['mayGoOn'];
  #started = false;

  constructor(configuration: SimulationConfiguration, roles: Roles, observer: Observer, options: WorldOptions) {
    const { members, requests = [] } = configuration;
    this.seed = options.seed;
    this.recorder = options.recorder;
    this.guards = options.guards ?? false;
    this.#observer = observer;
    this.#mayGoOn = options.mayGoOn;
    this.#requests = requests;
    const names = [...new Set(members.map(({ address }) => nodeOf(address)))];
    const stable = new Set(members.filter((member) => member.stable).map(({ address }) => nodeOf(address)));
    this.nodes = names.map((name, index) => new SimNode(index, name, stable.has(name), this, options.disk));
    this.#nodesByName = new Map(this.nodes.map((node) => [node.name, node]));
    this.network = new Network(options.seed, names, options.network);
    this.actors = members.map((member, index) => {
      const protocol = roles[member.role];
      if (!protocol) {
        throw new SynodError(
          'SIMULATION_INVALID',
          `Member ${member.address} is of role "${member.role}"; the specification has ${Object.keys(roles).join(', ')}.`,
        );
      }
      const premises = this.node(nodeOf(member.address)) as SimNode;
      const covered = options.covered?.(member.role);
      const actor = new SimActor(index, member, protocol, engineOf(protocol), { host: this, premises, covered });
      premises.actors.push(actor);
      return actor;
    });
    this.#byAddress = new Map(this.actors.map((actor) => [actor.address, actor]));
    for (const [index, { to, atMs }] of requests.entries()) {
      if (!this.#byAddress.has(to)) {
        throw new SynodError(
          'SIMULATION_INVALID',
          `Request ${index} is to ${to}, which is no member; name one of ${[...this.#byAddress.keys()].join(', ')}.`,
        );
      }
      this.queue.push(new Happening('request', micros(atMs), index));
    }
  }

  node(name: string): SimNode | undefined {
    return this.#nodesByName.get(name);
  }

  /** Nodes that faults may touch. */
  get movable(): readonly SimNode[] {
    return this.nodes.filter(({ stable }) => !stable);
  }

  /** Starts every member. */
  start(): void {
    for (const actor of this.actors) actor.start();
    this.#started = true;
  }

  view(index: number): NodeView {
    const { address, role, snapshot, premises } = this.actors[index] as SimActor;
    const node = this.nodes[premises.index] as SimNode;
    return { node: node.name, actor: address, role, up: node.up, value: snapshot.value, context: snapshot.context };
  }

  /** Lets happen what lies ahead up to and including the moment `until`, unless the run is over before. */
  run(until: Micros): void {
    let atOnce = 0;
    while (!this.over) {
      const next = this.queue.peek();
      if (!next || next.at > until) {
        this.now = until;
        return;
      }
      if (this.#mayGoOn?.(this) === false) continue;
      this.queue.pop();
      if (next.at === this.now) {
        if (++atOnce > MOST_AT_ONCE) throw stuck(this.now, next);
      } else atOnce = 0;
      this.now = next.at;
      this.happen(next);
    }
  }

  /** Something happens now. */
  happen(happening: Happening): void {
    if (happening.kind === 'cancelled') return;
    this.events++;
    switch (happening.kind) {
      case 'deliver':
        return this.#deliver(happening);
      case 'timer': {
        const actor = this.actors[happening.target] as SimActor;
        if (this.#awake(actor, happening)) {
          this.steps++;
          actor.fire(happening);
        }
        return;
      }
      case 'synced': {
        const node = this.nodes[happening.target] as SimNode;
        if (node.paused) node.backlog.push(happening);
        else node.synced(happening);
        return;
      }
      case 'request':
        return this.#request(happening);
      default:
        return this.#observer.fault(happening);
    }
  }

  /** A message is lost on its way. */
  lose({ envelope }: Happening): void {
    this.events++;
    this.#drop(envelope, 'fault');
  }

  /** A node goes on after a pause, with all that came meanwhile. */
  resume(node: SimNode, timers?: 'stop' | 'run'): void {
    for (const happening of node.resume(timers)) if (!this.over) this.happen(happening);
  }

  note(node: string, code: string, text: string): void {
    this.recorder?.record(millis(this.now), node, { type: 'note', code, text });
  }

  changed(index: number, before: AnyMachineSnapshot | undefined): void {
    if (this.#started) this.#observer.changed(index, this.view(index), before !== undefined);
  }

  send(index: number, to: Address, message: Message): void {
    const sender = this.actors[index] as SimActor;
    const from = sender.premises.index;
    const receiver = this.#byAddress.get(to);
    if (sender.premises.blocked && receiver?.premises !== sender.premises) {
      this.nodes[from]?.unsaid.push(() => this.send(index, to, message));
      return;
    }
    const envelope = this.recorder?.send(millis(this.now), sender.address, to, message);
    const counts = this.network.sent;
    counts[from] = (counts[from] as number) + 1;
    if (!receiver) {
      if (envelope) this.recorder?.drop(millis(this.now), envelope, 'dead-letter');
      return;
    }
    const target = receiver.premises.index;
    let at = this.now + 1;
    if (target !== from) {
      const link = this.network.send(from, target, this.now, message);
      if (!link) {
        if (envelope) this.recorder?.drop(millis(this.now), envelope, 'fault');
        return;
      }
      at = link.arrival;
      if (link.copy >= 0) this.#post(link.copy, receiver.index, from, sender.address, message, envelope);
    }
    this.#post(at, receiver.index, from, sender.address, message, envelope);
  }

  emitted(index: number, event: EventObject): void {
    this.#observer.emitted((this.actors[index] as SimActor).address, event);
  }

  failed(index: number, error: unknown): void {
    const { address } = this.actors[index] as SimActor;
    const reason = error instanceof Error ? error.message : String(error);
    this.recorder?.record(millis(this.now), nodeOf(address), { type: 'crash', actor: address, reason });
    this.#observer.failed(address, error);
  }

  #post(
    at: Micros,
    target: number,
    source: number,
    from: Address,
    message: Message,
    envelope: Happening['envelope'],
  ): void {
    const happening = new Happening('deliver', at, target);
    happening.source = source;
    happening.from = from;
    happening.message = message;
    happening.envelope = envelope;
    this.queue.push(happening);
  }

  #deliver(happening: Happening): void {
    const { target, source, message, from, envelope } = happening;
    const actor = this.actors[target] as SimActor;
    const node = this.nodes[actor.premises.index] as SimNode;
    if (source !== node.index && this.network.isCut(source, node.index)) return this.#drop(envelope, 'fault');
    if (!node.up) return this.#drop(envelope, 'unreachable');
    if (node.paused || (node.blocked && source !== node.index)) {
      node.backlog.push(happening);
      return;
    }
    if (actor.ended) return this.#drop(envelope, 'stopped');
    const taken = message as Message;
    if (!Object.hasOwn(actor.protocol.messages, taken.type)) return this.#drop(envelope, 'invalid-message');
    if (envelope) this.recorder?.deliver(millis(this.now), envelope);
    this.steps++;
    actor.take(received(taken, from as Address, node.clock.read(this.now)), envelope);
  }

  #request(happening: Happening): void {
    const request = this.#requests[happening.target] as NonNullable<SimulationConfiguration['requests']>[number];
    const actor = this.#byAddress.get(request.to) as SimActor;
    if (!this.#awake(actor, happening)) return;
    this.steps++;
    const event = timed(request.event, actor.premises.clock.read(this.now));
    actor.take(request.from ? received(event, request.from, event.at) : event);
  }

  /** Whether an actor takes something up now; a paused node takes it up later, and one that is down never. */
  #awake(actor: SimActor, happening: Happening): boolean {
    const node = this.nodes[actor.premises.index] as SimNode;
    if (node.paused && node.up) node.backlog.push(happening);
    return node.up && !node.paused;
  }

  #drop(envelope: Happening['envelope'], reason: DropReason): void {
    if (envelope) this.recorder?.drop(millis(this.now), envelope, reason);
  }
}

const stuck = (now: Micros, { kind, target, id }: Happening): SynodError =>
  new SynodError(
    'SIMULATION_STUCK',
    `At ${millis(now)} ms there is no end of things to do, and time does not go on (${kind} of ${id ?? target}); is a delay 0?`,
  );
