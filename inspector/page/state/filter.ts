import { computed, effect, signal } from '@preact/signals';
import { Sift, type Wanted } from '../story/sift.ts';
import { recordText } from './record-text.ts';
import { extent, story } from './store.ts';

/** How much the log shows: changes of state and what is out of the ordinary; messages too; or every record. */
export type Level = 'changes' | 'messages' | 'everything';

export const level = signal<Level>('messages');
/** A text to look for, or `/a regular expression/`. */
export const query = signal('');

/** How long the page looks for records before it draws, in milliseconds. */
const BUSY_MS = 8;

/** Whether a text matches the query; a broken expression matches as text. */
const matcher = computed((): ((text: string) => boolean) | undefined => {
  const sought = query.value.trim();
  if (sought === '') return undefined;
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

const wanted = computed((): Wanted => {
  const [shown, matches] = [level.value, matcher.value];
  return (from, index) => {
    const weight = from.weight(index);
    if (shown !== 'everything' && weight !== 'rare' && !(shown === 'messages' && weight === 'message')) return false;
    if (!matches) return true;
    const record = from.record(index);
    return matches(`${record.node} ${record.type} ${recordText(record)}`);
  };
});

/** The records that the log shows, as far as they have been found. */
export const sift = computed(() => new Sift(story.value, wanted.value));
/** Grows whenever more of them have been found. */
export const sifted = signal(0);

let timer: ReturnType<typeof setTimeout> | undefined;

/** Looks on whenever there is more to look at, and the page is not kept from drawing. */
function lookOn(): void {
  clearTimeout(timer);
  const until = performance.now() + BUSY_MS;
  sift.peek().go(() => performance.now() > until);
  sifted.value = sifted.peek() + 1;
  if (!sift.peek().isDone) timer = setTimeout(lookOn);
}

effect(() => {
  void [sift.value, extent.value];
  lookOn();
});
