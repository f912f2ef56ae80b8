import { describe, expect, it } from 'vitest';
import { at, exchange, Replica } from './support.ts';

const settings = { retentionRounds: 3, peers: [at(1), at(2)] };

/** An owner and another that has learnt all that it told so far. */
const pair = (): readonly [owner: Replica, other: Replica] => {
  const [owner, other] = [new Replica(1, settings), new Replica(2, settings)];
  owner.put('k', 'a');
  exchange(owner, other);
  return [owner, other];
};

/** `count` rounds in which nobody answers. */
const alone = (site: Replica, count: number): void => {
  for (let round = 0; round < count; round++) site.tick();
};

describe('§2 death certificates', () => {
  it('a fact that is taken back leaves a certificate, which spreads like a fact', () => {
    const [owner, other] = pair();
    owner.put('k', null);
    expect(owner.context.lives.get('n1')?.facts.get('k')).toEqual({ value: null, version: 2, rounds: 3 });
    exchange(owner, other);
    expect(other.facts('n1')).toEqual({});
    expect(other.version('n1')).toEqual([1, 2, 0]);
  });

  it('an old copy that comes late does not bring the fact back', () => {
    const [owner, other] = pair();
    owner.put('k', null);
    exchange(owner, other);
    const old = { owner: 'n1', epoch: 1, from: 0, to: 1, floor: 0, entries: [{ key: 'k', value: 'a', version: 1 }] };
    expect(other.learn(3, old).emitted).toEqual([]);
    alone(other, 4);
    expect(other.version('n1')).toEqual([1, 2, 2]);
    expect(other.learn(3, old).emitted).toEqual([]);
    expect(other.facts('n1')).toEqual({});
  });

  it('to take back what is not there is nothing', () => {
    const owner = new Replica(1, settings);
    const said = owner.put('k', null);
    expect([said.sent, said.emitted, owner.version('n1')]).toEqual([[], [], [1, 0, 0]]);
  });
});

describe('§2.1 certificates are thrown away at last', () => {
  it('after so many rounds, and `floor` remembers that they were', () => {
    const [owner] = pair();
    owner.put('k', null);
    alone(owner, 2);
    expect(owner.context.lives.get('n1')?.facts.size).toBe(1);
    alone(owner, 1);
    expect(owner.context.lives.get('n1')?.facts.size).toBe(0);
    expect(owner.version('n1')).toEqual([1, 2, 2]);
  });

  it('who was away for longer begins anew, and throws away what is not told again', () => {
    const [owner, other] = pair();
    owner.put('j', 'b');
    owner.put('k', null);
    alone(owner, 3);
    expect(other.facts('n1')).toEqual({ k: 'a' });
    exchange(other, owner);
    expect(other.facts('n1')).toEqual({ j: 'b' });
    expect(other.version('n1')).toEqual([1, 3, 3]);
    expect(exchange(other, owner)).toEqual(['Digest']);
  });

  it('who begins anew with more than fits into a message goes on where it was', () => {
    const owner = new Replica(1, { ...settings, maxEntries: 2 });
    const other = new Replica(2, settings);
    owner.put('k', 'a');
    exchange(owner, other);
    for (const key of ['a', 'b', 'c', 'd']) owner.put(key, key);
    owner.put('k', null);
    alone(owner, 3);
    const versions = [1, 2].map(() => {
      exchange(other, owner);
      return other.version('n1');
    });
    expect(versions).toEqual([
      [1, 3, 6],
      [1, 6, 6],
    ]);
    expect(other.facts('n1')).toEqual({ a: 'a', b: 'b', c: 'c', d: 'd' });
  });

  it('a certificate beyond what is known without a gap is kept: what it is about may still come', () => {
    const other = new Replica(2, settings);
    const certificate = {
      owner: 'n1',
      epoch: 1,
      from: 1,
      to: 2,
      floor: 0,
      entries: [{ key: 'k', value: null, version: 2 }],
    };
    const old = { owner: 'n1', epoch: 1, from: 0, to: 1, floor: 0, entries: [{ key: 'k', value: 'a', version: 1 }] };
    other.learn(1, certificate);
    alone(other, 10);
    other.learn(1, old);
    expect(other.facts('n1')).toEqual({});
    other.learn(1, certificate);
    alone(other, 3);
    expect(other.version('n1')).toEqual([1, 2, 2]);
  });
});
