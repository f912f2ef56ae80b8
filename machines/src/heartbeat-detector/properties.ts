import type { Property } from '@synod/protocol';
import type { DetectorContext } from './context.ts';
import { hasQuorum } from './rules.ts';

/** What holds of each detector in every state. Completeness and accuracy are of a whole system: see `model.ts`. */
export const detectorProperties: readonly Property<DetectorContext>[] = [
  {
    name: 'Confirmed',
    source: 'failed only when several sources suspect',
    kind: 'always',
    holds: (nodes) => nodes.every(({ value, context }) => value !== 'failed' || hasQuorum(context)),
  },
  {
    name: 'Different Sources',
    source: 'a source counts once',
    kind: 'always',
    holds: (nodes) =>
      nodes.every(
        ({ context: { sources, others } }) =>
          new Set(sources).size === sources.length && sources.every((source) => others.includes(source)),
      ),
  },
  {
    name: 'Mistakes Teach',
    source: 'Chandra and Toueg, figure 10, task 3',
    kind: 'step',
    holds: ({ context: before }, { context: after }) =>
      after.mistakes === before.mistakes ||
      after.timeoutMs > before.timeoutMs ||
      after.timeoutMs === after.maxTimeoutMs,
  },
];
