import { entries, position, seek, selectRecord } from './store.ts';

// The place in a run, for views that move in it. `cursor` counts records: what is shown is the world after so many.

export { position as cursor } from './store.ts';

/** How many records the run has so far. */
export const total = (): number => entries.value.length;

/** Shows the world after `to` records, and selects one of them. */
export function goTo(to: number, record = to - 1): void {
  seek(to);
  selectRecord(record);
}

/** When the last record happened that is shown; undefined before the first one. */
export const now = (): number | undefined => entries.value[position.value - 1]?.record.at;
