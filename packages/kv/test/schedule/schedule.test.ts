import { describe, expect, it } from 'vitest';
import { type RunResult, runSchedule } from './schedule.ts';

const SEEDS = Array.from({ length: 200 }, (_, at) => at + 1);
const BATCH = 20;

/** A failing run names its seed; `runSchedule({ seed })` repeats it. */
function check(seed: number, { violations, acknowledged, journals, finished, counts }: RunResult): void {
  const run = `seed ${seed} ${JSON.stringify(counts)}`;
  expect(violations, run).toEqual([]);
  expect(finished, `${run}: the clients are served after the network has healed`).toBe(true);
  for (const journal of journals) {
    expect(new Set(journal).size, `${run}: no command is applied twice`).toBe(journal.length);
    expect(journal, `${run}: no acknowledged command is lost`).toEqual(expect.arrayContaining([...acknowledged]));
  }
}

describe('Raft under dropped, delayed, duplicated and reordered messages, partitions and crashes', () => {
  const total: Record<string, number> = {};

  it.each(SEEDS.filter((seed) => seed % BATCH === 1))(
    `seeds %i and the ${BATCH - 1} after it: the properties of figure 3 hold`,
    async (first) => {
      for (const seed of SEEDS.slice(first - 1, first - 1 + BATCH)) {
        const result = await runSchedule({ seed });
        check(seed, result);
        for (const [what, count] of Object.entries(result.counts)) total[what] = (total[what] ?? 0) + count;
      }
    },
    120_000,
  );

  it('the runs were as rough as they were meant to be', () => {
    for (const what of ['dropped', 'duplicated', 'delayed', 'crashes', 'partitions', 'leaders']) {
      expect(total[what], what).toBeGreaterThan(SEEDS.length);
    }
  });
});

it.each([1, 7, 42, 137])('seed %i gives the same trace twice, to the byte', async (seed) => {
  const [first, second] = [await runSchedule({ seed, keepTrace: true }), await runSchedule({ seed, keepTrace: true })];
  expect(first.trace.length).toBeGreaterThan(1_000);
  expect(first.trace.join('\n') === second.trace.join('\n')).toBe(true);
});
