import type { TraceRecord } from '@synod/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Film } from '../page/state/film.ts';
import { emptyWorld, withRecord } from '../src/world/world.ts';
import { spawn, turn } from './support.ts';

const records: readonly TraceRecord[] = [
  spawn('n1'),
  spawn('n2'),
  ...Array.from({ length: 1_300 }, (_, index) => turn(`n${(index % 2) + 1}`, index % 3 === 0 ? 'green' : 'red', index)),
];

describe('a film', () => {
  it('shows after any number of records what those records tell, and nothing of what follows', () => {
    const film = new Film();
    film.add(records.slice(0, 700));
    film.add(records.slice(700));
    expect(film.length).toBe(records.length);
    fc.assert(
      fc.property(fc.nat(records.length), (count) => {
        expect(film.worldAt(count)).toEqual(records.slice(0, count).reduce(withRecord, emptyWorld));
      }),
      { numRuns: 30 },
    );
  });

  it('is empty before its first record', () => {
    expect(new Film().worldAt(0)).toEqual({});
  });
});
