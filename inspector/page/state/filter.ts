import { computed, signal } from '@preact/signals';
import type { Entry } from './entries.ts';
import { recordText } from './record-text.ts';
import { entries } from './store.ts';

/** How much the log shows: changes of state and what is out of the ordinary; messages too; or every record. */
export type Level = 'changes' | 'messages' | 'everything';

export const level = signal<Level>('messages');
/** A text to look for, or `/a regular expression/`. */
export const query = signal('');

const isShown = ({ weight }: Entry): boolean =>
  level.value === 'everything' || weight === 'rare' || (level.value === 'messages' && weight === 'message');

/** Whether a text matches the query; a broken expression matches as text. */
const matcher = computed((): ((text: string) => boolean) => {
  const sought = query.value.trim();
  const expression = sought.match(/^\/(.+)\/$/)?.[1];
  if (expression !== undefined) {
    try {
      const pattern = new RegExp(expression, 'i');
      return (text) => pattern.test(text);
    } catch {
      // Half typed, as a rule.
    }
  }
  const lower = sought.toLowerCase();
  return (text) => text.toLowerCase().includes(lower);
});

/** The entries that the log shows, oldest first. */
export const shownEntries = computed(() => {
  const matches = matcher.value;
  const all = query.value.trim() === '';
  return entries.value.filter(
    (entry) =>
      isShown(entry) && (all || matches(`${entry.record.node} ${entry.record.type} ${recordText(entry.record)}`)),
  );
});
