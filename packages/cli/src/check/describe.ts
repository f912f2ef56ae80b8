import type { CheckProgress, CheckResult, PropertyResult } from '@synod/checker';
import { count, paint } from '../output.ts';

const out = process.stdout;

/** Where a search stands, in a line. */
export const describeProgress = ({ distinct, states, depth, waiting, seconds }: CheckProgress): string =>
  [
    `${seconds.toFixed(0)} s: ${count(distinct)} distinct of ${count(states)} states`,
    `depth ${depth}`,
    ...(waiting > 0 ? [`${count(waiting)} waiting`] : []),
  ].join(', ');

const STOPPED = {
  depth: 'stopped at --max-depth: raise it to see the rest',
  states: 'stopped at --max-states: raise it to see the rest',
  time: 'stopped at --max-seconds: raise it to see the rest',
  memory: 'stopped at --max-memory or for want of heap: raise it, or bound the model more tightly',
  interrupted: 'stopped by Ctrl-C; this is what is known so far',
  violation: 'stopped at the first violation',
} as const;

/** Counts and verdicts. */
export function describe(result: CheckResult): string {
  const { states, distinct, depth, seconds, stopped, properties, growing = [], walks } = result;
  const rate = count(states / Math.max(seconds, 0.001));
  const end = stopped ? `${paint('yellow', 'Incomplete', out)}: ${STOPPED[stopped]}.` : 'Complete.';
  return [
    `${count(distinct)} distinct of ${count(states)} states, depth ${depth}, in ${seconds.toFixed(2)} s (${rate} states/s). ${end}`,
    ...(walks === undefined ? [] : [`${count(walks)} random walks.`]),
    ...growing.map(
      ({ actor, field, largest }) =>
        `MODEL_UNBOUNDED: ${field} of ${actor} is still growing, ${count(largest)} so far; bound it by the model's "within".`,
    ),
    '',
    ...properties.map(describeProperty),
  ].join('\n');
}

const MARKS = { holds: ['✓', 'green'], violated: ['✗', 'red'], unknown: ['?', 'yellow'] } as const;

function describeProperty({ name, kind, verdict, message }: PropertyResult): string {
  const [mark, style] = MARKS[verdict];
  return `${paint(style, mark, out)} ${kind.padEnd(10)} ${name}: ${verdict}${message ? `, ${message}` : ''}`;
}
