import type { Cases } from '@synod/protocol';

/** Total failure (BHG §7.5): all others are recovering as well, and say so one by one. */
export const recoveryCases: Cases = {
  events: ['coordinator@c', 'participant@p1', 'participant@p2', 'participant@p3'].map((from) => ({
    type: 'DecisionUnknown',
    state: 'preCommit',
    from,
  })),
};
