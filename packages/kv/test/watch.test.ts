import { describe, expect, it } from 'vitest';
import type { KvChange } from '../src/feed.ts';
import type { KvFilter, KvNode } from '../src/index.ts';
import { VirtualCluster } from './cluster.ts';

/** What a watch comes to, so far. */
function watching(node: KvNode, filter: KvFilter, after?: number) {
  const seen: { changes: KvChange[]; end?: unknown } = { changes: [] };
  node.watch(filter, after).subscribe({
    next: (change) => seen.changes.push(change),
    error: (error: unknown) => {
      seen.end = error;
    },
    complete: () => {
      seen.end = 'complete';
    },
  });
  return seen;
}

describe('watch', () => {
  it('shows writes of a key or a prefix as this node applies them, in order', async () => {
    const virtual = await VirtualCluster.create();
    const { cluster } = virtual;
    const [writer, watcher] = [cluster.node('n1'), cluster.node('n2')];
    await virtual.settle(writer.put('a/1', 'before'));
    await virtual.until(() => watcher.status().lastApplied === writer.status().lastApplied);
    const [key, prefix, all, other] = [{ key: 'a/1' }, { prefix: 'a/' }, { prefix: '' }, { key: 'a/' }].map((filter) =>
      watching(watcher, filter),
    );
    const first = await virtual.settle(writer.put('a/1', 'x'));
    const second = await virtual.settle(writer.put('b', 'y'));
    await virtual.settle(writer.put('b', 'z', { expected: 0 }).catch(() => {}));
    await virtual.settle(writer.get('b'));
    await virtual.settle(writer.delete('none'));
    const third = await virtual.settle(writer.delete('a/1'));
    await virtual.until(() => watcher.revision >= (third.revision as number));
    const changes = [
      { key: 'a/1', revision: first.revision, value: 'x' },
      { key: 'b', revision: second.revision, value: 'y' },
      { key: 'a/1', revision: third.revision, value: null },
    ];
    expect(all?.changes).toEqual(changes);
    expect(key?.changes).toEqual([changes[0], changes[2]]);
    expect(prefix?.changes).toEqual([changes[0], changes[2]]);
    expect(other?.changes).toEqual([]);
    await virtual.settle(watcher.close());
    expect(all?.end).toBe('complete');
    expect(watching(watcher, { prefix: '' }).end).toBe('complete');
    await virtual.settle(cluster.stop());
  });

  it('begins after a known revision, and says when it is no longer known', async () => {
    const virtual = await VirtualCluster.create({ node: { maxChanges: 3 } });
    const node = virtual.cluster.node('n1');
    const revisions: number[] = [];
    for (const value of ['0', '1', '2', '3', '4']) {
      revisions.push((await virtual.settle(node.put('a', value))).revision);
    }
    await virtual.until(() => node.revision >= (revisions[4] as number));
    expect(watching(node, { key: 'a' }, revisions[2]).changes.map(({ value }) => value)).toEqual(['3', '4']);
    expect(watching(node, { key: 'a' }, revisions[1]).changes.map(({ value }) => value)).toEqual(['2', '3', '4']);
    expect(watching(node, { key: 'a' }, revisions[0]).end).toMatchObject({
      code: 'KV_COMPACTED',
      details: { compacted: revisions[1] },
    });
    const ahead = watching(node, { key: 'a' }, (revisions[4] as number) + 1);
    await virtual.settle(node.put('b', ''));
    await virtual.settle(node.put('a', '5'));
    await virtual.until(() => ahead.changes.length > 0);
    expect(ahead.changes).toMatchObject([{ value: '5' }]);
    await virtual.settle(virtual.cluster.stop());
  });

  it('goes on after a restart of the node without gap or repetition', async () => {
    const virtual = await VirtualCluster.create();
    const { cluster } = virtual;
    const victim = ['n1', 'n2', 'n3'].find((name) => name !== cluster.leader()) as string;
    const survivor = cluster.node(cluster.leader() as string);
    const seen = watching(cluster.node(victim), { prefix: '' });
    const first = await virtual.settle(survivor.put('a', '1'));
    await virtual.until(() => seen.changes.length === 1);
    await cluster.kill(victim);
    expect(seen.end).toBe('complete');
    await virtual.settle(survivor.put('a', '2'));
    await cluster.start(victim);
    const again = watching(cluster.node(victim), { prefix: '' }, first.revision);
    await virtual.settle(survivor.put('a', '3'));
    await virtual.until(() => again.changes.length >= 2);
    expect([...seen.changes, ...again.changes].map(({ value }) => value)).toEqual(['1', '2', '3']);
    await virtual.settle(cluster.stop());
  });
});
