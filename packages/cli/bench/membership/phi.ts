import { fixedTimeout, judge, type Quality } from './detectors.ts';
import { drawCurves } from './drawing.ts';
import { CONDITIONS, heartbeats, INTERVAL_MS } from './heartbeats.ts';
import { PHI_SETTINGS, phiDetector } from './phi-detector.ts';
import { figure, type Progress, table } from './table.ts';

// The φ-accrual detector against fixed timeouts: how soon a crash is seen, against how often one that lives is suspected, along
// thresholds and timeouts, as in Hayashibara et al. (§V) and Chen, Toueg and Aguilera (§2). Both hear the same heartbeats.

const THRESHOLDS = [0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 16];
const TIMEOUTS_MS = [1_050, 1_075, 1_100, 1_150, 1_200, 1_300, 1_400, 1_600, 1_800, 2_000, 2_250, 2_500, 3_000];

/** About 28 hours. */
const HEARTBEATS = 100_000;

export interface PhiReport {
  readonly seed: number;
  readonly heartbeats: number;
  readonly conditions: readonly {
    readonly name: string;
    readonly about: string;
    readonly points: readonly Quality[];
  }[];
}

/** Judges both along their parameters, in each kind of conditions. */
export function measurePhi(seed: number, progress: Progress, count = HEARTBEATS): PhiReport {
  const conditions = CONDITIONS.map((each) => {
    progress(`φ: ${each.name} conditions`);
    const heard = heartbeats(each, count, seed);
    const points = [
      ...THRESHOLDS.map((threshold) => judge(phiDetector(threshold), heard)),
      ...TIMEOUTS_MS.map((timeoutMs) => judge(fixedTimeout(timeoutMs), heard)),
    ];
    return { name: each.name, about: each.about, points };
  });
  return { seed, heartbeats: count, conditions };
}

/** The curves as SVG. */
export const drawPhi = ({ conditions }: PhiReport): string =>
  drawCurves(conditions.map(({ name, points }) => ({ title: `${name} conditions`, points })));

/** The report as text. */
export function describePhi({ seed, heartbeats: count, conditions }: PhiReport): string {
  const head = ['', 'threshold or ms', 'detection ms', '99 %', 'mistakes', 'an hour', 'each lasts ms'];
  const tables = conditions.map(({ name, about, points }) => {
    const rows = points.map((point) => [
      point.detector,
      String(point.parameter),
      figure(point.detectionMs),
      figure(point.detectionP99Ms),
      String(point.mistakes),
      figure(point.mistakesPerHour),
      figure(point.mistakeMs),
    ]);
    return `${name}: ${about}\n${table(head, rows)}`;
  });
  return `φ-accrual against fixed timeouts; ${count} heartbeats, one each ${INTERVAL_MS} ms, seed ${seed}; φ: ${JSON.stringify(PHI_SETTINGS)}\n${tables.join('\n')}`;
}
