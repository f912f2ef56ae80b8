/**
 * Which of a list of operations are already in the order being built. They are nearly always a prefix and a few more, so only the words
 * of 32 from the first that is not full are kept, and equal sets have equal texts.
 */
export interface Window {
  /** How many words before `words` are full. */
  readonly base: number;
  readonly words: readonly number[];
  readonly text: string;
}

const FULL = 0xffffffff;

export const EMPTY: Window = { base: 0, words: [], text: '' };

/** The set with one more. */
export function withMember({ base, words }: Window, index: number): Window {
  const next = [...words];
  const word = (index >>> 5) - base;
  while (next.length <= word) next.push(0);
  next[word] = ((next[word] as number) | (1 << (index & 31))) >>> 0;
  let full = 0;
  while (next[full] === FULL) full++;
  const rest = full === 0 ? next : next.slice(full);
  return { base: base + full, words: rest, text: `${base + full}:${rest.join()}` };
}

/** The least index that is not in the set, from `from` on. */
export function nextAbsent({ base, words }: Window, from: number): number {
  let index = Math.max(from, base * 32);
  for (;;) {
    const word = words[(index >>> 5) - base];
    if (word === undefined) return index;
    const absent = ~word & (-1 << (index & 31));
    if (absent !== 0) return (index & ~31) + 31 - Math.clz32(absent & -absent);
    index = (index & ~31) + 32;
  }
}

/** Whether `index` is in the set. */
export function hasMember({ base, words }: Window, index: number): boolean {
  const word = (index >>> 5) - base;
  return word < 0 || (((words[word] ?? 0) >>> (index & 31)) & 1) === 1;
}
