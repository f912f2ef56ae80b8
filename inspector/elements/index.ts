export { defineSynodElements } from './define.ts';
export type {
  ElementTheme,
  Selection,
  SynodChartElement,
  SynodElementEvents,
  SynodSpaceTimeElement,
  TransitionCounts,
} from './types.ts';
