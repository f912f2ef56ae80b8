import { computed, signal } from '@preact/signals';
import { plainSettings, type Settings } from '../../../src/spacetime/choices.ts';
import { isByActor } from '../../state/lone.ts';

/** What a person has chosen; it stays so while other views are looked at. */
const chosen = signal<Partial<Settings>>({});

/** How diagrams are drawn. Until a person chooses, the lanes of the only node are those of its actors. */
export const settings = computed(
  (): Settings => ({ ...plainSettings, by: isByActor.value ? 'actor' : 'node', ...chosen.value }),
);

export function choose(change: Partial<Settings>): void {
  chosen.value = { ...chosen.value, ...change };
}
