import type { Chart, ChartState } from '@synod/protocol';

/** The ids of the states that a state value makes active, outermost first. */
export function activeStates({ root }: Chart, value: unknown): string[] {
  return [root.id, ...within(root, value)];
}

function within(state: ChartState, value: unknown): string[] {
  const inner: [string, unknown][] =
    typeof value === 'string'
      ? [[value, undefined]]
      : typeof value === 'object' && value !== null
        ? Object.entries(value)
        : [];
  return inner.flatMap(([key, deeper]) => {
    const child = state.states.find((candidate) => candidate.key === key);
    return child ? [child.id, ...within(child, deeper)] : [];
  });
}

/** Deeper than this no state is told in words. */
const MAX_DEPTH = 40;

/** A state value in words: `leader · idle`. */
export const stateWords = (value: unknown): string => wordsOf(value, 0);

function wordsOf(value: unknown, depth: number): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  if (depth > MAX_DEPTH) return '…';
  return Object.entries(value)
    .map(([key, deeper]) => [key, wordsOf(deeper, depth + 1)].filter((word) => word !== '').join(' · '))
    .join(', ');
}

/** The words of a state in so many characters: its innermost states alone, if all of them are too many. */
export function shortState(words: string, most: number): string {
  if (words.length <= most) return words;
  const inner = words
    .split(', ')
    .map((each) => each.split(' · ').at(-1))
    .join(', ');
  return inner.length <= most ? inner : `${inner.slice(0, Math.max(1, most - 1))}…`;
}

/** The innermost active states of a state value, each by its way from the outside: `leader.idle`. */
export function statePaths(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return [];
  return Object.entries(value).flatMap(([key, deeper]) => {
    const inner = statePaths(deeper, depth + 1);
    return inner.length === 0 ? [key] : inner.map((path) => `${key}.${path}`);
  });
}

/** The outermost state of a state value: `leader`. */
export const outerState = (value: unknown): string =>
  typeof value === 'string' ? value : (Object.keys((value as object | null) ?? {})[0] ?? '');

/** Which colour a state value has: the place of its outermost state in the document, so that one state has one colour everywhere. */
export function hueOf({ root }: Chart, value: unknown): number {
  const key = outerState(value);
  return (
    Math.max(
      0,
      root.states.findIndex((state) => state.key === key),
    ) % 8
  );
}
