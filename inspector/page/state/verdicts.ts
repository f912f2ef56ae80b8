import { signal } from '@preact/signals';
import type { Verdicts } from '../../src/world/verdicts.ts';

/** What is known of the run that is shown; undefined where nothing is. */
export const verdicts = signal<Verdicts | undefined>(undefined);
