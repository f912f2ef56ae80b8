/** Runs that are tried to make one shorter. */
const MOST_TRIES = 500;

/**
 * The steps without those that are not needed: first without many at once, from the end to the front, then without single ones, until none
 * can be left out. `fails` tells whether a run still breaks what it broke.
 */
export function minimise<T>(steps: readonly T[], fails: (steps: readonly T[]) => boolean): readonly T[] {
  let kept = steps;
  let tries = 0;
  for (let size = Math.max(1, Math.floor(kept.length / 2)); ; ) {
    let shorter = false;
    for (let end = kept.length; end > 0 && tries < MOST_TRIES; end -= size) {
      const without = [...kept.slice(0, Math.max(0, end - size)), ...kept.slice(end)];
      tries += 1;
      if (!fails(without)) continue;
      kept = without;
      shorter = true;
    }
    if (tries >= MOST_TRIES || (size === 1 && !shorter)) return kept;
    if (size > 1) size = Math.floor(size / 2);
  }
}
