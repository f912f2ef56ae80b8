import { multiPaxos } from '@synod/machines/multi-paxos';
import { type ClientReply, type RegisterClientReply, raft } from '@synod/machines/raft';
import { address, type Message, type Protocol } from '@synod/protocol';
import {
  createMemoryNetwork,
  createMemoryStorage,
  createSystem,
  createVirtualClock,
  type MemoryStorage,
  type System,
} from '@synod/runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type KvCommand, type KvState, kvStore } from '../src/store.ts';

// The store is a state machine like any other: what replicates it is Raft's log, or multi-Paxos's.

const NODES = ['n1', 'n2', 'n3'];

interface Replicating {
  readonly lastApplied: number;
  readonly replicated: { readonly state: KvState };
}

/** Three nodes that replicate the store with `protocol`, on a network and disks in memory, in virtual time. */
class Store {
  readonly clock = createVirtualClock();
  readonly #protocol: Protocol;
  readonly #network = createMemoryNetwork({ serialise: true });
  readonly #disks = new Map<string, MemoryStorage>();
  readonly #systems = new Map<string, System>();
  readonly #contexts = new Map<string, () => Replicating>();
  #session = { clientId: 0, sequenceNum: 0 };

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  async start(node: string): Promise<void> {
    const storage = this.#disks.get(node) ?? createMemoryStorage();
    const seed = Number(node.slice(1));
    const system = await createSystem({
      node,
      transport: this.#network.transport(),
      storage,
      clock: this.clock,
      seed,
    });
    const peers = NODES.filter((peer) => peer !== node).map((peer) => address('store', peer));
    const actor = await system.spawn('store', this.#protocol, { input: { peers } });
    this.#disks.set(node, storage);
    this.#systems.set(node, system);
    this.#contexts.set(node, () => actor.getSnapshot().context as Replicating);
  }

  async kill(node: string): Promise<void> {
    await this.#systems.get(node)?.kill();
    this.#disks.get(node)?.crash();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#systems.values()].map((system) => system.shutdown()));
  }

  /** What the store holds, where `node` has applied it. */
  contents(node: string): Record<string, string> {
    const state = this.#contexts.get(node)?.().replicated.state;
    return Object.fromEntries([...(state ?? [])].map(([key, { value }]) => [key, value]));
  }

  async register(): Promise<void> {
    const reply = await this.#ask<RegisterClientReply>({ type: 'RegisterClient' });
    if (reply.status === 'OK') this.#session = { clientId: reply.clientId, sequenceNum: 0 };
  }

  /** Has a command applied, once; with `again`, asks for the last one a second time. */
  async execute(command: KvCommand, again = false): Promise<unknown> {
    const { clientId, sequenceNum: last } = this.#session;
    const sequenceNum = again ? last : last + 1;
    this.#session = { clientId, sequenceNum };
    const request = { type: 'ClientRequest', clientId, sequenceNum, answeredBelow: sequenceNum, command };
    const reply = await this.#ask<ClientReply>(request);
    return reply.status === 'OK' ? reply.response : reply.status;
  }

  /** Lets time run until `condition` is so. */
  async until(condition: () => boolean): Promise<void> {
    for (let ms = 0; !condition(); ms += 5) {
      expect(ms, 'milliseconds waited').toBeLessThan(60_000);
      await this.clock.advance(5);
    }
  }

  /** Asks one node after another until one leads. */
  async #ask<R extends Message & { status: string }>(message: Message): Promise<R> {
    for (let turn = 0; ; turn++) {
      expect(turn, 'times asked').toBeLessThan(300);
      const [node] = [...this.#systems.keys()].slice(turn % NODES.length);
      const asked = this.#systems
        .get(node as string)
        ?.ask<R>(address('store', node as string), message, { timeoutMs: 100 });
      let answer: R | null | undefined;
      asked?.then(
        (reply) => {
          answer = reply;
        },
        () => {
          answer = null;
        },
      );
      await this.until(() => answer !== undefined);
      if (answer && answer.status !== 'NOT_LEADER') return answer;
      await this.clock.advance(5);
    }
  }
}

const put = (key: string, value: string, expected?: number): KvCommand =>
  expected === undefined ? { type: 'put', key, value } : { type: 'put', key, value, expected };
const get = (key: string): KvCommand => ({ type: 'get', key });

async function started(protocol: Protocol): Promise<Store> {
  const store = new Store(protocol);
  onTestFinished(() => store.stop());
  for (const node of NODES) await store.start(node);
  await store.register();
  return store;
}

describe.each([
  ['Raft', raft(kvStore) as unknown as Protocol],
  ['multi-Paxos', multiPaxos(kvStore) as unknown as Protocol],
])('the store on %s', (_, protocol) => {
  it('answers the same', async () => {
    const store = await started(protocol);
    const revision = expect.any(Number);
    expect(await store.execute(put('a', '1'))).toEqual({ type: 'written', revision, created: true });
    expect(await store.execute(put('a', '2'))).toEqual({ type: 'written', revision, created: false });
    expect(await store.execute(get('a'))).toEqual({ type: 'value', value: '2', revision });
    expect(await store.execute(put('a', '3', 0))).toEqual({ type: 'mismatch', revision });
    expect(await store.execute({ type: 'delete', key: 'a' })).toEqual({ type: 'deleted', revision });
    expect(await store.execute(get('a'))).toEqual({ type: 'absent' });
  });

  it('applies a command once, however often it is asked for', async () => {
    const store = await started(protocol);
    const first = await store.execute(put('a', '1', 0));
    expect(first).toMatchObject({ type: 'written', created: true });
    expect(await store.execute(put('a', '1', 0), true)).toEqual(first);
  });

  it('comes to the same state on all nodes, also on one that was away', async () => {
    const store = await started(protocol);
    await store.execute(put('a', '1'));
    await store.kill('n3');
    await store.execute(put('b', '2'));
    await store.execute(put('c', '3'));
    await store.start('n3');
    await store.execute(put('d', '4'));
    const contents = { a: '1', b: '2', c: '3', d: '4' };
    await store.until(() => NODES.every((node) => Object.keys(store.contents(node)).length === 4));
    expect(NODES.map((node) => store.contents(node))).toEqual([contents, contents, contents]);
  });

  it('survives the end of all nodes at once', async () => {
    const store = await started(protocol);
    await store.execute(put('a', '1'));
    for (const node of NODES) await store.kill(node);
    for (const node of NODES) await store.start(node);
    expect(await store.execute(get('a'))).toMatchObject({ type: 'value', value: '1' });
  });
});
