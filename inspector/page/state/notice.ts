import { effect } from '@preact/signals';
import { notice } from './store.ts';

/** How long a notice stays that all went well, in milliseconds; of what went wrong it stays until the next. */
export const STAYS_MS = 5_000;

/** Takes notices of what went well away after a while. Answers what ends that. */
export function passNotices(): () => void {
  return effect(() => {
    if (!notice.value?.ok) return;
    const timer = setTimeout(() => {
      notice.value = undefined;
    }, STAYS_MS);
    return () => clearTimeout(timer);
  });
}
