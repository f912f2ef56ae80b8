import type { Specification, TraceRecord } from '@synod/protocol';
import { planOf, type SimulateOptions } from '../options.ts';
import { type SimulationResult, simulatePlan } from '../simulate.ts';
import type { SimulationChoice } from './choices.ts';
import type { Halt } from './pilot.ts';
import { Pilot } from './pilot.ts';

/** A run with its trace, and what may come next where it was held. */
export interface Held {
  /** Of a run that was held it says nothing of what would have come later. */
  readonly result: SimulationResult;
  /** By turn, how many records there were before it. */
  readonly marks: readonly number[];
  /** By name of a property of kind `sometimes` that came about: how many records there were by then. */
  readonly reached: ReadonlyMap<string, number>;
  /** Absent when the run was over before it came to where it was to be held. */
  readonly choices?: readonly SimulationChoice[];
}

/**
 * Runs as `simulate` does, with a trace, and holds the run where it is told to. A run is forked by running it again: the same decisions
 * lead to the same moment, from which another deviation leads elsewhere.
 * @throws SynodError as `simulate`.
 */
export function simulateUntil(specification: Specification, options: SimulateOptions, halt: Halt = {}): Held {
  const { deviations = [] } = options;
  const trace: TraceRecord[] = [];
  const reached = new Map<string, number>();
  const pilot = new Pilot(deviations, halt, () => trace.length);
  const result = simulatePlan(
    planOf(specification, options),
    {
      ...options,
      trace: (record) => void trace.push(record),
      onReached: (property) => {
        reached.set(property, trace.length);
        options.onReached?.(property);
      },
    },
    pilot,
  );
  return {
    result: { ...result, trace },
    marks: pilot.marks,
    reached,
    ...(pilot.choices && { choices: pilot.choices }),
  };
}

/** The turn of which the first so many records show the beginning: the first of those after which nothing more is to be seen yet. */
export function turnAt(marks: readonly number[], records: number): number {
  const latest = marks.findLast((mark) => mark <= records) ?? 0;
  return Math.max(0, marks.indexOf(latest));
}
