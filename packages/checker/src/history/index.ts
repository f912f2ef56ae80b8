export type { Access, ReadsAndWrites } from './accesses.ts';
export { judgeCausal } from './causal.ts';
export { type DrawOptions, drawHistory } from './draw.ts';
export { type EventualOptions, judgeEventual } from './eventual.ts';
export { judgeLinearizable, linearizabilityOf } from './linearizable.ts';
export { type Linearization, linearize, type Point } from './linearize.ts';
export {
  describeOperation,
  type History,
  type HistoryEvent,
  type Operation,
  operationsOf,
} from './operations.ts';
export { judgeSequential } from './sequential.ts';
export { judgeSession, type SessionGuarantee, type SessionOptions } from './session.ts';
export type { Bounds, Verdict } from './verdict.ts';
