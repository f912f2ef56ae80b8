import { describe, expect, it } from 'vitest';
import { fixedTimeout, judge } from '../bench/membership/detectors.ts';
import { describeFit, fitLog } from '../bench/membership/fit.ts';
import { describeGossip } from '../bench/membership/gossip.ts';
import { CONDITIONS, type Conditions, heartbeats } from '../bench/membership/heartbeats.ts';
import {
  describeLifeguard,
  LOSS_TROUBLES,
  measureLifeguard,
  SLOW_TROUBLES,
  type Trouble,
} from '../bench/membership/lifeguard.ts';
import { describePhi, drawPhi, measurePhi } from '../bench/membership/phi.ts';
import { describeReal } from '../bench/membership/real.ts';
import { describeScale, measureScale } from '../bench/membership/scale.ts';

// The reports of `pnpm run bench membership` at sizes that take no time: whether they can be made, not what they say of large clusters.

const quiet = () => {};
const lines = (text: string): string[] => text.trimEnd().split('\n');

describe('a fit over the logarithm of the size', () => {
  it('finds the line that points lie on', () => {
    const fit = fitLog([1, 10, 100, 1_000].map((size) => [size, 2 + 0.5 * Math.log(size)] as const));
    expect([fit.a, fit.b, fit.r2].map((each) => Number(each.toFixed(9)))).toEqual([2, 0.5, 1]);
    expect(describeFit(fit)).toBe('2.00 + 0.50 ln N (R² 1.0000)');
  });
});

describe('the report on SWIM', () => {
  const plans = [4, 8].map((members) => ({
    members,
    detection: { runs: 2, crashes: 1 },
    spread: { runs: 1, crashes: 1 },
  }));

  it('counts two messages a member and second, notices each crash, and is the same for the same seed', () => {
    const { wallSeconds: _, ...row } = measureScale(plans.slice(0, 1), 1, quiet).rows[0] ?? { wallSeconds: 0 };
    expect(row).toMatchObject({ members: 4, crashes: 2, unknown: 0, mistakes: 0 });
    expect((row as { messages: number }).messages).toBeCloseTo(2, 0);
    const { wallSeconds: __, ...again } = measureScale(plans.slice(0, 1), 1, quiet).rows[0] ?? { wallSeconds: 0 };
    expect(again).toEqual(row);
  });

  it('is a table with a row for each size, and a fit', () => {
    const text = lines(describeScale(measureScale(plans, 1, quiet)));
    expect(text).toHaveLength(5);
    expect(text[4]).toMatch(/ln N/);
  });
});

describe('the report on Lifeguard', () => {
  const measure = (troubles: readonly Trouble[]) =>
    measureLifeguard(troubles, { members: 20, seed: 1, runs: 1, runMs: 30_000 }, quiet);

  it('finds that slow members hold healthy ones dead, and Lifeguard keeps most of them from it', () => {
    const slow = SLOW_TROUBLES.filter(({ blockedMs, freeMs }) => blockedMs === 16_384 && freeMs === 1_024);
    const { sum } = measure(slow);
    expect(sum.without.aboutHealthy).toBeGreaterThan(20 * sum.with.aboutHealthy);
  });

  it('is a table with a row for each trouble, and their sum', () => {
    const text = lines(describeLifeguard('Loss', measure(LOSS_TROUBLES.slice(0, 2))));
    expect(text).toHaveLength(5);
    expect(text[4]).toMatch(/^all/);
  });
});

describe('the report on φ', () => {
  const report = measurePhi(1, quiet, 3_000);

  it('is a table for each kind of conditions, and the same for the same seed', () => {
    expect(describePhi(report)).toBe(describePhi(measurePhi(1, quiet, 3_000)));
    expect(describePhi(report).match(/fixed timeout/g)?.length).toBeGreaterThan(CONDITIONS.length * 5);
  });

  it('is drawn, the same for the same points, with a curve for each detector', () => {
    const svg = drawPhi(report);
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(svg).toBe(drawPhi(report));
    expect(svg).toContain('fixed timeout');
  });

  it('judges a detector by its silences: mistakes, and the time from a crash', () => {
    const still: Conditions = { name: 'still', about: '', weathers: [{ medianMs: 10, sigma: 0, loss: 0 }], eachMs: 1 };
    const heard = heartbeats(still, 3_000, 1);
    const patient = judge(fixedTimeout(1_500), heard);
    expect(patient.mistakes).toBe(0);
    // The heartbeat before a crash came 10 ms after it was sent, and the crash half a second after that.
    expect(patient.detectionMs).toBeCloseTo(1_500 + 10 - 500, 0);
    expect(judge(fixedTimeout(999), heard).mistakes).toBeGreaterThan(1_000);
  });
});

describe('the reports on gossip and on the real thing', () => {
  it('are texts', () => {
    expect(describeGossip({ seed: 1, tables: [], convergence: [] })).toContain('1');
    const usage = { cpuShare: 0.5, rssMb: 100, stallMs: 12, messagesPerMemberSecond: 2, connections: 3 };
    const allDeadMs = { first: 1_000, median: 2_000, last: 3_000 };
    const text = describeReal({
      ...{ members: 4, steadySeconds: 60, joinedMs: 500, usage: [usage, usage], survivors: 2, mistakes: 0 },
      ...{ firstDeathMs: 900, allDeadMs },
    });
    expect(text).toContain('50.0 %');
    expect(text).toContain('by all 2 after 3.00 s');
  });
});
