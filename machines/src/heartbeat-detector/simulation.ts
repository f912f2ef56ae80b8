import type { NodeView, Simulation } from '@synod/protocol';
import { detectors, HEART, properties, watchers } from './cluster.ts';

export const TRUST = 'every detector trusts the process';
export const GONE = 'every detector holds the process failed';

/** Detectors under every fault; once the faults are over all must come to trust a process that lives. */
export const detectorSimulations: readonly Simulation[] = [
  {
    name: 'watch',
    about: 'One process with a heartbeat each second, and its detectors.',
    nodes: { default: 3, min: 1, max: 50 },
    clients: { default: 0, min: 0, max: 0 },
    configure: ({ nodes }) => ({
      members: watchers(nodes),
      properties,
      progress: {
        about: TRUST,
        withinMs: 10_000,
        holds: (now: readonly NodeView[]) => detectors(now).every(({ value }) => value === 'alive'),
      },
    }),
  },
  {
    name: 'gone',
    about: 'A process that is not there, and its detectors: what one says to another may be lost, and is made good.',
    nodes: { default: 3, min: 1, max: 50 },
    clients: { default: 0, min: 0, max: 0 },
    configure: ({ nodes }) => ({
      members: watchers(nodes).filter(({ address }) => address !== HEART),
      properties,
      progress: {
        about: GONE,
        withinMs: 10_000,
        holds: (now: readonly NodeView[]) => detectors(now).every(({ value }) => value === 'failed'),
      },
    }),
  },
];
