import { computed, signal } from '@preact/signals';
import { recordText } from './record-text.ts';
import { type Entry, entries } from './store.ts';

/** How much the log shows: changes of state and what is out of the ordinary; messages too; or every record. */
export type Level = 'changes' | 'messages' | 'everything';

export const level = signal<Level>('messages');
/** A text to look for, or `/a regular expression/`. */
export const query = signal('');

const DETAIL = new Set(['receive', 'deliver', 'timer.set', 'timer.fired', 'timer.cancelled', 'durable']);

const isShown = ({ record, changed }: Entry): boolean => {
  if (level.value === 'everything') return true;
  if (DETAIL.has(record.type)) return false;
  if (level.value === 'messages') return record.type !== 'transition' || changed;
  return changed && record.type !== 'send';
};

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
