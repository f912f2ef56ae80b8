import fc from 'fast-check';
import { Map as ImmutableMap } from 'immutable';
import { describe, expect, it } from 'vitest';
import { lifeOf } from '../facts.ts';
import { type Lives, partAt, pathOf, treeOf } from '../merkle.ts';
import type { Delta } from '../messages.ts';
import { at, exchange, Replica } from './support.ts';

const livesOf = (versions: Readonly<Record<string, number>>): Lives =>
  ImmutableMap(Object.entries(versions).map(([owner, version]) => [owner, { ...lifeOf(1), version }]));

const someLives = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.integer({ min: 1, max: 3 }), { maxKeys: 30 });

describe('Dynamo §4.7: a hash tree', () => {
  it('has one hash for one content, in whatever order it came, and another for another', () => {
    fc.assert(
      fc.property(someLives, someLives, (one, other) => {
        const reversed = Object.fromEntries(Object.entries(one).reverse());
        expect(treeOf(livesOf(reversed)).hash).toBe(treeOf(livesOf(one)).hash);
        const isSame = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
        expect(treeOf(livesOf(one)).hash === treeOf(livesOf(other)).hash).toBe(isSame);
      }),
    );
  });

  it('has every owner on its path, and nowhere else', () => {
    fc.assert(
      fc.property(someLives, (versions) => {
        const tree = treeOf(livesOf(versions));
        for (const owner of Object.keys(versions)) {
          const path = pathOf(owner);
          for (let depth = 0; depth <= path.length; depth++)
            expect(partAt(tree, path.slice(0, depth)).owners).toContain(owner);
          const other = path.startsWith('0') ? '1' : '0';
          expect(partAt(tree, other + path.slice(1)).owners).not.toContain(owner);
        }
      }),
    );
  });

  it('leaves out lives in which nothing was written', () => {
    const { hash, owners } = treeOf(livesOf({ a: 0 }));
    expect([hash, owners]).toEqual([0, []]);
  });

  it('is gone down only where it differs: what is told does not grow with what is equal', () => {
    const [a, b] = [1, 2].map((node) => {
      const replica = new Replica(node, { digest: 'merkle', leafOwners: 1, peers: [at(3 - node)] });
      const same = Array.from(
        { length: 500 },
        (_, index): Delta => ({
          owner: `m${index}`,
          epoch: 1,
          from: 0,
          to: 1,
          floor: 0,
          entries: [{ key: 'k', value: 'a', version: 1 }],
        }),
      );
      replica.learn(3, ...same);
      return replica;
    }) as [Replica, Replica];
    a.put('k', 'a');
    const said = exchange(a, b);
    expect(said.filter((type) => type === 'Hashes').length).toBeLessThanOrEqual(5);
    expect(said.filter((type) => type === 'Delta')).toEqual(['Delta']);
    expect(b.facts('n1')).toEqual({ k: 'a' });
    expect(exchange(a, b)).toEqual(['Hashes']);
  });
});
