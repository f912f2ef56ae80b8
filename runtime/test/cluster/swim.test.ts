import { swim } from '@synod/machines/swim';
import { address, type Envelope, nodeOf } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import {
  type ClusterSystemOptions,
  createMemoryNetwork,
  createMemoryStorage,
  createVirtualClock,
  type Publication,
} from '../../src/index.ts';
import { counter } from '../support.ts';
import { type Node, startNode } from './support.ts';

/** SWIM's own defaults: in a small cluster a dead member is found within half a minute. */
const FOUND_MS = 40_000;

/** Members over the memory network, in virtual time; their network can be parted. */
function network(options: Partial<ClusterSystemOptions> = {}) {
  const clock = createVirtualClock();
  let cut = (_a: string, _b: string) => false;
  const memory = createMemoryNetwork({
    serialise: true,
    route: ({ from, to }: Envelope, deliver) => {
      if (!cut(nodeOf(from), nodeOf(to))) queueMicrotask(deliver);
    },
  });
  const start = (node: string, more: Partial<ClusterSystemOptions> = {}): Promise<Node> =>
    startNode({
      node,
      clock,
      seed: 1,
      transport: memory.transport(),
      membership: swim({ seeds: ['n1', 'n2'] }),
      ...options,
      ...more,
    });
  const part = (side: readonly string[]) => {
    cut = (a, b) => side.includes(a) !== side.includes(b);
  };
  const heal = () => {
    cut = () => false;
  };
  return { clock, start, part, heal };
}

const names = (node: Node) => node.system.cluster.members.map((member) => member.node);
const all = (count: number) => Array.from({ length: count }, (_, index) => `n${index + 1}`);

async function cluster(count: number, options: Partial<ClusterSystemOptions> = {}) {
  const net = network(options);
  const nodes: Node[] = [];
  for (const name of all(count)) {
    nodes.push(await net.start(name));
    await net.clock.advance(1_000);
  }
  await net.clock.advance(10_000);
  const [n1, n2, n3] = nodes as [Node, Node, Node];
  return { ...net, nodes, n1, n2, n3 };
}

