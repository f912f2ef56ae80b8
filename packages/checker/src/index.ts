export { check, checkAsync } from './check.ts';
export type { Counterexample, CounterexampleStep } from './counterexample.ts';
export type { CheckOptions, CheckProgress } from './options.ts';
export { ASSERTIONS, type CheckResult, type PropertyResult, type Stopped } from './result.ts';
export type { Growth } from './world/growth.ts';
