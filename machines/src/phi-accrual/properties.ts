import type { Property } from '@synod/protocol';
import type { PhiContext } from './context.ts';
import { phi, silenceUntil } from './context.ts';

/** What holds of each detector in every state. */
export const phiProperties: readonly Property<PhiContext>[] = [
  {
    name: 'Bounded Window',
    source: '§III-C: the last intervals only',
    kind: 'always',
    holds: (nodes) => nodes.every(({ context }) => context.intervals.length <= context.settings.windowSize),
  },
  {
    name: 'No Outage in the Window',
    source: "as in Cassandra's and Akka's detectors",
    kind: 'always',
    holds: (nodes) =>
      nodes.every(({ context }) => context.intervals.every((interval) => interval <= context.settings.maxIntervalMs)),
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
        const from = context.lastAt ?? 0;
        const [suspicious, more] = [silenceUntil(context, 'threshold'), silenceUntil(context, 'failThreshold')];
        return (
          context.lastAt === null || (suspicious < more && phi(context, from + suspicious) < phi(context, from + more))
        );
      }),
  },
  {
    name: 'Lives Only Grow',
    source: 'a heartbeat of a life that is over says nothing',
    kind: 'step',
    holds: ({ context: before }, { context: after }) => after.life >= before.life,
  },
];
