import type { Heartbeat } from './heartbeats.ts';

/** What decides when silence has lasted too long. */
export interface Detector {
  readonly name: string;
  /** What is varied along the curve: a threshold, or a timeout in milliseconds. */
  readonly parameter: number;
  /** Takes a heartbeat up. Returns the silence after it, in milliseconds, at which the sender is suspected. */
  heartbeat(arrivedMs: number): number;
}

/** One point of a curve, as in Chen, Toueg and Aguilera's measures of quality (§2). */
export interface Quality {
  readonly detector: string;
  readonly parameter: number;
  /** From a crash, at any moment between two heartbeats, to the suspicion: mean, and the 99th percentile. */
  readonly detectionMs: number;
  readonly detectionP99Ms: number;
  /** Suspicions of a sender that lives. */
  readonly mistakes: number;
  readonly mistakesPerHour: number;
  /** How long a mistake lasts on average; NaN without one. */
  readonly mistakeMs: number;
}

/** A suspicion holds for no more than what the first heartbeats say; no detector is judged by those. */
const WARM_UP = 1_000;

/** Lets a detector hear heartbeats, and judges what it would have said. */
export function judge(detector: Detector, heard: readonly Heartbeat[]): Quality {
  const detections: number[] = [];
  let mistakes = 0;
  let mistaken = 0;
  let silence = Number.POSITIVE_INFINITY;
  for (const [index, { arrivedMs, sentMs }] of heard.entries()) {
    const before = heard[index - 1];
    const judged = index >= WARM_UP && before;
    if (judged && arrivedMs - before.arrivedMs > silence) {
      mistakes++;
      mistaken += arrivedMs - before.arrivedMs - silence;
    }
    silence = detector.heartbeat(arrivedMs);
    const next = heard[index + 1];
    // Had it crashed before the next one: on average in the middle, and what had been sent still came.
    if (judged && next) detections.push(arrivedMs + silence - (sentMs + next.sentMs) / 2);
  }
  detections.sort((a, b) => a - b);
  const hours = ((heard.at(-1)?.arrivedMs ?? 0) - (heard[WARM_UP]?.arrivedMs ?? 0)) / 3_600_000;
  return {
    detector: detector.name,
    parameter: detector.parameter,
    detectionMs: detections.reduce((sum, each) => sum + each, 0) / detections.length,
    detectionP99Ms: detections[Math.floor(detections.length * 0.99)] ?? Number.NaN,
    mistakes,
    mistakesPerHour: mistakes / hours,
    mistakeMs: mistaken / mistakes,
  };
}

/** Suspects after the same silence always. */
export const fixedTimeout = (timeoutMs: number): Detector => ({
  name: 'fixed timeout',
  parameter: timeoutMs,
  heartbeat: () => timeoutMs,
});
