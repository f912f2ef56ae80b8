import { type Address, canonical, nodeOf, type Property } from '@synod/protocol';
import type { EventObject } from 'xstate';
import { overlooked } from '../write/instance.ts';
import type { ClusterCase, ClusterExpectation, ClusterStart, ClusterStep, Sent } from './case.ts';
import { type Cluster, roleOf, timerNamed } from './cluster.ts';
import { notAsExpected, notPossible } from './failure.ts';
import { LiveNode } from './live-node.ts';
import { ScriptingProxy } from './proxy.ts';
import { changes } from './rehearsed-actor.ts';

export interface PlayClusterOptions {
  /** What a message or a step may take at most, in milliseconds of real time. Default 4,000. Nothing waits that long unless it never comes. */
  readonly deadlineMs?: number;
}

/** What playing a test came to. */
export interface PlayedCluster {
  readonly steps: number;
  /** Messages that went over sockets, to the proxy. */
  readonly messages: number;
}

/**
 * Plays a test for real: each member in an actor system of its own, over WebSockets on this computer's loopback, with a proxy between them
 * that holds each message until the script lets it go on.
 * @throws SynodError `CLUSTER_STEP_FAILED` (a `ClusterStepFailed`) with the first thing that is not as expected, `CLUSTER_STEP_IMPOSSIBLE`,
 * `CLUSTER_MEMBER_FAILED`, or `CLUSTER_TEST_TIMEOUT`.
 */
export async function playCluster(
  cluster: Cluster,
  test: Pick<ClusterCase, 'start' | 'steps'>,
  { deadlineMs = 4_000 }: PlayClusterOptions = {},
): Promise<PlayedCluster> {
  const playing = new Playing(cluster, deadlineMs);
  try {
    await playing.begin(test);
    for (const [index, step] of test.steps.entries()) await playing.step(index + 1, step);
    return { steps: test.steps.length, messages: playing.messages };
  } finally {
    await playing.stop();
  }
}

interface Numbered {
  /** The envelope's id. */
  readonly id: string;
  readonly to: Address;
  readonly type: string;
}

type Fields = Readonly<Record<string, unknown>>;

class Playing {
  readonly #cluster: Cluster;
  readonly #proxy: ScriptingProxy;
  readonly #nodes: ReadonlyMap<string, LiveNode>;
  readonly #sent = new Map<number, Numbered>();
  readonly #first = new Map<string, Fields>();
  #brought = 0;

