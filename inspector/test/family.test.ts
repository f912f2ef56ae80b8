import { expect, it } from 'vitest';
import { family } from '../page/state/family.ts';
import type { ActorView } from '../src/world/world.ts';

const actor = (address: string, parent?: string, phase: ActorView['phase'] = 'running'): ActorView =>
  ({ address, phase, ...(parent !== undefined && { parent }) }) as ActorView;

const told = (...actors: readonly ActorView[]): readonly string[] =>
  family(actors).map(({ actor: { address }, depth }) => `${depth} ${address}`);

it.each<[string, readonly ActorView[], readonly string[]]>([
  ['its parent', [actor('a'), actor('b'), actor('a1', 'a'), actor('a2', 'a1')], ['0 a', '1 a1', '2 a2', '0 b']],
  ['nobody, if its parent has ended', [actor('a', undefined, 'stopped'), actor('a1', 'a')], ['0 a1']],
  ['nobody, if its parent is not known', [actor('a1', 'gone')], ['0 a1']],
  ['itself not, nor what it spawned', [actor('a', 'b'), actor('b', 'a'), actor('c', 'c')], ['0 a', '1 b', '0 c']],
])('an actor stands below %s', (_, actors, expected) => {
  expect(told(...actors)).toEqual(expected);
});
