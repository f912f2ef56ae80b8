/** A search is repeated for so long, but so often at least. */
const LONG_ENOUGH_MS = 2_000;
const OFTEN_ENOUGH = 5;

/**
 * Distinct states a second of a search, which answers how many there are. The fastest of many counts: whatever else the computer does, and a
 * program that is not yet warm, can only make a search slower. What is made once for a machine is made before.
 */
export function rateOf(search: () => number): { readonly states: number; readonly statesPerSecond: number } {
  const begun = performance.now();
  let fastest = Number.POSITIVE_INFINITY;
  let states = 0;
  for (let times = 0; times < OFTEN_ENOUGH || performance.now() - begun < LONG_ENOUGH_MS; times++) {
    const from = performance.now();
    states = search();
    fastest = Math.min(fastest, performance.now() - from);
  }
  return { states, statesPerSecond: (states / fastest) * 1_000 };
}