  constructor(cluster: Cluster, deadlineMs: number) {
    this.#cluster = cluster;
    this.#proxy = new ScriptingProxy(deadlineMs);
    const { members } = cluster.configuration;
    const nodes = members.map((member) => new LiveNode(member, roleOf(cluster, member), this.#proxy, deadlineMs));
    this.#nodes = new Map(nodes.map((node) => [node.name, node]));
  }

  get messages(): number {
    return this.#sent.size;
  }

  async begin({ start, steps }: Pick<ClusterCase, 'start' | 'steps'>): Promise<void> {
    const names = [...this.#nodes.keys()];
    const outside = steps.flatMap((step) => ('request' in step && step.from ? [nodeOf(step.from)] : []));
    await this.#proxy.start(names, [...new Set(outside)].filter((name) => !names.includes(name)).sort());
    await Promise.all([...this.#nodes.values()].map((node) => node.start()));
    for (const expected of start) await this.#begun(expected);
  }

  async step(number: number, step: ClusterStep): Promise<void> {
    if ('drop' in step) return this.#drop(number, step.drop);
    if ('crash' in step) return this.#node(number, step.crash, true).crash();
    if ('restart' in step) return this.#restart(number, step, this.#node(number, step.restart, false));
    const { node, what, act } = this.#stimulus(number, step);
    if (node.hasEnded) throw notPossible(number, `the machine of ${node.address} has come to its end`);
    const before = node.snapshot;
    await node.step(
      `Step ${number}, ${what},`,
      act,
      (record) => record.type === 'transition' && record.actor === node.address,
    );
    const { ignored } = this.#cluster.configuration;
    const changed = changes(before.context, node.snapshot.context, ignored);
    await this.#judge(number, what, node, { state: before.value, ...step }, changed);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.stop()));
    await this.#proxy.stop();
  }

  async #begun(expected: ClusterStart): Promise<void> {
    const node = this.#node(0, nodeOf(expected.at), true);
    this.#first.set(node.name, node.snapshot.context);
    await this.#judge(0, node.name, node, expected, {});
  }

  async #drop(number: number, message: number): Promise<void> {
    await this.#proxy.arrival(this.#message(number, message).id);
  }

  async #restart(number: number, step: ClusterStep, node: LiveNode): Promise<void> {
    await node.start();
    const { ignored } = this.#cluster.configuration;
    const changed = changes(this.#first.get(node.name) as Fields, node.snapshot.context, ignored);
    await this.#judge(number, `restart ${node.name}`, node, step, changed);
  }

  #stimulus(number: number, step: ClusterStep): { node: LiveNode; what: string; act: () => void } {
    if ('deliver' in step) {
      const { id, to, type } = this.#message(number, step.deliver);
      const node = this.#node(number, nodeOf(to), true);
      return { node, what: `deliver ${type} to ${to}`, act: () => this.#proxy.release(id) };
    }
    if ('fire' in step) {
      const node = this.#node(number, nodeOf(step.at), true);
      const id = timerNamed(step.fire, node.armed);
      if (id === undefined) throw notPossible(number, `${step.at} has no timer ${step.fire}`);
      return { node, what: `timer ${step.fire} of ${step.at}`, act: () => node.fire(id) };
    }
    if (!('request' in step)) throw notPossible(number, 'it says nothing that can be done');
    const { request, at, from } = step;
    const node = this.#node(number, nodeOf(at), true);
    const act = () => (from ? this.#bring(request, from, at) : node.ask(request));
    return { node, what: `${request.type} to ${at}`, act };
  }

  /** What a client on another node asks for comes over the network, as all it sends. */
  #bring(message: EventObject, from: Address, to: Address): void {
    const id = `${nodeOf(from)}:${++this.#brought}`;
    this.#proxy.bring({ id, from, to, message, clock: { [nodeOf(from)]: this.#brought } });
  }

  #message(step: number, number: number): Numbered {
    const found = this.#sent.get(number);
    if (!found) throw notPossible(step, `no message has the number ${number}`);
    return found;
  }

  #node(step: number, name: string, up: boolean): LiveNode {
    const node = this.#nodes.get(name);
    if (!node) throw notPossible(step, `there is no node ${name}`);
    if (node.up !== up) throw notPossible(step, `node ${name} is ${up ? 'down' : 'up'}`);
    return node;
  }

  async #judge(
    step: number,
    what: string,
    node: LiveNode,
    expected: ClusterExpectation,
    changed: Fields,
  ): Promise<void> {
    const { sends, emits } = node.take();
    const same = (field: string, wanted: unknown, actual: unknown) => {
      const looked = overlooked(wanted, actual);
      if (canonical(wanted) !== canonical(looked))
        notAsExpected(step, what, `${field} of ${node.address}`, wanted, looked);
    };
    same('the state', expected.state, node.snapshot.value);
    const context = expected.context ?? {};
    same('what changed in the context', Object.keys(context).sort(), Object.keys(changed).sort());
    for (const [field, value] of Object.entries(context)) same(`context.${field}`, value, changed[field]);
    const wanted = expected.sends ?? [];
    const told = ({ to, message }: Pick<Sent, 'to' | 'message'>) => ({ to, message });
    same('what is sent', wanted.map(told), sends.map(told));
    same('what is emitted', expected.emits ?? [], emits);
    for (const [place, { id, to, message }] of wanted.entries())
      if (id !== undefined) this.#sent.set(id, { id: sends[place]?.id as string, to, type: message.type });
    await Promise.all(wanted.map(({ id }) => id !== undefined && this.#proxy.arrival(this.#message(step, id).id)));
    this.#judgeProperties(step, what, expected.holds ?? []);
  }

  #judgeProperties(step: number, what: string, names: readonly string[]): void {
    const views = [...this.#nodes.values()].map((node) => node.view);
    const { properties } = this.#cluster.configuration;
    const isTrue = (property: Property) => property.kind !== 'step' && property.holds(views);
    const actual = names.filter((name) => properties.some((property) => property.name === name && isTrue(property)));
    if (actual.length < names.length) notAsExpected(step, what, 'what the world comes to', names, actual);
  }
}
