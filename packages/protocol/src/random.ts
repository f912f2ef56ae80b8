/** A seeded generator's whole state: one unsigned 32-bit integer, so that it can live in a machine's context. */
export type RandomState = number;

/**
 * The next number in [0, 1) and the generator's next state: Steele and Vigna's SplitMix in its 32-bit form ("mulberry32").
 * Pure, so that a machine that draws a number stays a function. Not for secrets.
 */
export function nextRandom(state: RandomState): readonly [value: number, next: RandomState] {
  const next = (state + 0x6d2b79f5) >>> 0;
  let z = next;
  z = Math.imul(z ^ (z >>> 15), z | 1);
  z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
  return [((z ^ (z >>> 14)) >>> 0) / 4294967296, next];
}

/** A seed from a text, so that every node of one seeded run has a generator of its own (FNV-1a). */
export function seedFrom(text: string): RandomState {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
