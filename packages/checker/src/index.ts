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
export type { CheckOptions, CheckProgress } from './options.ts';
export { ASSERTIONS, type CheckResult, type PropertyResult, type Stopped } from './result.ts';
export type { Growth } from './world/growth.ts';
