import type { Counterexample } from './counterexample.ts';
import type { Growth } from './world/growth.ts';

/** Why a search ended before it had seen everything. */
export type Stopped = 'depth' | 'states' | 'time' | 'memory' | 'interrupted' | 'violation';

export interface PropertyResult {
  readonly name: string;
  readonly kind: 'always' | 'sometimes' | 'eventually' | 'step';
  /** `unknown`: what was explored neither shows it nor refutes it. */
  readonly verdict: 'holds' | 'violated' | 'unknown';
  /** For `violated`: what happened; for `unknown` why, where it is not a bound. */
  readonly message?: string;
  /** A run that shows the violation, or for `sometimes` one that reaches it. */
  readonly trace?: Counterexample;
}

export interface CheckResult {
  /** Steps taken, those that led to known states included. */
  readonly states: number;
  readonly distinct: number;
  /** States on the longest of the shortest paths, the first one included. */
  readonly depth: number;
  readonly seconds: number;
  /** Whether every state within the model was explored. */
  readonly complete: boolean;
  readonly stopped?: Stopped;
  /** Of a search that was stopped: fields that were still growing. */
  readonly growing?: readonly Growth[];
  /** Of random walks: how many there were. */
  readonly walks?: number;
  readonly properties: readonly PropertyResult[];
}

/** Under this name a broken assertion of a machine is told. */
export const ASSERTIONS = 'Assertions of the machines';
