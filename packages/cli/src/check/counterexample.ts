import type { Counterexample } from '@synod/checker';
import { diagram } from '../diagram.ts';
import { paint } from '../output.ts';

/** A run that shows a verdict, as a diagram whose times count steps. `last`: the most rows. */
export function describeCounterexample(
  { name, trace }: { readonly name: string; readonly trace?: Omit<Counterexample, 'tracks'> },
  last?: number,
): string {
  if (!trace) return '';
  const { steps, cycleFrom } = trace;
  const marks = cycleFrom === undefined ? [] : [{ at: cycleFrom + 1, text: 'from here on, for ever' }];
  return [
    paint('bold', `${name}: ${steps.length} steps`, process.stdout),
    diagram(trace.trace, { marks, ...(last !== undefined && { last }) }),
  ].join('\n');
}
