import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateOf, phiOf, silenceUntil, type Tail } from '../index.ts';
import { lnErfc } from '../normal.ts';

const second = { meanMs: 1_000, deviationMs: 100 };

describe('§III-B: φ of a silence, at mean 1,000 ms and deviation 100 ms', () => {
  it.each([
    { silence: 1_000, normal: 0.3, logistic: 0.3 },
    { silence: 1_200, normal: 1.64, logistic: 1.6 },
    { silence: 1_400, normal: 4.5, logistic: 4.7 },
    { silence: 1_600, normal: 9.01, logistic: 10.8 },
    { silence: 1_700, normal: 11.89, logistic: 15.3 },
  ])('of $silence ms is $normal; $logistic by the logistic curve', ({ silence, normal, logistic }) => {
    expect(phiOf(silence, second)).toBeCloseTo(normal, 2);
    expect(Math.abs(phiOf(silence, second, 'logistic') - logistic)).toBeLessThanOrEqual(0.1);
  });
});

describe('the logarithm of erfc', () => {
  // By series and continued fraction with 60 digits.
  it.each([
    [-6, Math.LN2],
    [-3, 0.6931361352504468],
    [-1, 0.6112323176780705],
    [-0.1, 0.10657640058652249],
    [0, 0],
    [0.1, -0.1193049737373956],
    [0.5, -0.735011129837084],
    [1, -1.8496055099332482],
    [2, -5.364941264616638],
    [5, -27.200889545537436],
    [26, -679.8311997631943],
    [30, -903.9741171106439],
    [100, -10005.177585122665],
    [1_000, -1000007.4801207219],
  ])('at %d is %d', (x, expected) => {
    expect(Math.abs(lnErfc(x) - expected)).toBeLessThan(2e-7);
  });
});

describe.each<Tail>(['normal', 'logistic'])('by the %s tail', (tail) => {
  const silence = fc.double({ min: 0, max: 1e9, noNaN: true });
  const estimate = fc.record({
    meanMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    deviationMs: fc.double({ min: 1, max: 1e5, noNaN: true }),
  });

  it('φ is a number, 0 or above, however long the silence', () => {
    fc.assert(
      fc.property(silence, estimate, (sinceMs, given) => {
        const phi = phiOf(sinceMs, given, tail);
        return Number.isFinite(phi) && phi >= -1e-7;
      }),
    );
  });

  it('§II-C, property 1: it grows with the silence, without end', () => {
    fc.assert(
      fc.property(silence, silence, estimate, (a, b, given) => {
        const [short, long] = [Math.min(a, b), Math.max(a, b)];
        return phiOf(short, given, tail) <= phiOf(long, given, tail) + 1e-6;
      }),
    );
    expect(phiOf(1e7, second, tail)).toBeGreaterThan(1e9);
  });

  it('it is known beforehand when it comes to a threshold', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 1_000, noNaN: true }), estimate, (threshold, given) => {
        const at = silenceUntil(threshold, given, tail);
        return (
          at === 0 ||
          (phiOf(at, given, tail) >= threshold && phiOf(Math.max(0, at - 0.01), given, tail) < threshold + 1e-3)
        );
      }),
    );
  });
});

describe('§III-C: mean and deviation of the window', () => {
  it.each([
    { intervals: [900, 1_100], meanMs: 1_000, deviationMs: 100 },
    { intervals: [1e9, 1e9 + 2], meanMs: 1e9 + 1, deviationMs: 1 },
    { intervals: [1_000, 1_000, 1_000], meanMs: 1_000, deviationMs: 0.5 },
  ])('of $intervals', ({ intervals, meanMs, deviationMs }) => {
    expect(estimateOf(intervals, 0.5)).toEqual({ meanMs, deviationMs });
  });
});
