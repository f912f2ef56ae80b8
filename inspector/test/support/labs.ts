import type { TraceRecord } from '@synod/protocol';
import type { Lab } from '../../src/index.ts';

/** A lab of three states in which nothing changes: enough for the views to show it. */
export function lab(records: readonly TraceRecord[], text = 'or not'): Lab {
  const first = { records, shared: 0, text: `begin: ${text}` };
  return {
    title: 'a model',
    goesOn: 'at random',
    untilMs: false,
    first,
    choices: async (_, at) => ({
      records: at,
      state: 1,
      choices: [{ id: 'a', kind: 'drop', node: 'n1', text }],
    }),
    take: async (run) => run,
    goOn: async (run) => run,
    visit: async () => first,
    graph: async () => ({
      states: [0, 1, 1].map((depth) => ({ depth, broken: depth === 0 ? ['Agreement'] : [], outside: false })),
      edges: [1, 2].map((to) => ({ from: 0, to, text: 'a step' })),
    }),
  };
}
