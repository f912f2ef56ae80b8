/** Simulated time in whole microseconds since the start: sums are exact, so equal moments are equal on every machine. */
export type Micros = number;

export const micros = (ms: number): Micros => Math.round(ms * 1_000);

export const millis = (us: Micros): number => us / 1_000;
