import type { RecordingHead } from '../../src/world/wire.ts';

/** A time or a span for people: `1,204.5 ms`, `12.3 µs`, `3 s`; of a run that counts steps, a number. */
export function spanText(ms: number, unit: RecordingHead['unit'] = 'ms'): string {
  if (unit === 'step') return rounded(ms, 1);
  const size = Math.abs(ms);
  if (size > 0 && size < 0.1) return `${rounded(ms * 1_000, 1)} µs`;
  if (size < 10_000) return `${rounded(ms, size < 10 ? 2 : size < 1_000 ? 1 : 0)} ms`;
  return size < 600_000 ? `${rounded(ms / 1_000, 2)} s` : `${rounded(ms / 60_000, 1)} min`;
}

/** A place on the axis of time: with so many digits that rows below each other can be compared. */
export const placeText = (ms: number, unit: RecordingHead['unit'] = 'ms'): string =>
  unit === 'step' ? rounded(ms, 1) : ms.toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

const rounded = (value: number, digits: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: digits });
