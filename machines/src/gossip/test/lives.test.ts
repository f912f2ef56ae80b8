import { isSynodError, type NodeView } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { replicaContext } from '../context.ts';
import { MAX_COUNT, MAX_EPOCH_STEP } from '../limits.ts';
import type { Delta } from '../messages.ts';
import { areEqual } from '../properties.ts';
import { at, exchange, Replica } from './support.ts';

const delta = (owner: string, epoch: number, value: string, version = 1): Delta => ({
  owner,
  epoch,
  from: 0,
  to: version,
  floor: 0,
  entries: [{ key: 'k', value, version }],
});

describe('a restart begins the next life', () => {
  it.each([
    ['the first one', {}, 1],
    ['after an earlier one, by the disk', { recovered: { epoch: 4 } }, 5],
    ['without a disk, as its host says', { epoch: 1_700_000_000_000 }, 1_700_000_000_000],
    ['the later of both', { recovered: { epoch: 9 }, epoch: 3 }, 10],
  ])('%s', (_, input, epoch) => {
    expect(new Replica(1, input).context.epoch).toBe(epoch);
  });

  it('without a disk or a word of its host, one that is drawn: what an earlier life wrote is told apart, and refuted', () => {
    const [first, second] = [9, 3].map((seed) => {
      const { self, epoch } = replicaContext({ self: at(1), seed });
      const site = new Replica(1, { epoch });
      site.put('k', `${self} ${seed}`);
      return site;
    }) as [Replica, Replica];
    const other = new Replica(2);
    exchange(other, first);
    exchange(other, second);
    exchange(other, second);
    expect(other.facts('n1')).toEqual({ k: 'gossip@n1 3' });
    expect(second.context.epoch).toBe(first.context.epoch + 1);
  });

  it('all facts of the life before are over with the first word of the next', () => {
    const site = new Replica(2);
    site.learn(1, { ...delta('n1', 1, 'old'), entries: [{ key: 'j', value: 'old', version: 1 }] });
    expect(site.learn(1, delta('n1', 2, 'new')).emitted).toEqual([
      { type: 'factChanged', node: 'n1', key: 'j', value: null },
      { type: 'factChanged', node: 'n1', key: 'k', value: 'new' },
    ]);
    expect(site.learn(3, delta('n1', 1, 'late', 7)).emitted).toEqual([]);
    expect(site.facts('n1')).toEqual({ k: 'new' });
  });

  it.each([
    ['versions', 'push'],
    ['versions', 'pull'],
    ['merkle', 'push'],
    ['merkle', 'pull'],
  ] as const)('who has nothing to say in its new life is still heard, by %s and %s', (digest, way) => {
    const restarted = new Replica(1, { digest, exchange: way, recovered: { epoch: 1 } });
    const site = new Replica(2, { digest, exchange: way });
    site.learn(3, delta('n1', 1, 'old'));
    exchange(site, restarted);
    exchange(restarted, site);
    expect(site.facts('n1')).toEqual({});
    expect(site.version('n1')).toEqual([2, 0, 0]);
  });

  it('who tells of a life that is over is told of the next one', () => {
    const site = new Replica(2);
    site.learn(1, delta('n1', 2, 'new'));
    expect(site.learn(3, delta('n1', 1, 'old')).message).toMatchObject({
      type: 'Delta',
      deltas: [{ epoch: 2, to: 1 }],
    });
  });

  it('no epoch after the last', () => {
    const start = () => replicaContext({ self: at(1), seed: 1, recovered: { epoch: MAX_COUNT } });
    expect(start).toThrow(expect.objectContaining({ code: 'EPOCH_OVERFLOW' }));
    try {
      start();
    } catch (error) {
      expect(isSynodError(error, 'EPOCH_OVERFLOW')).toBe(true);
    }
  });
});

