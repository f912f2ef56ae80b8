/** A time on the axis, in words: steps, or milliseconds from the beginning of what is shown in the unit that suits them. */
export function timeWords(ms: number, unit: 'ms' | 'step' = 'ms'): string {
  if (unit === 'step') return `step ${ms}`;
  if (ms >= 3_600_000) return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms % 3_600_000) / 60_000)} min`;
  if (ms >= 60_000) return `${Math.floor(ms / 60_000)} min ${((ms % 60_000) / 1_000).toFixed(1)} s`;
  return ms >= 10 || Number.isInteger(ms) ? `${Math.round(ms).toLocaleString('en')} ms` : `${ms.toFixed(3)} ms`;
}
