export { type ChartChoice, type ChartInTrace, chartIn } from './chart-in.ts';
export { type MermaidChartOptions, mermaidChart } from './mermaid-chart.ts';
export { mermaidSequence, type SequenceOptions } from './mermaid-sequence.ts';
export { type OtelOptions, otel } from './otel.ts';
export { perfetto } from './perfetto.ts';
export { type Place, type Records, type Selection, select } from './records.ts';
export { SCXML_EXTENSION, type ScxmlOptions, scxml } from './scxml.ts';
export { SHIVIZ_PATTERN, shiviz } from './shiviz.ts';
export { type SvgSpacetimeOptions, svgSpacetime } from './svg-spacetime.ts';
