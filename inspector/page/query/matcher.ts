import { repeatsIn } from './expression.ts';
import type { Pattern } from './query.ts';

/** Characters of a text that are looked at. */
export const MAX_TEXT = 2_000;

/** Steps that an expression may take for one text at worst: some tenths of a second. */
const MAX_STEPS = 4e6;

/** An expression may take this long for a text, in milliseconds; and now and then longer, as a busy machine makes it. */
const SLOW_MS = 50;
const MAX_SLOW = 4;
/** So many texts that did not take long make up for one that did. */
const FORGIVEN = 1_000;

/** An expression takes too long to be of use. */
export class TooSlow extends Error {
  readonly code = 'QUERY_TOO_SLOW';
}

/** Whether a text fits. */
export type Matches = (text: string) => boolean;

/** A test for any of several patterns; with `within`, a part of the text is enough. */
export function matcherOf(patterns: readonly Pattern[], within: boolean): Matches {
  const tests = patterns.map((pattern) => testOf(pattern, within));
  const [only] = tests;
  const matches: Matches = tests.length === 1 && only ? only : (text) => tests.some((test) => test(text));
  return (text) => matches(text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text);
}

function testOf(pattern: Pattern, within: boolean): Matches {
  if (pattern.kind === 'expression')
    return timed(new RegExp(pattern.source, 'i'), lengthFor(repeatsIn(pattern.source)));
  const sought = pattern.text.toLowerCase();
  if (pattern.kind === 'words' && sought.includes('*')) return wild(sought.split('*'), within);
  return within ? (text) => text.toLowerCase().includes(sought) : (text) => text.toLowerCase() === sought;
}

/** The pieces between the `*`s, in their order. */
function wild(pieces: readonly string[], within: boolean): Matches {
  const [head, tail] = [pieces[0] as string, pieces.at(-1) as string];
  return (text) => {
    const lower = text.toLowerCase();
    if (!within && (!lower.startsWith(head) || !lower.endsWith(tail))) return false;
    let at = within ? 0 : head.length;
    for (const piece of within ? pieces : pieces.slice(1, -1)) {
      const found = lower.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return within || at + tail.length <= lower.length;
  };
}

/** Characters that are looked at by an expression with so many repeats: n characters and r repeats are n^(r+1) / (r+1)! ways at worst. */
function lengthFor(repeats: number): number {
  let ways = MAX_STEPS;
  for (let factor = 2; factor <= repeats + 1; factor++) ways *= factor;
  return Math.min(MAX_TEXT, Math.floor(ways ** (1 / (repeats + 1))));
}

function timed(expression: RegExp, length: number): Matches {
  let slow = 0;
  return (text) => {
    const begin = performance.now();
    const fits = expression.test(text.slice(0, length));
    if (performance.now() - begin <= SLOW_MS) slow = Math.max(0, slow - 1 / FORGIVEN);
    else if (++slow > MAX_SLOW) throw new TooSlow('The expression takes too long; make it simpler.');
    return fits;
  };
}
