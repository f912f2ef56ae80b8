export { defineSynodElements } from './define.ts';
export type {
  ChartTimers,
  ElementTheme,
  Selection,
  SynodChartElement,
  SynodElementEvents,
  SynodSpaceTimeElement,
  TransitionCounts,
} from './types.ts';
