// Where an axis has its marks, and what stands beside them.

/** What times count. */
export type Unit = 'ms' | 'step' | 'record';

export interface Tick {
  readonly value: number;
  readonly label: string;
  /** One of those by which the others count. */
  readonly isMain: boolean;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** From here on marks are told as on a clock. */
const LONG = 100 * SECOND;

/** Steps that are read at a glance, in milliseconds. */
const STEPS: readonly number[] = [
  ...[0.001, 0.01, 0.1, 1, 10, 100, SECOND].flatMap((power) => [power, 2 * power, 5 * power]),
  ...[10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 6, 12, 24].map((hours) => hours * HOUR),
];

/** The least step of marks that are at least `least` apart; in units of which there are no parts, 1 or more. */
export function stepOf(least: number, unit: Unit): number {
  if (unit === 'ms') {
    const step = STEPS.find((each) => each >= least);
    if (step !== undefined) return step;
  }
  const bound = Math.max(unit === 'ms' ? 24 * HOUR : 1, least);
  const power = 10 ** Math.floor(Math.log10(bound));
  return power * ([1, 2, 5, 10].find((each) => each * power >= bound * 0.999_999) ?? 10);
}

/** The marks between two values, at least `least` apart. */
export function ticksOf(from: number, to: number, least: number, unit: Unit): Tick[] {
  const step = stepOf(least, unit);
  const found: Tick[] = [];
  // Adding 0 makes 0 of −0, which would be written with its sign.
  for (let count = Math.ceil(from / step - 1e-9) + 0; count * step <= to && found.length < 500; count++) {
    const value = count * step;
    const isMain = unit === 'ms' && step < 1 ? Math.abs(value - Math.round(value)) < 1e-7 : true;
    found.push({ value, label: unit === 'ms' ? tickLabel(value, step, isMain) : `${count * step}`, isMain });
  }
  return found;
}

function tickLabel(ms: number, step: number, isMain: boolean): string {
  // Within a millisecond, marks count on from it: a time to the microsecond would be too long.
  if (step < 1 && !isMain) return `+${Math.round((ms - Math.floor(ms + 1e-9)) * 1_000)} µs`;
  if (step < SECOND) return Math.abs(ms) < LONG ? `${grouped(Math.round(ms))} ms` : clockWithin(ms, step);
  if (step < MINUTE && Math.abs(ms) < MINUTE) return `${Math.round(ms / SECOND)} s`;
  return clockOf(ms, step);
}

/** `2 min 05 s`, `1 h 20 min`, with as much as the step needs. */
function clockOf(ms: number, step: number): string {
  const seconds = Math.round(ms / SECOND);
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  const head = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  if (step >= MINUTE) return hours > 0 ? `${head} h` : `${head} min`;
  return `${head}:${two(rest)}`;
}

/** `2:55.5`: of a long run, a time in milliseconds is more than the axis has room for, and than a person reads. */
function clockWithin(ms: number, step: number): string {
  const whole = Math.floor(Math.round(ms) / SECOND) * SECOND;
  const digits = step >= 100 ? 1 : step >= 10 ? 2 : 3;
  return `${clockOf(whole, SECOND)}${((Math.round(ms) - whole) / SECOND).toFixed(digits).slice(1)}`;
}

const grouped = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 3 });

/** A stretch of time in words, as exact as it is worth: `340 µs`, `12.3 ms`, `4.2 s`, `3 min 20 s`. */
export function durationWords(ms: number): string {
  if (ms < 0) return `−${durationWords(-ms)}`;
  if (ms < 0.9995) return `${Math.round(ms * 1_000)} µs`;
  if (ms < 999.5) return `${Number(ms.toPrecision(3))} ms`;
  if (ms < MINUTE) return `${Number((ms / SECOND).toPrecision(3))} s`;
  const seconds = Math.round(ms / SECOND);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

/** A moment in words. */
export const momentWords = (value: number, unit: Unit): string =>
  unit === 'ms' ? `${grouped(Number(value.toFixed(3)))} ms` : `${unit} ${Math.round(value)}`;
