export {
  ASSERTIONS,
  type CheckOptions,
  type CheckProgress,
  type CheckResult,
  check,
  checkAsync,
  type PropertyResult,
  type Stopped,
} from './check.ts';
export type { Counterexample, CounterexampleStep } from './counterexample.ts';
