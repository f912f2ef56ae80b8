import { describe, expect, it } from 'vitest';
import { check } from '../src/index.ts';
import { heard, property, roles, talk } from './support.ts';

const model = talk(3, [
  property('always', 'no 3', (nodes) => !heard(nodes).includes('3')),
  property('always', 'no 4', (nodes) => !heard(nodes).includes('4')),
  property('sometimes', 'out of order', (nodes) => heard(nodes) === '2,1'),
  property('sometimes', 'a 5', (nodes) => heard(nodes).includes('5')),
  property('eventually', 'a 1', (nodes) => heard(nodes).includes('1')),
]);

describe('the random walk', () => {
  it('finds what is wrong and what can be reached, and claims nothing else', () => {
    const { complete, stopped, walks, properties } = check(model, roles, {
      order: 'walk',
      maxStates: 21,
      maxSeconds: 1,
    });
    expect([complete, stopped]).toEqual([false, expect.stringMatching(/states|time/)]);
    expect(walks).toBeGreaterThan(10);
    expect(properties.map(({ verdict }) => verdict)).toEqual([
      'violated',
      'unknown',
      'holds',
      'unknown',
      'unknown',
      'unknown',
    ]);
    expect(properties[0]?.trace?.steps.at(-1)?.text).toBe('ear@b receives Word{number:3} from mouth@a');
  });

  it('takes the same walks from the same seed', () => {
    const traceOf = (seed: number) =>
      check(model, roles, { order: 'walk', seed, stopAtFirst: true }).properties[0]?.trace?.steps.map(
        ({ text }) => text,
      );
    expect(traceOf(7)).toEqual(traceOf(7));
    const different = new Set([1, 2, 3, 4, 5].map((seed) => traceOf(seed)?.join()));
    expect(different.size).toBeGreaterThan(1);
  });

  it('begins anew after so many states', () => {
    const { depth } = check(model, roles, { order: 'walk', maxDepth: 3, maxSeconds: 0 });
    expect(depth).toBe(3);
  });
});
