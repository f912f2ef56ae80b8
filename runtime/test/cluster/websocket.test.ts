import { swim } from '@synod/machines/swim';
import { address, type Message } from '@synod/protocol';
import { describe, expect, it, vi } from 'vitest';
import {
  type ClusterSystemOptions,
  createSystem,
  createWebSocketTransport,
  type Publication,
  type WebSocketTransport,
  type WebSocketTransportOptions,
} from '../../src/index.ts';
import { counter } from '../support.ts';
import { type Node, startNode } from './support.ts';

/** Faster than SWIM's defaults, so that a test need not wait. */
const QUICK = { periodMs: 300, pingTimeoutMs: 140, joinTimeoutMs: 200, pushPullMs: 1_000, gossip: { intervalMs: 100 } };

/** The same, where nobody may be held dead: what is silent only because the machine is busy stays suspected. */
const PATIENT = { ...QUICK, suspicionMinMs: 600_000 };

const BACKOFF = { minMs: 20, maxMs: 100 };

type Member = Node & { readonly transport: WebSocketTransport };

interface Options {
  readonly seeds?:
    | readonly Member[]
    | readonly { readonly name: string; readonly transport: { readonly url: string } }[];
  readonly transport?: Partial<WebSocketTransportOptions>;
  readonly system?: Partial<ClusterSystemOptions>;
  readonly detector?: typeof QUICK;
}

/** A member that listens at a port which the system chooses, and knows of the others where the seeds are. */
async function start(
  name: string,
  { seeds = [], transport: wire = {}, system = {}, detector = PATIENT }: Options = {},
): Promise<Member> {
  const transport = createWebSocketTransport({ cluster: 'test', backoff: BACKOFF, drainMs: 50, ...wire });
  const membership = swim({ ...detector, seeds: seeds.map((seed) => ({ node: seed.name, url: seed.transport.url })) });
  const node = await startNode({ node: name, transport, membership, ...system });
  return { ...node, transport };
}

const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 15_000, interval: 10 });

const names = (node: Node) => node.system.cluster.members.map((member) => member.node);

const trio = async (options: Options = {}) => {
  const n1 = await start('n1', options);
  const n2 = await start('n2', { ...options, seeds: [n1] });
  const n3 = await start('n3', { ...options, seeds: [n1] });
  await eventually(() => {
    for (const node of [n1, n2, n3]) expect(names(node)).toEqual(['n1', 'n2', 'n3']);
  });
  return { n1, n2, n3 };
};

describe('members over WebSockets', () => {
  it('find each other through one seed, and learn where the others listen', async () => {
    const { n1, n2, n3 } = await trio({ system: { metadata: { zone: 'a' } } });
    const urls = [n1, n2, n3].map(({ transport }) => transport.url);
    expect(n2.system.cluster.members.map(({ metadata }) => metadata.url)).toEqual(urls);
    const actor = await n3.system.spawn('c', counter);
    n3.system.cluster.registry.register('counter', actor.address);
    const heard: Publication[] = [];
    n1.system.cluster.topics.subscribe('news').subscribe((publication) => heard.push(publication));
    await eventually(() => expect(n2.system.cluster.registry.lookup('counter')).toEqual(['c@n3']));
    await eventually(() => {
      n2.system.cluster.topics.publish('news', { type: 'X' });
      expect(heard.length).toBeGreaterThan(0);
    });
    n2.system.send(actor.address, { type: 'Add', amount: 3 } as Message);
    expect(await n2.system.ask(actor.address, { type: 'Read' })).toEqual({ type: 'Total', total: 3 });
  });

  it('end the watch of an actor when its node is killed, and find the node again at another port', async () => {
    const { n1, n2, n3 } = await trio({ transport: { idleMs: 300 }, detector: QUICK });
    const actor = await n3.system.spawn('c', counter);
    const ends: object[] = [];
    n1.system.watch(actor.address).subscribe((end) => ends.push(end));
    await n3.system.kill();
    await eventually(() => expect(ends).toEqual([{ type: 'Terminated', actor: 'c@n3', reason: 'node-dead' }]));
    await eventually(() => expect(names(n2)).toEqual(['n1', 'n2']));
    const again = await start('n3', { seeds: [n2] });
    await eventually(() => expect(names(n1)).toEqual(['n1', 'n2', 'n3']));
    n1.system.send(address('gossip', 'n3'), { type: 'X' });
    expect(again.transport.port).not.toBe(n3.transport.port);
    expect(n1.system.cluster.members[2]?.metadata.url).toBe(again.transport.url);
  });

  it('leave in good order', async () => {
    const { n1, n2, n3 } = await trio();
    await n3.system.shutdown();
    await eventually(() => {
      for (const node of [n1, n2]) expect(names(node)).toEqual(['n1', 'n2']);
    });
    expect(n1.told()).toContain('left n3');
    expect(n1.told()).not.toContain('died n3');
  });
});

