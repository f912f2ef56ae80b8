import { effect, signal } from '@preact/signals';
import { sift } from '../state/filter.ts';
import { cursor, extent, moment, recording, seek, selectedRecord, story } from '../state/store.ts';
import { isTarget, type Jump, nextTarget } from './jump.ts';

/** Between two steps of a run that plays event by event, in milliseconds. */
const STEP_MS = 350;

/** How fast a run plays: event by event, or so many times as fast as it went. */
export const SPEEDS = ['events', 0.01, 0.1, 0.25, 1, 4, 16, 100] as const;
export type Speed = (typeof SPEEDS)[number];

export const playing = signal(false);
export const speed = signal<Speed>('events');
/** What the buttons to the next and the one before lead to. */
export const jump = signal<Jump>('shown');
/** Indexes that a person has marked. */
export const bookmarks = signal<readonly number[]>([]);

export const toggleBookmark = (): void => {
  const at = cursor.value - 1;
  if (at < extent.value.first) return;
  const others = bookmarks.value.filter((each) => each !== at);
  bookmarks.value = others.length < bookmarks.value.length ? others : [...others, at].sort((a, b) => a - b);
};

/** To the next record of the kind that was chosen, or back to the one before. */
export function step(by: 1 | -1, to: Jump = jump.value): void {
  const { first, length } = extent.value;
  const place = to === 'shown' ? shownTarget(by) : otherTarget(to, by);
  seek(place === undefined ? (by > 0 ? length : first) : place + 1);
}

function shownTarget(by: 1 | -1): number | undefined {
  const found = sift.value;
  const place = by > 0 ? found.placeOf(cursor.value) : found.placeOf(cursor.value - 1) - 1;
  return place >= 0 && place < found.length ? found.at(place) : undefined;
}

/** From the record at the cursor, which has just happened, one goes back to before it. */
const otherTarget = (to: Exclude<Jump, 'shown'>, by: 1 | -1): number | undefined =>
  nextTarget(story.value, by > 0 ? cursor.value : cursor.value - 1, by, isTarget(to, selectedRecord.value));

/** Begins to play, from the beginning where the end is shown, or stops. */
export function togglePlay(): void {
  if (!playing.value && cursor.value >= extent.value.length && recording.value) seek(extent.value.first);
  playing.value = !playing.value;
}

/** Plays until the end, or until somebody stops it. */
effect(() => {
  if (!playing.value) return undefined;
  return speed.value === 'events' ? playEvents() : playTime(speed.value);
});

function playEvents(): () => void {
  const timer = setInterval(() => {
    if (isAtEnd()) playing.value = false;
    else step(1, 'shown');
  }, STEP_MS);
  return () => clearInterval(timer);
}

function playTime(times: number): () => void {
  let before = performance.now();
  let at = moment.peek() ?? story.peek().at(extent.peek().first);
  let shown = cursor.peek();
  let frame = requestAnimationFrame(function next(now) {
    // A person who goes elsewhere meanwhile goes on from there.
    if (cursor.peek() !== shown) at = moment.peek() ?? at;
    at += (now - before) * times;
    before = now;
    const index = story.peek().indexAt(at);
    if (index > cursor.peek()) seek(index);
    shown = cursor.peek();
    if (isAtEnd()) playing.value = false;
    else frame = requestAnimationFrame(next);
  });
  return () => cancelAnimationFrame(frame);
}

const isAtEnd = (): boolean => cursor.peek() >= extent.peek().length;
