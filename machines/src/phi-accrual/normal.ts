/**
 * ln erfc(x), a number also where erfc itself is 0 in floating point (from x ≈ 27): NIST, *Digital Library of Mathematical Functions*, the series
 * 7.6.2 up to 2, the continued fraction 7.9.1 from there on. All terms of each have one sign, so that nothing cancels; the relative error is below 10⁻¹³.
 * Libraries of statistics have erfc, but not its logarithm.
 */
export function lnErfc(x: number): number {
  if (x <= -2) return Math.LN2 + Math.log1p(-Math.exp(lnErfc(-x)) / 2);
  return x < 2 ? Math.log1p(-erf(x)) : -x * x - Math.log(x * SQRT_PI * fraction(x * x));
}

const SQRT_PI = Math.sqrt(Math.PI);

/** DLMF 7.6.2: erf(x) = 2/√π · exp(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n + 1)). For |x| ≤ 2 a term after the 50th is too small to count. */
function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; n <= 50; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / SQRT_PI) * Math.exp(-x * x) * sum;
}

/** DLMF 7.9.1: erfc(x) = exp(−x²) / (x√π) · 1 / (1 + ½/x² / (1 + 1/x² / (1 + 3⁄2/x² / …))): the denominator. From x = 2 on, 50 levels are enough. */
function fraction(square: number): number {
  let value = 1;
  for (let level = 50; level >= 1; level--) value = 1 + level / 2 / square / value;
  return value;
}
