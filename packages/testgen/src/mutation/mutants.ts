import { chartOf } from '@synod/protocol';
import type { AnyStateMachine } from 'xstate';
import { ChartIndex } from '../targets/chart-index.ts';
import { type MutationOperator, type MutationPlace, mutationsOf } from './operators.ts';

/** A machine with one mistake. */
export interface MachineMutant {
  /** Unique among the machine's mutants, and stable as long as the chart's names are. */
  readonly id: string;
  readonly operator: MutationOperator;
  /** What is wrong with it, for people: `idle → open on PUSH: leads to shut`. */
  readonly description: string;
  readonly place: MutationPlace;
  readonly machine: AnyStateMachine;
}

/**
 * Every mutant of a machine, in document order: a transition dropped, a guard negated, a transition that leads to the state beside its target,
 * an action of a transition, an entry or an exit dropped, a delay made longer by a tenth. Child machines are as they were.
 * A change that XState refuses makes no mutant.
 */
export function mutantsOf(machine: AnyStateMachine): readonly MachineMutant[] {
  return mutationsOf(machine, new ChartIndex(chartOf(machine))).flatMap(({ make, ...mutation }) => {
    const made = attempt(() => make(machine));
    return made ? [{ ...mutation, machine: made }] : [];
  });
}

function attempt(make: () => AnyStateMachine): AnyStateMachine | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
