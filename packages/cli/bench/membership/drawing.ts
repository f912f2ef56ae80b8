import { LineChart, type LineSeriesOption } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Quality } from './detectors.ts';

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/** The curves of one kind of conditions. */
export interface Panel {
  readonly title: string;
  readonly points: readonly Quality[];
}

// Greys and colours that stand out from a white page and from a dark one: there is no background.
const INK = '#808890';
const FAINT = '#80889055';
const COLOURS = ['#d2691e', '#3b8fd9', '#3fa35f'];

const [WIDTH, HEIGHT, MARGIN] = [860, 400, 64];

/** Detection time against mistakes as an SVG: one panel beside the other, a curve for each detector. The same points give the same bytes. */
export function drawCurves(panels: readonly Panel[]): string {
  const names = [...new Set(panels.flatMap(({ points }) => points.map(({ detector }) => detector)))];
  const width = WIDTH / panels.length;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  const axis = {
    nameTextStyle: { color: INK },
    axisLabel: { color: INK },
    axisLine: { show: true, lineStyle: { color: INK } },
    splitLine: { lineStyle: { color: FAINT } },
    nameLocation: 'middle' as const,
  };
  chart.setOption({
    animation: false,
    color: COLOURS,
    textStyle: { fontFamily: 'sans-serif' },
    legend: { data: names, selectedMode: false, bottom: 0, textStyle: { color: INK } },
    title: panels.map(({ title }, index) => ({
      text: title,
      left: index * width + MARGIN,
      top: 4,
      textStyle: { color: INK, fontSize: 13, fontWeight: 'normal' as const },
    })),
    grid: panels.map((_, index) => ({ left: index * width + MARGIN, width: width - MARGIN - 16, top: 36, bottom: 72 })),
    xAxis: panels.map((_, gridIndex) => ({
      ...axis,
      gridIndex,
      type: 'value' as const,
      name: 'mean detection time, ms',
      nameGap: 26,
      scale: true,
    })),
    yAxis: panels.map((_, gridIndex) => ({
      ...axis,
      gridIndex,
      type: 'log' as const,
      name: 'mistakes an hour',
      nameGap: 44,
      axisLabel: { color: INK, formatter: (value: number) => String(Number(value.toPrecision(1))) },
    })),
    series: panels.flatMap(({ points }, index) => names.map((name) => line(name, points, index))),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${still(svg)}\n`;
}

/** Without what is only for a pointer, which the library numbers through all charts of a process. */
const still = (svg: string): string =>
  svg
    .replaceAll(/<style[\s\S]*?<\/style>\n?/g, '')
    .replaceAll(/ class="zr\d+-cls-\d+"/g, '')
    .replaceAll(/\bzr\d+-/g, 'zr-');

/** One detector's curve. A point without mistakes has no place on a logarithmic axis. */
function line(name: string, points: readonly Quality[], panel: number): LineSeriesOption {
  return {
    name,
    type: 'line',
    silent: true,
    xAxisIndex: panel,
    yAxisIndex: panel,
    symbol: 'circle',
    symbolSize: 5,
    data: points
      .filter(({ detector, mistakes }) => detector === name && mistakes > 0)
      .map(({ detectionMs, mistakesPerHour }) => [detectionMs, mistakesPerHour]),
  };
}
