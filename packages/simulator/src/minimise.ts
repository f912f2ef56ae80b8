/**
 * Delta debugging, Zeller and Hildebrandt, *Simplifying and Isolating Failure-Inducing Input* (2002), §3: a part of `items` that still
 * fails and of which no single item can be left out, as far as `fails` says so. The whole of `items` must fail.
 */
export function minimise<T>(items: readonly T[], fails: (part: readonly T[]) => boolean): readonly T[] {
  let current = items;
  let pieces = 2;
  if (current.length > 0 && fails([])) return [];
  while (current.length >= 2) {
    const size = Math.ceil(current.length / pieces);
    const starts = Array.from({ length: Math.ceil(current.length / size) }, (_, index) => index * size);
    const whole = current;
    const rest = starts
      .map((start) => whole.filter((_, index) => index < start || index >= start + size))
      .find((part) => part.length > 0 && fails(part));
    if (rest) {
      current = rest;
      pieces = Math.max(2, pieces - 1);
    } else if (size === 1) break;
    else pieces = Math.min(current.length, pieces * 2);
  }
  return current;
}
