import { computed, effect, signal } from '@preact/signals';
import { Tally } from '../../src/story/tally.ts';
import { inSlices } from './slices.ts';
import { cursor, story } from './store.ts';

/** How many parts of the page want the run counted at present. */
const wishes = signal(0);
const isWanted = computed(() => wishes.value > 0);

/** Has the run counted, until what it gives is called. */
export function wishTally(): () => void {
  wishes.value++;
  return () => {
    wishes.value--;
  };
}

/** What is counted: the whole run, or what has happened up to the place that is shown. */
export type Scope = 'all' | 'cursor';
export const scope = signal<Scope>('all');

const whole = computed(() => new Tally(story.value));
/** The whole run, counted as far as anybody wished for it. */
const work = computed(() => (isWanted.value ? whole.value : undefined));
export const wholeCounted = inSlices(work);
export const wholeTally = whole;

const upTo = computed(() =>
  isWanted.value && scope.value === 'cursor' ? new Tally(story.value, cursor.value) : undefined,
);
const upToCounted = inSlices(upTo);
/** The last that was counted to its end: it is shown while the next one is on its way. */
const finished = signal<Tally | undefined>(undefined);
effect(() => {
  void upToCounted.value;
  if (!upTo.value || upTo.value.isDone) finished.value = upTo.value;
});

/** The counts to show, and how much of the work is done, from 0 to 1. Asked again, it may be the same one, grown. */
export function shownTally(): { readonly tally: Tally; readonly share: number } {
  void [wholeCounted.value, upToCounted.value];
  const next = upTo.value;
  if (!next) return { tally: whole.value, share: whole.value.share };
  const kept = finished.value?.story === next.story ? finished.value : next;
  return { tally: next.isDone ? next : kept, share: next.share };
}
