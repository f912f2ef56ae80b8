import type { Property } from '@synod/protocol';
import type { PhiContext } from './context.ts';
import { phi, silenceFor } from './context.ts';

/** What holds of each detector in every state. */
export const phiProperties: readonly Property<PhiContext>[] = [
  {
    name: 'Bounded Window',
    source: '§III-C: the last intervals only',
    kind: 'always',
    holds: (nodes) => nodes.every(({ context }) => context.intervals.length <= context.settings.windowSize),
  },
  {
    name: 'Sound Estimate',
    source: '§III-C',
    kind: 'always',
    holds: (nodes) =>
      nodes.every(
        ({ context: { estimate, settings } }) =>
          Number.isFinite(estimate.meanMs) && estimate.meanMs >= 0 && estimate.deviationMs >= settings.minDeviationMs,
      ),
  },
  {
    name: 'Accruement',
    source: '§II-C, property 1: a silence grows more suspicious without end',
    kind: 'always',
    holds: (nodes) =>
      nodes.every(({ context }) => {
        const { lastAt, settings } = context;
        const from = lastAt ?? 0;
        const [suspicious, more] = [
          silenceFor(context, settings.threshold),
          silenceFor(context, settings.failThreshold),
        ];
        return lastAt === null || (suspicious < more && phi(context, from + suspicious) <= phi(context, from + more));
      }),
  },
  {
    name: 'Lives Only Grow',
    source: 'a heartbeat of a life that is over says nothing',
    kind: 'step',
    holds: ({ context: before }, { context: after }) => after.life >= before.life,
  },
];
