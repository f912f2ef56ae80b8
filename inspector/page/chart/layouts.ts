import type { Chart } from '@synod/protocol';
import ElkConstructor from 'elkjs/lib/elk-api.js';
import type { Detail, Drawing } from '../../src/chart/drawing.ts';
import { layoutChart } from '../../src/chart/layout.ts';
import { measureByCanvas } from './measure.ts';
import { workerUrl } from './worker-url.ts';

const elk = new ElkConstructor({ workerFactory: () => new Worker(workerUrl) });
const drawings = new Map<string, Promise<Drawing>>();

const definitions = new WeakMap<Chart, string>();

/** A chart as text, the same for all nodes that run the same machine. */
export function definitionOf(chart: Chart): string {
  const known = definitions.get(chart) ?? JSON.stringify(chart);
  definitions.set(chart, known);
  return known;
}

const NONE: readonly string[] = [];

/** Width to height of the room for a chart that is looked at closely, and for small ones. */
const RATIO = { close: 1.7, small: 1.3 } as const;

/** The drawing of a chart with some states folded, laid out once for all nodes that run the same machine. */
export function drawingOf(chart: Chart, detail: Detail, folded: readonly string[] = NONE): Promise<Drawing> {
  const key = JSON.stringify([detail, [...folded].sort(), definitionOf(chart)]);
  const known = drawings.get(key);
  if (known) return known;
  const drawing = layoutChart(chart, {
    elk,
    measure: measureByCanvas(document.body),
    detail,
    folded: new Set(folded),
    ratio: detail === 'full' ? RATIO.close : RATIO.small,
  });
  drawings.set(key, drawing);
  return drawing;
}
