import { signal } from '@preact/signals';

/** Where on the page a view may stand. */
export type PaneName = 'middle' | 'side';

/** The ids of the views that a person has chosen. */
export const chosen = {
  middle: signal<string | undefined>(undefined),
  side: signal<string | undefined>(undefined),
} as const;
