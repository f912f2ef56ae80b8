import { describe, expect, it } from 'vitest';
import { filed, judgeFiled, judgeLive, SIMULATED, simulated, specificationOf } from './support/simulated.ts';

// With VALIDATOR=long, more seeds and longer runs.
const isLong = process.env.VALIDATOR === 'long';
const SEEDS = isLong ? [1, 2, 3, 4, 5, 6] : [1];
const SECONDS = isLong ? 10 : 2;

const names = [
  'raft',
  'multi-paxos',
  'paxos',
  'two-phase-commit',
  'three-phase-commit',
  'heartbeat-detector',
  'phi-accrual',
  'swim',
  'gossip',
];

it('may be of a trace whose charts explain less, as older ones do; how guards came out is for readers', async () => {
  const specification = await specificationOf('raft');
  const explained = simulated(specification, 1, 2);
  expect(JSON.stringify(explained)).toContain('delayMs');
  const older = explained.map((record) => {
    if (record.type === 'spawn') return { ...record, chart: withoutDelays(record.chart) };
    return record.type === 'transition' ? { ...record, guards: [] } : record;
  });
  expect(judgeLive(older, specification, { transport: SIMULATED }).misfit).toBeUndefined();
});

const withoutDelays = <T>(chart: T): T =>
  JSON.parse(JSON.stringify(chart, (key, value: unknown) => (key === 'delayMs' ? undefined : value))) as T;

describe.each(names)('a simulated trace of %s, under all faults', (name) => {
  it('is valid, in the process and from a file', { timeout: 120_000 }, async () => {
    const specification = await specificationOf(name);
    for (const seed of SEEDS) {
      const trace = simulated(specification, seed, SECONDS);
      expect(judgeLive(trace, specification, { transport: SIMULATED }).misfit).toBeUndefined();
      const { misfit, summary } = judgeFiled(
        trace.map((record) => filed(record)),
        specification,
        { transport: SIMULATED },
      );
      expect(misfit).toBeUndefined();
      expect(summary.notJudged).toEqual([]);
      expect(summary.steps).toBeGreaterThan(5);
    }
  });
});
