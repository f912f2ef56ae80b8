import { effect, signal } from '@preact/signals';

const HEAT = 'synod-heat';
const FOLDED = 'synod-folded';

/** Whether transitions are coloured by how often they were taken. */
export const heatShown = signal(localStorage.getItem(HEAT) !== 'off');

effect(() => localStorage.setItem(HEAT, heatShown.value ? 'on' : 'off'));

/** How large a chart is drawn that is looked at closely, and what a person chooses it by. */
export const SIZES = { legible: 'legible', whole: 'whole chart', actual: 'actual size' } as const;
export type Size = keyof typeof SIZES;
export const size = signal<Size>('legible');

type Folded = Readonly<Record<string, readonly string[]>>;

/** The states that are folded, by the id of their chart, for as long as the page's tab lives. */
const folded = signal<Folded>(read());

function read(): Folded {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(FOLDED) ?? '{}');
    const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
    return Object.fromEntries(
      entries.filter(
        (entry): entry is [string, string[]] =>
          Array.isArray(entry[1]) && entry[1].every((id) => typeof id === 'string'),
      ),
    );
  } catch {
    return {};
  }
}

const NONE: readonly string[] = [];

export const foldedIn = (chart: string): readonly string[] =>
  (Object.hasOwn(folded.value, chart) ? folded.value[chart] : NONE) ?? NONE;

/** Folds a state, or unfolds it. */
export function toggleFold(chart: string, state: string): void {
  const before = foldedIn(chart);
  const after = before.includes(state) ? before.filter((id) => id !== state) : [...before, state];
  folded.value = { ...folded.value, [chart]: after };
  sessionStorage.setItem(FOLDED, JSON.stringify(folded.value));
}
