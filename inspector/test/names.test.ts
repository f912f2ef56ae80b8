import { isAddress } from '@synod/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Names } from '../src/apps/names.ts';

it('no two actors that live share a name, whatever they want to be called, and the least that is free is given', () => {
  const wish = fc.oneof(fc.constantFrom('a', 'a-2', 'x:0', '', '%%', 'Ünï'), fc.string());
  fc.assert(
    fc.property(fc.array(fc.record({ wish, frees: fc.option(fc.nat()) })), (steps) => {
      const names = new Names('n');
      const living: string[] = [];
      for (const { wish, frees } of steps) {
        const taken = names.take(wish);
        expect(isAddress(taken)).toBe(true);
        expect(living).not.toContain(taken);
        living.push(taken);
        if (frees !== null) names.free(living.splice(frees % living.length, 1)[0] as `${string}@${string}`);
      }
    }),
  );
  const names = new Names('n');
  expect(Array.from({ length: 3 }, () => names.take('a'))).toEqual(['a@n', 'a-2@n', 'a-3@n']);
  names.free('a-2@n');
  expect([names.take('a'), names.take('a')]).toEqual(['a-2@n', 'a-4@n']);
});

it('ten thousand actors of one name cost no more than their number', () => {
  const names = new Names('n');
  const last = Array.from({ length: 10_000 }, () => names.take('worker')).at(-1);
  expect(last).toBe('worker-10000@n');
});
