import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deltaFor, type Life, learn, lifeOf, write } from '../facts.ts';
import type { Delta, Written } from '../messages.ts';
import { at, exchange, Replica } from './support.ts';

const delta = (from: number, to: number, ...entries: readonly Written[]): Delta => ({
  owner: 'n1',
  epoch: 1,
  from,
  to,
  floor: 0,
  entries: [...entries],
});
const entry = (key: string, value: string | null, version: number): Written => ({ key, value, version });

describe('Scuttlebutt §3: of each key the later version wins', () => {
  it('in whatever order they come, and the observer is told of what changes alone', () => {
    const site = new Replica(2);
    expect(site.learn(1, delta(1, 2, entry('k', 'b', 2))).emitted).toEqual([
      { type: 'factChanged', node: 'n1', key: 'k', value: 'b' },
    ]);
    expect(site.learn(1, delta(0, 1, entry('k', 'a', 1))).emitted).toEqual([]);
    expect(site.facts('n1')).toEqual({ k: 'b' });
  });

  it('the version grows over what is without a gap alone', () => {
    const site = new Replica(2);
    const versions = [
      delta(1, 2, entry('j', 'b', 2)),
      delta(0, 1, entry('k', 'a', 1)),
      delta(1, 2, entry('j', 'b', 2)),
    ].map((each) => {
      site.learn(1, each);
      return site.version('n1');
    });
    expect(versions).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [1, 2, 0],
    ]);
  });

  it('whatever an owner writes, and however its deltas are cut and mixed, the last exchange makes all equal', () => {
    const steps = fc.array(
      fc.record({
        key: fc.constantFrom('a', 'b', 'c'),
        value: fc.option(fc.string(), { nil: null }),
        told: fc.boolean(),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 3 }), fc.array(fc.nat()), (writes, size, order) => {
        let own: Life = lifeOf(1);
        const flying: Delta[] = [];
        for (const { key, value, told } of writes) {
          const before = own;
          own = write(own, key, value, 5);
          if (told) flying.push({ ...(deltaFor('n1', own, { ...before }) as Delta) });
        }
        let life: Life | undefined;
        for (const number of order) {
          const [taken] = flying.length > 0 ? flying.splice(number % flying.length, 1) : [];
          if (taken) life = learn(life, taken, 5)?.life ?? life;
        }
        for (let rest = deltaFor('n1', own, life); rest; rest = deltaFor('n1', own, life)) {
          const entries = rest.entries.slice(0, size);
          const to = entries.length < rest.entries.length ? (entries.at(-1) as Written).version : rest.to;
          life = learn(life, { ...rest, to, entries }, 5)?.life;
        }
        expect(life?.version ?? 0).toBe(own.version);
        expect(new Map(life?.facts ?? [])).toEqual(new Map(own.facts));
      }),
    );
  });
});

describe('Scuttlebutt §4: messages are bounded, and the rest comes with later rounds', () => {
  it.each([
    ['entries', { maxEntries: 3 }],
    ['characters', { maxCharacters: 10 }],
  ])('by %s', (_, settings) => {
    const [owner, other] = [new Replica(1, { peers: [at(2)], ...settings }), new Replica(2, { peers: [at(1)] })];
    for (let key = 0; key < 8; key++) owner.put(`k${key}`, 'abc');
    const sizes: number[] = [];
    for (let round = 0; round < 4 && sizes.at(-1) !== 8; round++) {
      exchange(other, owner);
      sizes.push(Object.keys(other.facts('n1')).length);
    }
    expect(sizes).toEqual('maxEntries' in settings ? [3, 6, 8] : [2, 4, 6, 8]);
  });

  it('a digest of more owners than fit is about a part of them, and all have their turn', () => {
    const site = new Replica(1, { peers: [at(2)], maxVersions: 4 });
    const owners = Array.from({ length: 20 }, (_, index) => `m${index}`);
    for (const owner of owners) site.learn(2, { ...delta(0, 1, entry('k', 'a', 1)), owner });
    const seen = new Set<string>();
    for (let round = 0; round < 200; round++) {
      const { versions, under } = site.tick().message as unknown as {
        versions: readonly { owner: string }[];
        under: readonly string[];
      };
      expect(versions.length).toBeLessThanOrEqual(4);
      expect(under[0]).not.toBe('');
      for (const { owner } of versions) seen.add(owner);
    }
    expect([...seen].sort()).toEqual([...owners].sort());
  });

  it('when not all owners fit into an answer, none is always left out', () => {
    const site = new Replica(1, { maxEntries: 1 });
    for (const owner of ['a', 'b', 'c']) site.learn(2, { ...delta(0, 1, entry('k', 'a', 1)), owner });
    const told = new Set<string>();
    for (let round = 0; round < 30; round++) {
      const said = site.receive(at(3), { type: 'Digest', under: [''], versions: [], exchange: 'pull' } as never);
      for (const { owner } of (said.message as unknown as { deltas: readonly Delta[] }).deltas) told.add(owner);
    }
    expect([...told].sort()).toEqual(['a', 'b', 'c']);
  });
});
