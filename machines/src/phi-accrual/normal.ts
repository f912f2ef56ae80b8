/**
 * ln erfc(x), for any x: Press et al., *Numerical Recipes*, §6.2 (erfcc, a Chebyshev fit by W. J. Cody's method), kept in logarithms, so that it neither
 * underflows nor loses its sense where erfc itself is 0 in floating point (from x ≈ 27). Relative error of erfc at most 1.2·10⁻⁷ everywhere.
 * Libraries of statistics have erfc, but not its logarithm.
 */
export function lnErfc(x: number): number {
  const z = Math.abs(x);
  const t = 1 / (1 + 0.5 * z);
  let poly = 0;
  for (const coefficient of COEFFICIENTS) poly = poly * t + coefficient;
  const ln = Math.log(t) - z * z + poly;
  return x >= 0 ? ln : Math.log(2 - Math.exp(ln));
}

/** From the highest power of t down. */
const COEFFICIENTS = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
  -1.26551223,
];