describe('three nodes with SWIM', () => {
  it('know each other, with metadata, registry and topics', async () => {
    const { clock, nodes, n1, n2, n3 } = await cluster(3, { metadata: { role: 'db' } });
    for (const node of nodes) {
      expect(names(node)).toEqual(['n1', 'n2', 'n3']);
      expect(node.system.cluster.members.every(({ metadata }) => metadata.role === 'db')).toBe(true);
    }
    const actor = await n3.system.spawn('c', counter);
    n3.system.cluster.registry.register('counter', actor.address);
    const heard: Publication[] = [];
    n2.system.cluster.topics.subscribe('news').subscribe((publication) => heard.push(publication));
    n3.system.cluster.topics.subscribeActor('news', actor.address);
    await clock.advance(3_000);
    for (const node of nodes) expect(node.system.cluster.registry.lookup('counter')).toEqual(['c@n3']);
    n1.system.cluster.topics.publish('news', { type: 'Add', amount: 5 } as { type: string });
    await clock.advance(0);
    expect(heard).toEqual([{ from: 'system@n1', message: { type: 'Add', amount: 5 } }]);
    expect(actor.getSnapshot().context.total).toBe(5);
    n2.system.cluster.describe({ role: 'web' });
    await clock.advance(5_000);
    expect(n1.system.cluster.members[1]?.metadata.role).toBe('web');
  });

  it('see one leave', async () => {
    const { clock, n1, n2, n3 } = await cluster(3);
    const ends: object[] = [];
    const actor = await n3.system.spawn('c', counter);
    n3.system.cluster.registry.register('counter', actor.address);
    n1.system.watch(address('facts', 'n3')).subscribe((end) => ends.push(end));
    await clock.advance(3_000);
    const down = n3.system.shutdown();
    await clock.advance(5_000);
    await down;
    for (const node of [n1, n2]) {
      expect(names(node)).toEqual(['n1', 'n2']);
      expect(node.told()).toContain('left n3');
      expect(node.system.cluster.registry.lookup('counter')).toEqual([]);
    }
    expect(ends).toHaveLength(1);
  });

  it('see one die, and come back under its name', async () => {
    const { clock, start, n1, n2, n3 } = await cluster(3);
    const actor = await n3.system.spawn('c', counter);
    n3.system.cluster.registry.register('counter', actor.address);
    await clock.advance(3_000);
    const ends: object[] = [];
    n1.system.watch(actor.address).subscribe((end) => ends.push(end));
    await n3.system.kill();
    await clock.advance(2_000);
    expect(ends).toEqual([]);
    await clock.advance(FOUND_MS);
    expect(ends).toEqual([{ type: 'Terminated', actor: 'c@n3', reason: 'node-dead' }]);
    for (const node of [n1, n2]) {
      expect(names(node)).toEqual(['n1', 'n2']);
      expect(node.system.cluster.registry.lookup('counter')).toEqual([]);
    }
    const again = await start('n3', { seed: 2 });
    await clock.advance(10_000);
    for (const node of [n1, n2, again]) expect(names(node)).toEqual(['n1', 'n2', 'n3']);
    again.system.cluster.registry.register('other', (await again.system.spawn('d', counter)).address);
    await clock.advance(3_000);
    for (const node of [n1, n2, again]) {
      expect(node.system.cluster.registry.lookup('other')).toEqual(['d@n3']);
      expect(node.system.cluster.registry.lookup('counter')).toEqual([]);
    }
  });

  it('notice a restart too quick to be found dead', async () => {
    const { clock, start, n1, n2, n3 } = await cluster(3);
    const actor = await n3.system.spawn('c', counter);
    n3.system.cluster.registry.register('counter', actor.address);
    await clock.advance(3_000);
    const ends: object[] = [];
    n1.system.watch(actor.address).subscribe((end) => ends.push(end));
    await n3.system.kill();
    await start('n3', { seed: 2 });
    await clock.advance(4_000);
    expect(ends).toMatchObject([{ actor: 'c@n3', reason: 'node-restarted' }]);
    expect(n1.told()).not.toContain('died n3');
    await clock.advance(10_000);
    for (const node of [n1, n2]) expect(node.system.cluster.registry.lookup('counter')).toEqual([]);
  });

  it('restart all at once on their disks', async () => {
    const net = network();
    const disks = new Map(all(3).map((name) => [name, createMemoryStorage()]));
    const begin = async () => {
      const nodes: Node[] = [];
      for (const [name, storage] of disks) nodes.push(await net.start(name, { storage }));
      await net.clock.advance(10_000);
      for (const node of nodes) expect(names(node)).toEqual(all(3));
      return nodes;
    };
    for (const node of await begin()) await node.system.kill();
    for (const disk of disks.values()) disk.crash();
    await begin();
  });
});

