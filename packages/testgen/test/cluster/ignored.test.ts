import { defineProtocol, defineSpecification, type Received, send } from '@synod/protocol';
import { generateClusterTests, playCluster } from '@synod/testgen';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { assign, setup } from 'xstate';
import { clusterOf } from '../../src/cluster/cluster.ts';

// A model that ignores a field on which behaviour does depend. The checker then knows a run that no machine takes: `b` after `b.flip` counts as
// the `b` that was known before, and so as one with luck.

const go = v.strictObject({ type: v.literal('Go') });
const ask = v.strictObject({ type: v.literal('Ask') });

type Sent = { readonly type: 'send'; readonly to: `${string}@${string}`; readonly message: { readonly type: string } };

const player = setup({
  types: {} as {
    context: { readonly luck: boolean };
    events: Received<{ type: 'Go' }> | { type: 'b.move' } | { type: 'b.flip' };
    emitted: Sent;
  },
  guards: { isLucky: ({ context }) => context.luck },
  actions: {
    ask: send(() => ({ to: 'echo@e', message: { type: 'Ask' } })),
    lose: assign({ luck: false }),
  },
}).createMachine({
  id: 'player',
  context: { luck: true },
  initial: 'a',
  states: {
    a: { on: { 'b.move': 'b', 'b.flip': { target: 'b', actions: ['lose', 'ask'] } } },
    b: { on: { Go: { guard: 'isLucky', target: 'c' } } },
    c: {},
  },
});

const echo = setup({
  types: {} as { events: Received<{ type: 'Ask' }>; emitted: Sent },
  actions: { answer: send(() => ({ to: 'player@p', message: { type: 'Go' } })) },
}).createMachine({ id: 'echo', on: { Ask: { actions: 'answer' } } });

const specification = defineSpecification({
  name: 'luck',
  title: 'Luck',
  roles: {
    player: defineProtocol({ name: 'player', machine: player, messages: { Go: go } }),
    echo: defineProtocol({ name: 'echo', machine: echo, messages: { Ask: ask } }),
  },
  models: [
    {
      name: 'wrong',
      about: 'It ignores what decides.',
      nodes: { default: 2, min: 2, max: 2 },
      expected: [],
      configure: () => ({
        members: [
          { address: 'player@p', role: 'player' },
          { address: 'echo@e', role: 'echo' },
        ],
        requests: [
          { to: 'player@p', event: { type: 'b.move' } },
          { to: 'player@p', event: { type: 'b.flip' } },
        ],
        properties: [],
        ignored: ['luck'],
      }),
    },
  ],
  simulations: [],
  mutants: [],
});

describe('a model that ignores what matters', () => {
  const generated = generateClusterTests(specification);

  it('has its untrue runs found out, and listed', () => {
    expect(generated.unreached).toContainEqual({
      target: { id: 'player player.b#Go[0]', kind: 'transitions', role: 'player', event: 'Go' },
      reason: 'unrepeatable',
      text: expect.any(String),
    });
  });

  it('gives tests of what is true all the same', async () => {
    expect(generated.tests.length).toBeGreaterThan(0);
    for (const test of generated.tests) await playCluster(clusterOf(specification, test.model), test);
  });
});
