import { describe, expect, it } from 'vitest';
import { convergence } from '../epidemic.ts';
import { at, compiled, exchange, Replica } from './support.ts';

/** Two replicas, each with a fact of its own. */
const pair = (input: ConstructorParameters<typeof Replica>[1] = {}): readonly [Replica, Replica] => {
  const [a, b] = [new Replica(1, { peers: [at(2)], ...input }), new Replica(2, { peers: [at(1)], ...input })];
  a.put('k', 'a');
  b.put('k', 'b');
  return [a, b];
};

describe('§1.3 push, pull, push-pull', () => {
  it.each([
    ['pull', 'versions', ['Digest', 'Delta'], [false, true]],
    ['push', 'versions', ['Digest', 'Request', 'Delta'], [true, false]],
    ['pushPull', 'versions', ['Digest', 'Delta', 'Request', 'Delta'], [true, true]],
    ['pull', 'merkle', ['Hashes', 'Digest', 'Request', 'Delta'], [false, true]],
    ['push', 'merkle', ['Hashes', 'Digest', 'Delta'], [true, false]],
    ['pushPull', 'merkle', ['Hashes', 'Digest', 'Delta', 'Request', 'Delta'], [true, true]],
  ] as const)('%s by %s', (way, digest, said, [second, first]) => {
    const [a, b] = pair({ exchange: way, digest });
    expect(exchange(a, b)).toEqual(said);
    expect('k' in b.facts('n1')).toBe(second);
    expect('k' in a.facts('n2')).toBe(first);
  });

  it.each(['versions', 'merkle'] as const)('two that agree say nothing more than that, by %s', (digest) => {
    const [a, b] = pair({ digest });
    exchange(a, b);
    expect(exchange(a, b)).toEqual([digest === 'merkle' ? 'Hashes' : 'Digest']);
    expect(exchange(b, a)).toEqual([digest === 'merkle' ? 'Hashes' : 'Digest']);
  });

  it('what was learnt of others is told on', () => {
    const [a, b] = pair();
    const c = new Replica(3);
    exchange(a, b);
    exchange(b, c);
    expect(c.facts('n1')).toEqual({ k: 'a' });
  });

  it('a replica without peers waits, and begins when it has some', () => {
    const site = new Replica(1, { peers: [at(1)] });
    expect([site.value, site.delays]).toEqual(['alone', []]);
    site.take({ type: 'gossip.peers', peers: [at(1), at(2)] });
    expect(site.value).toBe('gossiping');
    expect(site.tick().sent.map(({ to }) => to)).toEqual([at(2)]);
    site.take({ type: 'gossip.peers', peers: [] });
    expect([site.value, site.delays]).toEqual(['alone', []]);
  });
});

describe('§1.3 simple epidemics: all are infected at last, in O(log n) cycles', () => {
  it.each([
    ['pushPull', 'versions', 3],
    ['pushPull', 'merkle', 3],
    ['pull', 'versions', 4],
    ['push', 'versions', 5],
  ] as const)('%s by %s: at most %i · ln n', (way, digest, factor) => {
    for (const sites of [10, 100, 400]) {
      const { cycles } = convergence({ sites, seed: 3, exchange: way, digest, fanout: 0, engineOf: compiled });
      expect(cycles).toBeGreaterThan(1);
      expect(cycles).toBeLessThanOrEqual(factor * Math.log(sites));
    }
  });
});

describe('news is told at once (§1.2, §1.4)', () => {
  it('to `fanout` peers, and told on by each that learns from it, once', () => {
    const peers = [at(1), at(2), at(3), at(4), at(5)];
    const owner = new Replica(1, { peers, fanout: 3 });
    const { sent } = owner.put('k', 'a');
    expect(new Set(sent.map(({ to }) => to)).size).toBe(3);
    expect(sent.map(({ to }) => to)).not.toContain(at(1));
    const message = sent[0]?.message as { type: 'Update' };
    const other = new Replica(2, { peers, fanout: 4 });
    expect(
      other
        .receive(at(1), message)
        .sent.map(({ to }) => to)
        .sort(),
    ).toEqual([at(3), at(4), at(5)]);
    expect(other.receive(at(3), message).sent).toEqual([]);
  });

  it('reaches nearly all, and exchanges the rest', () => {
    const { reached, cycles } = convergence({ sites: 400, seed: 1, fanout: 3, engineOf: compiled });
    expect(reached).toBeGreaterThan(0.9);
    expect(reached).toBeLessThan(1);
    expect(cycles).toBeLessThan(4);
  });
});
