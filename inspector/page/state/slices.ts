import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Work } from '../../src/story/sweep.ts';
import { extent } from './store.ts';

/** How long the page works before it draws, in milliseconds. */
const BUSY_MS = 10;

/**
 * Does work in slices, between which the page draws: whenever there is other work, or more of a story to look at. Grows whenever some of it
 * is done. `failed` hears of what it throws; that work is not gone on with.
 */
export function inSlices(
  work: ReadonlySignal<Work | undefined>,
  failed?: (error: unknown) => void,
): ReadonlySignal<number> {
  const done = signal(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let broken: Work | undefined;
  const goOn = (): void => {
    clearTimeout(timer);
    const present = work.peek();
    if (!present || present === broken) return;
    const until = performance.now() + BUSY_MS;
    try {
      present.go(() => performance.now() > until);
    } catch (error) {
      if (!failed) throw error;
      broken = present;
      failed(error);
    }
    done.value = done.peek() + 1;
    if (!present.isDone && present !== broken) timer = setTimeout(goOn);
  };
  effect(() => {
    void [work.value, extent.value];
    goOn();
  });
  return done;
}
