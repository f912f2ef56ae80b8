import { signal } from '@preact/signals';
import { plainSettings, type Settings } from '../../../src/spacetime/choices.ts';

/** How a person wants diagrams drawn; it stays so while other views are looked at. */
export const settings = signal<Settings>(plainSettings);

export function choose(change: Partial<Settings>): void {
  settings.value = { ...settings.value, ...change };
}
