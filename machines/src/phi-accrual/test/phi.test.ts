import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviationsUntil, estimateOf, phiOf, silenceOf, type Tail } from '../index.ts';
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
  // By mpmath with 60 digits and more.
  const table: readonly (readonly [x: number, expected: number])[] = [
    [-6, Math.LN2],
    [-3, 0.6931361352504468],
    [-1, 0.6112323176780705],
    [-0.1, 0.1065764005865225],
    [-1e-8, 1.1283791607293149e-8],
    [0, 0],
    [0.1, -0.1193049737373956],
    [0.5, -0.7350111298370844],
    [1, -1.849605509933248],
    [1.9, -4.932345862780269],
    [2, -5.364941264616638],
    [2.1, -5.816010968867555],
    [5, -27.20088954553743],
    [26, -679.831199763194],
    [30, -903.9741171106439],
    [100, -10005.17758512266],
    [1_000, -1_000_007.480120722],
    [1e100, -1e200],
  ];
  it.each(table)('at %d is %d, to thirteen digits', (x, expected) => {
    expect(Math.abs(lnErfc(x) - expected)).toBeLessThanOrEqual(1e-13 * Math.abs(expected));
  });
});

describe('far out, where the tail itself is 0 in floating point', () => {
  it.each([
    [20, 88.56009534307559],
    [38, 315.5397897039625],
    [40, 349.4370064593458],
    [100, 2173.871542869034],
  ])('%d deviations after the mean, φ is %d', (deviations, expected) => {
    expect(phiOf(1_000 + 100 * deviations, second)).toBeCloseTo(expected, 9);
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
        return Number.isFinite(phi) && phi >= 0;
      }),
    );
  });

  it('§II-C, property 1: it grows with the silence, without end', () => {
    fc.assert(
      fc.property(silence, silence, estimate, (a, b, given) => {
        const [short, long] = [Math.min(a, b), Math.max(a, b)];
        return phiOf(short, given, tail) <= phiOf(long, given, tail) * (1 + 1e-12);
      }),
    );
    expect(phiOf(1e7, second, tail)).toBeGreaterThan(1e9);
  });

  it('it is known beforehand when it comes to a threshold', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 1_000, noNaN: true }), estimate, (threshold, given) => {
        const at = silenceOf(deviationsUntil(threshold, tail), given);
        const before = phiOf(at * (1 - 1e-9), given, tail);
        return at === 0 || (phiOf(at, given, tail) >= threshold * (1 - 1e-6) && before <= threshold);
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