describe('refused, traced, and without harm to the cluster', () => {
  const unharmed = async ({ n1, n2, n3 }: Awaited<ReturnType<typeof trio>>) => {
    for (const node of [n1, n2, n3]) {
      expect(names(node)).toEqual(['n1', 'n2', 'n3']);
      expect(node.told()).not.toContain('died n2');
    }
    // What crosses the close of an idle connection is lost, and asked again.
    await eventually(async () =>
      expect(await n1.system.ask(address('c', 'n2'), { type: 'Read' })).toMatchObject({ type: 'Total' }),
    );
  };

  it('is a second process with the name of a member, connected or not', async () => {
    const members = await trio({ transport: { idleMs: 100 } });
    const { n1, n2 } = members;
    await n2.system.spawn('c', counter);
    const impostor = await start('n2', { seeds: [n1] });
    await eventually(() => expect(n1.notes('HANDSHAKE_DUPLICATE').length).toBeGreaterThan(2));
    await expect(impostor.system.cluster.joined({ timeoutMs: 300 })).rejects.toMatchObject({
      code: 'SEEDS_UNREACHABLE',
    });
    expect(names(impostor)).toEqual(['n2']);
    await unharmed(members);
  });

  it('is a node whose transport is of another cluster', async () => {
    const members = await trio();
    await members.n2.system.spawn('c', counter);
    const other = await start('n4', { seeds: [members.n1], transport: { cluster: 'other' } });
    await eventually(() => expect(members.n1.notes('HANDSHAKE_CLUSTER')).not.toEqual([]));
    await eventually(() => expect(other.notes('SEEDS_UNREACHABLE')).not.toEqual([]));
    await unharmed(members);
  });

  it('is a node whose membership is of another cluster', async () => {
    const members = await trio();
    await members.n2.system.spawn('c', counter);
    const other = await start('n4', { seeds: [members.n1], system: { cluster: 'other' } });
    await eventually(() => expect(members.n1.notes('CLUSTER_FOREIGN')).not.toEqual([]));
    await eventually(() => expect(other.events).toContainEqual(expect.objectContaining({ code: 'CLUSTER_FOREIGN' })));
    await unharmed(members);
  });

  it('is a member that says it listens where nobody can', async () => {
    const members = await trio();
    await members.n2.system.spawn('c', counter);
    const metadata = { ...members.n3.system.cluster.members[2]?.metadata, url: 'http://nowhere' };
    members.n3.system.send(address('swim', 'n3'), { type: 'member.describe', metadata } as Message);
    await eventually(() => expect(members.n1.notes('URL_INVALID')).toHaveLength(1));
    await unharmed(members);
  });

  it('is a seed that does not answer', async () => {
    const lonely = await start('n9', { seeds: [{ name: 'n1', transport: { url: 'ws://127.0.0.1:1' } }] });
    await expect(lonely.system.cluster.joined({ timeoutMs: 500 })).rejects.toMatchObject({ code: 'SEEDS_UNREACHABLE' });
    expect(lonely.notes('SEEDS_UNREACHABLE')).not.toEqual([]);
    expect(lonely.notes('CONNECT_FAILED')).toHaveLength(1);
    expect(names(lonely)).toEqual(['n9']);
  });

  it('is an address that is none, of a seed or of this node', async () => {
    const transport = () => createWebSocketTransport({ cluster: 'test' });
    const membership = swim({ seeds: [{ node: 'n1', url: 'nowhere' }] });
    const invalid = expect.objectContaining({ code: 'URL_INVALID' });
    await expect(createSystem({ node: 'n9', transport: transport(), membership })).rejects.toEqual(invalid);
    const metadata = { url: 'nowhere' };
    const own = createSystem({ node: 'n9', transport: transport(), membership: swim(), metadata });
    await expect(own).rejects.toEqual(invalid);
    const { system } = await start('n9');
    expect(() => system.cluster.describe(metadata)).toThrow(invalid);
  });
});
