import { describe, expect, it } from 'vitest';
import { loadSpecification, parseSeeds, runSeeds, type SwarmProgress, swarm } from '../src/index.ts';
import { specification as toys } from './fixtures/toys.mjs';

const reference = { module: new URL('./fixtures/toys.mjs', import.meta.url).href };
const options = { simulation: 'beacons', seconds: 10, faults: { partition: 'low' } } as const;

describe('a range of seeds', () => {
  it('is read', () => {
    expect([parseSeeds('1..10000'), parseSeeds('7')]).toEqual([
      { from: 1, to: 10_000 },
      { from: 7, to: 7 },
    ]);
  });

  it.each(['', 'x', '1..', '5..1', '1..2..3', '-1..3', '1.5..2'])('%j is refused', (text) => {
    expect(() => parseSeeds(text)).toThrow(expect.objectContaining({ code: 'SEEDS_INVALID' }));
  });

  it('is run to the first that fails where that is asked for', () => {
    const all = runSeeds(toys, { from: 1, to: 30 }, options);
    expect(all.runs).toBe(30);
    expect(all.failing.length).toBeGreaterThan(1);
    const first = runSeeds(toys, { from: 1, to: 30 }, options, { untilFailing: true });
    expect(first.failing).toEqual(all.failing.slice(0, 1));
    expect(first.runs).toBe(first.failing[0]?.seed);
  });
});

describe('a swarm', () => {
  it('comes to the same over any number of workers as in one thread', async () => {
    const seeds = { from: 1, to: 30 };
    const { runs, failing, steps, events, coverage, simulatedSeconds } = runSeeds(toys, seeds, options);
    for (const workers of [1, 2]) {
      const result = await swarm(reference, { ...options, seeds, workers, chunk: 4 });
      expect(result).toMatchObject({
        runs,
        failing,
        steps,
        events,
        coverage,
        simulatedSeconds,
        of: 30,
        complete: true,
      });
    }
  });

  it('tells of its progress, and can be ended', async () => {
    const seen: SwarmProgress[] = [];
    const abort = new AbortController();
    const result = await swarm(reference, {
      ...options,
      seeds: { from: 1, to: 10_000 },
      workers: 2,
      chunk: 2,
      signal: abort.signal,
      onProgress: (progress) => {
        seen.push(progress);
        if (seen.length === 3) abort.abort();
      },
    });
    expect(seen.slice(0, 3).map(({ runs, of }) => [runs, of])).toEqual([
      [2, 10_000],
      [4, 10_000],
      [6, 10_000],
    ]);
    expect(result.complete).toBe(false);
    expect(result.runs).toBeLessThan(12);
  });

  it("passes on a worker's coded error", async () => {
    const seeds = { from: 1, to: 2 };
    await expect(swarm({ module: '/nowhere.mjs' }, { seeds, workers: 1 })).rejects.toMatchObject({
      name: 'SynodError',
      code: 'SPECIFICATION_NOT_FOUND',
    });
    await expect(swarm(reference, { seeds, workers: 1, nodes: 99 })).rejects.toMatchObject({
      code: 'SIMULATION_INVALID',
    });
    for (const wrong of [{ workers: 0 }, { workers: 1, chunk: 0 }]) {
      await expect(swarm(reference, { seeds, ...wrong })).rejects.toMatchObject({ code: 'SIMULATION_INVALID' });
    }
  });
});

describe('a specification', () => {
  it('is loaded by URL, and by the name of a package', async () => {
    expect((await loadSpecification(reference)).name).toBe('toys');
    await expect(loadSpecification({ module: '@synod/protocol' })).rejects.toThrow(/has no export "specification"/);
    await expect(loadSpecification({ module: '@synod/no-such' })).rejects.toMatchObject({
      code: 'SPECIFICATION_NOT_FOUND',
    });
  });
});
