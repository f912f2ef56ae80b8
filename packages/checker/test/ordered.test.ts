import {
  type Address,
  type CheckConfiguration,
  defineProtocol,
  type NodeView,
  type Received,
  type Roles,
  type SendEvent,
  send,
} from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { assign, setup } from 'xstate';
import { check } from '../src/index.ts';
import { property } from './support.ts';

// Two challengers outbid each other at a judge, as the proposers of Paxos may (Paxos Made Simple §2.4): rounds grow for ever.

type ToJudge = { readonly type: 'Claim' | 'Finish'; readonly round: number };
type ToChallenger = { readonly type: 'Granted' | 'Beaten'; readonly round: number };

const challenger = setup({
  types: {
    context: {} as { readonly round: number },
    events: {} as Received<ToChallenger>,
    emitted: {} as SendEvent<ToJudge>,
  },
  delays: { pause: 10 },
  guards: { isMine: ({ context, event }) => event.round === context.round },
  actions: {
    raise: assign(({ context }) => ({ round: context.round + 1 })),
    claim: send(({ context }) => ({ to: 'judge@j', message: { type: 'Claim', round: context.round } })),
    finish: send(({ context }) => ({ to: 'judge@j', message: { type: 'Finish', round: context.round } })),
    learn: assign(({ event }) => ({ round: event.round })),
  },
}).createMachine({
  id: 'challenger',
  context: { round: 0 },
  initial: 'waiting',
  states: {
    waiting: { after: { pause: { target: 'claiming', actions: ['raise', 'claim'] } } },
    claiming: {
      on: {
        Granted: { guard: 'isMine', actions: 'finish' },
        Beaten: { target: 'waiting', actions: 'learn' },
      },
    },
  },
});

const judge = (patient: boolean) =>
  setup({
    types: {
      context: {} as { readonly highest: { readonly round: number; readonly by: Address | null } },
      events: {} as Received<ToJudge>,
      emitted: {} as SendEvent<ToChallenger>,
    },
    guards: {
      isHigher: ({ context, event }) =>
        event.round > context.highest.round &&
        (!patient || context.highest.by === null || context.highest.by === event.from),
      isHighest: ({ context, event }) => event.round === context.highest.round && event.from === context.highest.by,
    },
    actions: {
      note: assign(({ event }) => ({ highest: { round: event.round, by: event.from } })),
      grant: send(({ event }) => ({ to: event.from, message: { type: 'Granted', round: event.round } })),
      beat: send(({ context, event }) => ({
        to: event.from,
        message: { type: 'Beaten', round: context.highest.round },
      })),
    },
  }).createMachine({
    id: 'judge',
    context: { highest: { round: 0, by: null } },
    initial: 'open',
    states: {
      open: {
        on: {
          Claim: [{ guard: 'isHigher', actions: ['note', 'grant'] }, { actions: 'beat' }],
          Finish: [{ guard: 'isHighest', target: 'settled' }, { actions: 'beat' }],
        },
      },
      settled: {},
    },
  });

const rolesWith = (patient: boolean): Roles => ({
  challenger: defineProtocol({ name: 'challenger', machine: challenger, messages: {} }),
  judge: defineProtocol({ name: 'judge', machine: judge(patient), messages: {} }),
});

const duel: CheckConfiguration = {
  members: [
    { address: 'challenger@p', role: 'challenger' },
    { address: 'challenger@q', role: 'challenger' },
    { address: 'judge@j', role: 'judge' },
  ],
  properties: [
    property('eventually', 'settled', (nodes) => nodes.some(({ value }) => value === 'settled')),
    property('always', 'one round is the highest', (nodes: readonly NodeView[]) => nodes.length === 3),
  ],
};

describe('ordered numbers', () => {
  it('without them a search of growing numbers does not end, and the result names what grows', () => {
    const { stopped, growing, properties } = check(duel, rolesWith(false), { maxStates: 3_000 });
    expect([stopped, properties[0]?.verdict]).toEqual(['states', 'unknown']);
    expect(growing).toContainEqual({ actor: 'judge@j', field: 'highest', largest: expect.any(Number) });
  });

  it('close the circle of a livelock, which is shown as a lasso that really goes on', () => {
    const { complete, properties } = check({ ...duel, ordered: ['round'] }, rolesWith(false));
    expect(complete).toBe(true);
    const { verdict, trace } = properties[0] ?? {};
    expect(verdict).toBe('violated');
    const { steps = [], cycleFrom = 0 } = trace ?? {};
    const around = steps.slice(cycleFrom).map(({ text }) => text);
    for (const each of ['challenger@p', 'challenger@q'])
      expect(around.some((text) => text.startsWith(`${each} receives Beaten`))).toBe(true);
    expect(around.some((text) => text.includes('Finish'))).toBe(true);
  });

  it('a judge that lets the first one finish leaves no circle', () => {
    const { complete, properties } = check({ ...duel, ordered: ['round'] }, rolesWith(true), { maxStates: 20_000 });
    expect(properties[0]?.verdict).not.toBe('violated');
    expect(complete).toBe(true);
  });
});
