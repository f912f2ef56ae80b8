import { effect } from '@preact/signals';
import type { RecordingHead } from '../../src/world/wire.ts';
import { extent, following, goToStep, loading, recording, selectedRecord } from './store.ts';
import { verdicts } from './verdicts.ts';

/** Goes to the first step after which a property does not hold; true if there is one. */
export function goToFirstBad(): boolean {
  const places = verdicts.peek()?.properties.flatMap(({ verdict, at }) => (verdict === 'violated' && at ? [at] : []));
  const first = places?.toSorted(([, a], [, b]) => a - b)[0];
  if (!first || first[1] > extent.peek().length) return false;
  goToStep(first);
  return true;
}

/**
 * A run that breaks a property opens where it breaks it, unless the address leads elsewhere. Only the run that the page
 * opens with: what a person tries out from there stays where they are.
 */
export function openAtFirstBad(): void {
  let opened: RecordingHead | undefined;
  const stop = effect(() => {
    if (!recording.value || loading.value || extent.value.length === 0) return;
    opened ??= recording.value;
    const isUntouched = recording.value === opened && following.peek() && selectedRecord.peek() === undefined;
    // What is known of a run comes on a way of its own, and may come after it.
    if (isUntouched && !verdicts.value) return;
    if (isUntouched) goToFirstBad();
    // An effect may not end itself while it runs for the first time.
    queueMicrotask(() => stop());
  });
}
