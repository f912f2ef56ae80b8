import { describe, expect, it } from 'vitest';
import { heard, property, talk, verdict } from './support.ts';

describe('the network', () => {
  const outOfOrder = property('sometimes', 'out of order', (nodes) => heard(nodes).startsWith('2'));
  const twice = property('sometimes', 'twice', (nodes) => heard(nodes).startsWith('1,1'));
  const lost = property('eventually', 'heard', (nodes) => heard(nodes) !== '');

  it.each([
    ['fifo keeps the order of a pair', { order: 'fifo' as const }, outOfOrder, 'violated'],
    ['unordered does not', { order: 'unordered' as const }, outOfOrder, 'holds'],
    ['unordered delivers once', { order: 'unordered' as const }, twice, 'violated'],
    ['duplicating delivers again', { order: 'duplicating' as const }, twice, 'holds'],
    ['what is not lossy delivers at last', { order: 'unordered' as const }, lost, 'holds'],
    ['what is lossy need not', { order: 'unordered' as const, lossy: true }, lost, 'violated'],
  ])('%s', (_, network, promised, expected) => {
    expect(verdict(talk(2, [promised], { network })).verdict).toBe(expected);
  });

  it.each([
    [
      'a budget of drops loses that many',
      { drops: 1 },
      property('eventually', 'both', (nodes) => heard(nodes).includes(',')),
      'violated',
    ],
    ['and no more', { drops: 1 }, lost, 'holds'],
    ['a budget of duplicates delivers twice', { duplicates: 1 }, twice, 'holds'],
    [
      'and no more',
      { duplicates: 1 },
      property('sometimes', 'thrice', (nodes) => heard(nodes) === '1,1,1'),
      'violated',
    ],
    [
      'a partition that never heals keeps a message',
      { partitions: 1 },
      property('sometimes', 'nothing', (nodes) => heard(nodes) === ''),
      'holds',
    ],
    ['one that heals in time does not lose it', { partitions: 1 }, lost, 'holds'],
  ])('%s', (_, faults, promised, expected) => {
    expect(verdict(talk(2, [promised], { faults })).verdict).toBe(expected);
  });

  it('with a capacity, loses what is too much, and a copy of what is on its way', () => {
    const all = property('sometimes', 'all', (nodes) => heard(nodes).length === 5);
    const full = { network: { order: 'unordered' as const, lossy: true, capacity: 1 } };
    const { result } = verdict(talk(3, [all], full));
    expect(result.distinct).toBeLessThan(
      verdict(talk(3, [all], { network: { order: 'unordered', lossy: true } })).result.distinct,
    );
    expect(result.properties[0]?.verdict).toBe('holds');
  });
});
