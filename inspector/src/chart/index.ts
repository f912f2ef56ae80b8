import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Chart } from '@synod/protocol';
import type { ELK } from 'elkjs/lib/elk-api.js';
import type { Drawing } from './drawing.ts';
import { layoutChart, type Tools } from './layout.ts';
import { estimate } from './text.ts';

export { activeStates, stateWords } from './active.ts';
export type { Detail, Drawing } from './drawing.ts';
export { marksOf } from './marks.ts';
export type { Marks } from './picture.ts';
export { type Look, svgOf } from './svg.ts';

/** The style sheets for `svgOf`, as the page has them. */
export async function chartStyles(): Promise<string> {
  const files = ['../../page/style/theme.css', '../../src/chart/drawing.css'];
  return (await Promise.all(files.map((file) => readFile(new URL(file, import.meta.url), 'utf8')))).join('\n');
}

let elk: Pick<ELK, 'layout'> | undefined;

/** Required, not imported: Node would first read all of its 1.6 MB for the names that it exports. */
function loadElk(): ELK {
  const Bundled = createRequire(import.meta.url)('elkjs/lib/elk.bundled.js') as { new (): ELK };
  return new Bundled();
}

/** Where everything in a chart goes. In this process, without a worker: a chart of twenty states takes some hundred milliseconds. */
export async function drawChart(
  chart: Chart,
  { detail = 'full', ...options }: Partial<Pick<Tools, 'detail' | 'folded' | 'ratio'>> = {},
): Promise<Drawing> {
  elk ??= loadElk();
  return layoutChart(chart, { elk, measure: estimate, detail, ...options });
}
