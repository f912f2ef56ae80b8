import { describe, expect, it } from 'vitest';
import { type Schedule, shrink, simulate } from '../src/index.ts';
import { minimise } from '../src/minimise.ts';
import { specification as toys } from './fixtures/toys.mjs';

describe('delta debugging', () => {
  const items = Array.from({ length: 64 }, (_, index) => index);

  it.each([
    ['nothing', []],
    ['one item', [17]],
    ['two that stand far apart', [3, 60]],
    ['neighbours', [31, 32, 33]],
    ['every second one', items.filter((item) => item % 2 === 0)],
    ['all', items],
  ])('finds exactly what it takes: %s', (_, needed) => {
    expect(minimise(items, (part) => needed.every((item) => part.includes(item)))).toEqual(needed);
  });

  it('takes few tries for few items', () => {
    let tries = 0;
    minimise(items, (part) => {
      tries++;
      return part.includes(40);
    });
    expect(tries).toBeLessThan(30);
  });
});

describe('a failing run', () => {
  it('is shrunk to one fault, two nodes and the time it takes, and breaks the same property', () => {
    const shrunk = shrink(toys, { seed: 1, nodes: 7, seconds: 20 });
    expect(shrunk?.before).toMatchObject({ nodes: 7, seconds: 20 });
    expect(shrunk?.before.faults).toBeGreaterThan(10);
    expect(shrunk?.after).toMatchObject({ nodes: 2, faults: 1 });
    expect(shrunk?.violation.property).toBe('One Leader');
    expect(shrunk?.options.seconds).toBeLessThan(20);
    const { violations } = simulate(toys, shrunk?.options);
    expect(violations[0]).toEqual(shrunk?.violation);
  });

  it('may lie on links that a smaller cluster does not have', () => {
    const slow = { from: 'n1', to: 'n7', latency: { minMs: 9, maxMs: 10 } };
    const kept = { from: 'n1', to: 'n2', latency: { minMs: 1, maxMs: 2 } };
    const shrunk = shrink(toys, { seed: 1, nodes: 7, seconds: 20, network: { loss: 0.01, links: [slow, kept] } });
    expect(shrunk?.after.nodes).toBe(2);
    expect(shrunk?.options.network).toEqual({ loss: 0.01, links: [kept] });
  });

  it('needs no faults where none were to blame, and fewer clients and requests', () => {
    const shrunk = shrink(toys, { simulation: 'registers', mutant: 'mute', seconds: 10, clients: 9 });
    expect(shrunk?.violation.kind).toBe('progress');
    expect(shrunk?.after).toMatchObject({ faults: 0, clients: 1, requests: 0 });
    expect(shrunk?.after.seconds).toBeLessThan(0.2);
  });

  it('counts as the same where only the numbers of an assertion are others', () => {
    const schedule: Schedule = [{ kind: 'pause', atMs: 100, forMs: 100, nodes: ['n1'] }];
    const shrunk = shrink(toys, { simulation: 'registers', mutant: 'fragile', seconds: 30, schedule });
    expect(shrunk?.violation.property).toMatch(/worn out/);
    expect(shrunk?.after).toMatchObject({ faults: 0, clients: 1 });
  });

  it('keeps to its budget', () => {
    const shrunk = shrink(toys, { seed: 1, nodes: 7, seconds: 60 }, { runs: 5 });
    expect(shrunk?.after.runs).toBeLessThanOrEqual(5);
    expect(shrunk?.violation.property).toBe('One Leader');
  });

  it('tells of its progress', () => {
    const sizes: number[] = [];
    shrink(toys, { seed: 1, seconds: 60 }, { onProgress: ({ faults }) => void sizes.push(faults) });
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.at(-1)).toBe(1);
  });
});

describe('a run that does not fail', () => {
  it('cannot be shrunk', () => {
    expect(shrink(toys, { seconds: 1, faults: [] })).toBeUndefined();
  });
});
