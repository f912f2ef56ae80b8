import { describeStimulus } from '../play/play.ts';
import { shown } from '../write/literal.ts';
import type { Failure } from './explore.ts';
import { stimulusOf } from './stimulus.ts';

/** The steps of a failing run, a line each: what was done, and the state that it came to. */
export function describeSteps({ input, steps }: Pick<Failure, 'input' | 'steps'>): readonly string[] {
  const start = input === undefined ? 'start' : `start with ${shown(input)}`;
  return [
    start,
    ...steps.map((step, index) => {
      const state = step.state === undefined ? '' : ` → ${shown(step.state)}`;
      const changed = step.context && Object.keys(step.context).length > 0 ? `, ${shown(step.context)}` : '';
      return `${index + 1}. ${describeStimulus(stimulusOf(step))}${state}${changed}`;
    }),
  ];
}

/** A failure in lines: what is broken, why, and the run that shows it. */
export const describeFailure = (failure: Failure): readonly string[] => [
  `${failure.property} (${failure.kind}) is broken after ${failure.steps.length} step${failure.steps.length === 1 ? '' : 's'}: ${failure.message}`,
  ...describeSteps(failure).map((line) => `  ${line}`),
];
