import type { Indexes } from './indexes.ts';
import type { Scale } from './scale.ts';

/**
 * How many records stand in each of `bins` stretches of `size` units, the first of which begins at `from`. It asks as often as there are
 * stretches, however many records there are.
 */
export function densityOf(list: Indexes, scale: Scale, from: number, size: number, bins: number): Uint32Array {
  const counts = new Uint32Array(bins);
  const { key } = scale;
  const first = scale.keyOf(from);
  let place = beginning(list, (index) => key(index) < first);
  for (let bin = 0; bin < bins && place < list.length; bin++) {
    const bound = scale.keyOf(from + (bin + 1) * size);
    const next = list.split((index) => key(index) < bound, place);
    counts[bin] = next - place;
    place = next;
  }
  return counts;
}

/** By halves, since it may be far from the first. */
function beginning(list: Indexes, isBefore: (index: number) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(list.at(middle))) low = middle + 1;
    else high = middle;
  }
  return low;
}