describe('five nodes with SWIM', () => {
  const MINORITY = ['n1', 'n4'];
  const MAJORITY = ['n2', 'n3', 'n5'];
  const splitBrain = { strategy: 'keep-majority', stableAfterMs: 20_000 } as const;

  it('keep the majority when the network is parted, and take the others in anew', async () => {
    const { clock, start, part, heal, nodes } = await cluster(5, { splitBrain });
    const of = (side: readonly string[]) => nodes.filter(({ name }) => side.includes(name));
    part(MINORITY);
    await clock.advance(FOUND_MS + splitBrain.stableAfterMs);
    for (const node of of(MINORITY)) {
      expect(await node.system.closed).toMatchObject({ code: 'CLUSTER_DOWNED' });
    }
    for (const node of of(MAJORITY)) expect(names(node)).toEqual(MAJORITY);
    heal();
    const again = [await start('n1', { seed: 2 }), await start('n4', { seed: 2 })];
    await clock.advance(40_000);
    for (const node of [...of(MAJORITY), ...again]) expect(names(node)).toEqual(all(5));
  });

  it('survive a partition that is over before anything was decided', async () => {
    const { clock, part, heal, nodes } = await cluster(5, { splitBrain: { ...splitBrain, stableAfterMs: 120_000 } });
    part(MINORITY);
    await clock.advance(FOUND_MS);
    heal();
    await clock.advance(120_000);
    for (const node of nodes) {
      expect(names(node)).toEqual(all(5));
      expect(node.told()).not.toContain('downed');
    }
  });

  it('without a strategy go on in two parts, and become one again', async () => {
    const { clock, part, heal, nodes } = await cluster(5);
    part(MINORITY);
    await clock.advance(FOUND_MS);
    for (const node of nodes) expect(names(node)).toEqual(MINORITY.includes(node.name) ? MINORITY : MAJORITY);
    heal();
    await clock.advance(120_000);
    for (const node of nodes) expect(names(node)).toEqual(all(5));
  });

  it('agree on registry and topics through the death of one and the leaving of another', async () => {
    const { clock, nodes } = await cluster(5);
    for (const { system, name } of nodes) {
      system.cluster.registry.register('worker', (await system.spawn('w', counter)).address);
      if (name !== 'n1') system.cluster.topics.subscribe('news').subscribe();
    }
    await clock.advance(5_000);
    const lookups = () => nodes.map(({ system }) => system.cluster.registry.lookup('worker'));
    for (const lookup of lookups()) expect(lookup).toEqual(all(5).map((name) => `w@${name}`));
    await nodes[3]?.system.kill();
    const down = nodes[4]?.system.shutdown();
    await clock.advance(FOUND_MS);
    await down;
    for (const lookup of lookups().slice(0, 3)) expect(lookup).toEqual(['w@n1', 'w@n2', 'w@n3']);
    const [n1] = nodes as [Node];
    n1.system.cluster.topics.publish('news', { type: 'X' });
    const sent = n1.trace.filter((record) => record.type === 'send' && record.message.type === 'Publish');
    expect(sent).toMatchObject([{ to: 'system@n2' }, { to: 'system@n3' }]);
  });
});

describe('what SWIM refuses', () => {
  it('seeds that do not answer: coded, traced, and tried again', async () => {
    const net = network();
    const n3 = await net.start('n3');
    const late = expect(n3.system.cluster.joined({ timeoutMs: 5_000 })).rejects.toMatchObject({
      code: 'SEEDS_UNREACHABLE',
    });
    await net.clock.advance(5_000);
    await late;
    expect(n3.notes('SEEDS_UNREACHABLE').length).toBeGreaterThan(0);
    await net.start('n1');
    await net.clock.advance(5_000);
    await expect(n3.system.cluster.joined()).resolves.toBeUndefined();
  });

  it('a node of another cluster', async () => {
    const { clock, start, nodes, n1 } = await cluster(3);
    const other = await start('n4', { cluster: 'other' });
    await clock.advance(10_000);
    for (const node of nodes) expect(names(node)).toEqual(all(3));
    expect(n1.notes('CLUSTER_FOREIGN').length).toBeGreaterThan(0);
    expect(other.events).toContainEqual(expect.objectContaining({ type: 'refused', code: 'CLUSTER_FOREIGN' }));
    expect(names(other)).toEqual(['n4']);
  });

  it('who speaks in the name of another', async () => {
    const { clock, start, nodes, n1 } = await cluster(3);
    const forger = await start('evil', { membership: swim() });
    const claim = { node: 'n2', status: 'left', incarnation: 7, metadata: {} };
    const message = { type: 'PushPull', cluster: 'synod', joining: false, members: [claim] } as { type: string };
    forger.system.send(address('swim', 'n1'), message);
    await clock.advance(5_000);
    expect(n1.notes('FROM_FORGED')).toHaveLength(1);
    for (const node of nodes) expect(names(node)).toEqual(all(3));
  });

  it('what is no message of its own', async () => {
    const { clock, start, nodes, n1 } = await cluster(3);
    const stranger = await start('evil', { membership: swim() });
    for (const type of ['member.leave', 'gossip.forget', 'Ping', 'Digest']) {
      for (const actor of ['swim', 'gossip']) stranger.system.send(address(actor, 'n1'), { type });
    }
    await clock.advance(5_000);
    expect(n1.trace.filter((record) => record.type === 'drop' && record.reason === 'invalid-message')).toHaveLength(8);
    for (const node of nodes) expect(names(node)).toEqual(all(3));
  });
});
