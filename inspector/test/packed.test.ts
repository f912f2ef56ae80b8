import { expect, it } from 'vitest';
import { packWorld, unpackWorld } from '../src/world/packed.ts';
import { emptyWorld, type World, withRecords } from '../src/world/world.ts';
import { spawn, turn } from './support.ts';

const world = withRecords(emptyWorld, [spawn('n1'), spawn('__proto__'), spawn('n2'), turn('n2', 'green', 7)]);
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

it('a world is the same after it was sent, names included that objects have themselves', () => {
  expect(unpackWorld(sent(packWorld(world)), new Map())).toEqual(world);
  expect(Object.keys(world)).toContain('__proto__');
});

it('actors with equal charts share one, also those of worlds that come one after the other', () => {
  const shelf = new Map();
  const [first, second] = [0, 1].map(() => unpackWorld(sent(packWorld(world)), shelf)) as [World, World];
  expect(packWorld(world).charts).toHaveLength(1);
  expect(second.n1?.actors['light@n1']?.chart).toBe(first.n2?.actors['light@n2']?.chart);
});
