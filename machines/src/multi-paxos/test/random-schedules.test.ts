import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heal, play } from './random-schedules.ts';

describe('over any schedule of messages, timeouts, losses and crashes', () => {
  const table = [
    { size: 3, length: 150, numRuns: 300 },
    { size: 5, length: 250, numRuns: 100 },
  ];
  it.each(table)('$size replicas agree, and come to an end once the faults do', ({ size, length, numRuns }) => {
    let [chosen, words] = [0, 0];
    const settings = fc.record({
      window: fc.constantFrom(1, 2, 256),
      maxEntries: fc.constantFrom(1, 2, 256),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(settings, ({ seed, ...options }) => {
        const cluster = play(seed, length, { size, ...options, maxSessions: 3 });
        chosen += cluster.applied.size;
        heal(cluster);
        const replicas = cluster.nodes.map((node) => cluster.replica(node));
        expect(cluster.leader).toBeDefined();
        const known = replicas.map(({ slots, context }) => slots.slice(0, context.chosenThrough).join());
        expect(new Set(known).size, 'one log').toBe(1);
        const [first] = replicas;
        expect(new Set(replicas.map(({ words: each }) => JSON.stringify(each))).size, 'one state').toBe(1);
        // What the leader proposed is chosen. Another may have accepted something in a later slot that no majority knows of.
        const leader = cluster.replica(cluster.leader as string).context;
        expect(leader.lastApplied).toBe(leader.log.length);
        expect(new Set(first?.words).size, 'each command once').toBe(first?.words.length);
        words += first?.words.length ?? 0;
      }),
      { numRuns },
    );
    // Not a test of empty runs.
    expect(chosen).toBeGreaterThan(numRuns * 2);
    expect(words).toBeGreaterThan(numRuns * 2);
  });
});
