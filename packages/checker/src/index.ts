export { type LookBounds, ModelBrowser, type ModelChoice, type ModelChoices, type ModelRun } from './browse.ts';
export { check, checkAsync } from './check.ts';
export type { Counterexample, CounterexampleStep } from './counterexample.ts';
export {
  type ActorStep,
  type ExploreBounds,
  type Explored,
  type ExploreOptions,
  Explorer,
  type Run,
  type RunStep,
} from './explore.ts';
export type { GraphEdge, GraphState, StateGraph } from './graph.ts';
export type { CheckOptions, CheckProgress } from './options.ts';
export { ASSERTIONS, type CheckResult, type PropertyResult, type Stopped } from './result.ts';
export type { PropertyTrack } from './tracks.ts';
export type { Wording } from './words.ts';
export type { Growth } from './world/growth.ts';
