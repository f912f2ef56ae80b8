import { linearRegression, linearRegressionLine, rSquared } from 'simple-statistics';

/** A line through measured points over the logarithm of their sizes: y = a + b · ln N. */
export interface LogFit {
  readonly a: number;
  readonly b: number;
  /** The share of the variance that the line explains: 1 is all. NaN for fewer than three sizes, through which a line always goes. */
  readonly r2: number;
}

/** Fits y = a + b · ln N by least squares. */
export function fitLog(points: readonly (readonly [size: number, y: number])[]): LogFit {
  const data = points.map(([size, y]) => [Math.log(size), y]);
  const line = linearRegression(data);
  return { a: line.b, b: line.m, r2: points.length < 3 ? Number.NaN : rSquared(data, linearRegressionLine(line)) };
}

/** A fit as a line for a person. */
export const describeFit = ({ a, b, r2 }: LogFit): string =>
  `${a.toFixed(2)} ${b < 0 ? '-' : '+'} ${Math.abs(b).toFixed(2)} ln N${Number.isNaN(r2) ? '' : ` (R² ${r2.toFixed(4)})`}`;