describe('what is told of a replica itself', () => {
  it.each([
    ['a later version', 1, 9],
    ['a later life', 5, 1],
  ])('%s than its own is refused and refuted, and harms nothing', (_, epoch, version) => {
    const [site, other] = [new Replica(1, { peers: [at(2)] }), new Replica(2)];
    site.put('k', 'mine');
    other.learn(3, delta('n1', epoch, 'forged', version));
    const said = site.learn(3, delta('n1', epoch, 'forged', version));
    expect(said.codes).toEqual(['FACT_FORGED']);
    expect(said.emitted.map(({ type }) => type)).toEqual(['membershipRefused']);
    expect(site.facts('n1')).toEqual({ k: 'mine' });
    expect(site.version('n1')).toEqual([epoch + 1, 1, 0]);
    exchange(site, other);
    expect(other.facts('n1')).toEqual({ k: 'mine' });
  });

  it('a digest that knows more of it than it does: the same', () => {
    const site = new Replica(1);
    const versions = [{ owner: 'n1', epoch: 1, version: 4, floor: 0 }];
    const said = site.receive(at(2), { type: 'Digest', under: [''], versions, exchange: 'push' } as never);
    expect(said.codes).toEqual(['FACT_FORGED']);
    expect(site.version('n1')).toEqual([2, 0, 0]);
  });

  it.each([
    ['too far ahead', 2 + MAX_EPOCH_STEP],
    ['the last one', MAX_COUNT],
  ])('an epoch that is %s is refused, and changes nothing', (_, epoch) => {
    const site = new Replica(1);
    site.put('k', 'mine');
    const before = site.context;
    expect(site.learn(2, delta('n1', epoch, 'forged')).codes).toEqual(['EPOCH_OVERFLOW']);
    expect([site.context.epoch, site.context.lives]).toEqual([before.epoch, before.lives]);
  });

  it('what it wrote itself is nothing new to it', () => {
    const site = new Replica(1);
    site.put('k', 'mine');
    expect(site.learn(2, delta('n1', 1, 'mine')).emitted).toEqual([]);
  });
});

describe('owners that are gone (`gossip.forget`)', () => {
  const forgetful = (): Replica => {
    const site = new Replica(2, { retentionRounds: 3 });
    site.learn(1, delta('n1', 1, 'a'));
    return site;
  };

  it('their facts go, and nothing of that life is believed for a while', () => {
    const site = forgetful();
    expect(site.take({ type: 'gossip.forget', node: 'n1' }).emitted).toEqual([
      { type: 'factChanged', node: 'n1', key: 'k', value: null },
    ]);
    expect(site.learn(3, delta('n1', 1, 'b', 2)).emitted).toEqual([]);
    const versions = [{ owner: 'n1', epoch: 1, version: 2, floor: 0 }];
    const said = site.receive(at(3), { type: 'Digest', under: [''], versions, exchange: 'push' } as never);
    expect(said.sent).toEqual([]);
    for (let round = 0; round < 3; round++) site.tick();
    expect(site.context.lives.has('n1')).toBe(false);
  });

  it('also one of which nothing was known', () => {
    const site = new Replica(2);
    site.take({ type: 'gossip.forget', node: 'n1' });
    expect(site.learn(3, delta('n1', 1_700_000_000_000, 'b', 2)).emitted).toEqual([]);
  });

  it.each([
    ['a later life is believed', (site: Replica) => site, 2],
    ['one that is a peer again is believed', (site: Replica) => site.take({ type: 'gossip.peers', peers: [at(1)] }), 1],
  ])('%s', (_, back, epoch) => {
    const site = forgetful();
    site.take({ type: 'gossip.forget', node: 'n1' });
    back(site);
    site.learn(3, delta('n1', epoch, 'c'));
    expect(site.facts('n1')).toEqual({ k: 'c' });
  });

  it('nobody forgets itself', () => {
    const site = new Replica(1);
    site.put('k', 'a');
    expect(site.take({ type: 'gossip.forget', node: 'n1' }).emitted).toEqual([]);
    expect(site.facts('n1')).toEqual({ k: 'a' });
  });
});

describe('replicas that are equal', () => {
  it('hold the same values of each other, whatever lives are empty', () => {
    const [a, b] = [new Replica(1), new Replica(2)];
    const views = () =>
      [a, b].map(
        (site): NodeView => ({
          node: site.self,
          actor: site.self,
          role: 'replica',
          up: true,
          value: 'gossiping',
          context: site.context,
        }),
      );
    expect(areEqual(views())).toBe(true);
    a.put('k', 'a');
    expect(areEqual(views())).toBe(false);
    exchange(b, a);
    expect(areEqual(views())).toBe(true);
    b.take({ type: 'gossip.forget', node: 'n1' });
    expect(areEqual(views())).toBe(false);
  });
});
