import type { Row } from '../world/world.ts';

/**
 * A world's fingerprint is 64 bits in two halves, each the sum over its slots of a number mixed from slot and value. A step changes
 * a few slots, so it changes the sum by a few differences. The mixing is that of Wellons's "prospecting for hash functions"
 * (lowbias32), which has no known weakness on small numbers.
 */
export function mixLow(slot: number, value: number): number {
  let x = (Math.imul(value, 0x9e3779b1) ^ Math.imul(slot + 1, 0x85ebca6b)) | 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x21f0aaad);
  x ^= x >>> 15;
  x = Math.imul(x, 0x735a2d97);
  return x ^ (x >>> 15);
}

/** The other half: the same with other constants. */
export function mixHigh(slot: number, value: number): number {
  let x = (Math.imul(value, 0xc2b2ae35) + Math.imul(slot + 1, 0x27d4eb2f)) | 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return x ^ (x >>> 16);
}

/** The fingerprint of a whole row. */
export function fingerprint(row: Row): [low: number, high: number] {
  let low = 0;
  let high = 0;
  for (let slot = 0; slot < row.length; slot++) {
    low = (low + mixLow(slot, row[slot] as number)) | 0;
    high = (high + mixHigh(slot, row[slot] as number)) | 0;
  }
  return [low, high];
}
