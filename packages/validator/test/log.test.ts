import { createPayloads, createSubject } from '@synod/testgen';
import { describe, expect, it } from 'vitest';
import { assign, fromPromise, setup } from 'xstate';
import { LogValidator, type Observation, parseMapping } from '../src/log/index.ts';

/** A checkout: a cart, a payment by an invoked service that may be tried again, a time limit. */
const checkout = setup({
  types: {
    context: {} as { items: number; tries: number },
    events: {} as { type: 'ADD'; amount: number } | { type: 'PAY' } | { type: 'CANCEL' },
  },
  actors: { charge: fromPromise<{ receipt: string }>(async () => ({ receipt: 'r' })) },
  guards: { hasItems: ({ context }) => context.items > 0, mayTryAgain: ({ context }) => context.tries < 2 },
  delays: { patience: 30_000 },
}).createMachine({
  id: 'checkout',
  context: { items: 0, tries: 0 },
  initial: 'cart',
  states: {
    cart: {
      on: {
        ADD: { actions: assign({ items: ({ context, event }) => context.items + event.amount }) },
        PAY: { guard: 'hasItems', target: 'paying' },
      },
    },
    paying: {
      entry: assign({ tries: ({ context }) => context.tries + 1 }),
      invoke: {
        id: 'charge',
        src: 'charge',
        onDone: 'paid',
        onError: [{ guard: 'mayTryAgain', target: 'paying', reenter: true }, { target: 'cart' }],
      },
      after: { patience: 'cart' },
      on: { CANCEL: 'cart' },
    },
    paid: { type: 'final' },
  },
});

const judge = (observations: readonly (Observation | undefined)[], infer = 0, machine = checkout) => {
  const payloads = createPayloads(machine, {
    events: { ADD: [{ amount: 1 }, { amount: 3 }] },
    actors: { charge: { done: [{ receipt: 'r' }], fail: [new Error('refused')] } },
  });
  const validator = new LogValidator(createSubject(machine), payloads, { infer });
  for (const each of observations) if (validator.next(each)) break;
  return validator.verdict();
};

const add = (amount: number): Observation => ({ event: { type: 'ADD', amount } });
const pay: Observation = { event: { type: 'PAY' }, state: 'paying' };

describe('the log of an app', () => {
  it('fits where each event is one that the chart takes, to the state and the context that it tells', () => {
    const log = [
      add(2),
      undefined,
      { ...pay, context: { items: 2 } },
      { outcome: { done: 'charge', output: {} }, state: 'paid' },
    ];
    expect(judge(log)).toMatchObject({ valid: true, lines: 4, unmapped: 1, observations: 3, inferred: [] });
  });

  it('is refused at the first line that does not fit, with what was allowed there', () => {
    const { misfit } = judge([pay]);
    expect(misfit).toMatchObject({ code: 'EVENT_NOT_ALLOWED', line: 1, allowed: { state: 'cart' } });
    expect(misfit?.message).toBe('Line 1: machine takes PAY in cart, where its chart has no transition for it.');
    expect(misfit?.allowed.transitions.map(({ event, guard }) => [event, guard])).toEqual([
      ['ADD', undefined],
      ['PAY', 'hasItems'],
    ]);
    expect(judge([add(1), { ...pay, state: 'paid' }]).misfit).toMatchObject({
      code: 'STATE_DIFFERS',
      told: 'paid',
      machine: 'paying',
    });
    expect(judge([{ ...add(1), context: { items: 5 } }]).misfit).toMatchObject({
      code: 'CONTEXT_DIFFERS',
      machine: '{"items":1}',
    });
  });

  it('fits with events that it does not tell of, as few as will do, and names them', () => {
    expect(judge([pay], 1)).toMatchObject({
      valid: true,
      inferred: [{ line: 1, what: expect.stringContaining('ADD') }],
    });
    const back: Observation = { event: { type: 'ADD', amount: 1 }, context: { tries: 2, items: 2 } };
    const log = [add(1), pay, back];
    expect(judge(log, 0).misfit).toMatchObject({ code: 'EVENT_NOT_ALLOWED', line: 3 });
    expect(judge(log, 1).misfit).toMatchObject({ code: 'CONTEXT_DIFFERS', line: 3 });
    const { valid, inferred } = judge(log, 2);
    expect(valid).toBe(true);
    expect(inferred.map(({ line }) => line)).toEqual([3, 3]);
    expect(inferred[0]?.what).toContain('charge fails');
  });

  it('infers the fields that a line leaves out of an event', () => {
    expect(judge([{ event: { type: 'ADD' }, context: { items: 3 } }])).toMatchObject({ valid: true });
    expect(judge([{ event: { type: 'ADD' }, context: { items: 2 } }]).misfit?.code).toBe('CONTEXT_DIFFERS');
  });

  it('lets timers run by the times of the lines', () => {
    const at = (ms: number, observation: Observation): Observation => ({ ...observation, at: ms });
    const log = [at(0, add(1)), at(10, pay)];
    expect(judge([...log, at(20_000, add(1))]).misfit?.code).toBe('EVENT_NOT_ALLOWED');
    expect(judge([...log, at(30_012, { ...add(1), state: 'cart' })])).toMatchObject({
      valid: true,
      inferred: [{ line: 3, what: expect.stringMatching(/^wait 300/) }],
    });
  });

  it('may tell of many machines, each with a start of its own', () => {
    const of = (actor: string, observation: Observation): Observation => ({ ...observation, actor });
    const log = [of('a', add(1)), of('b', add(1)), of('a', pay), of('b', { ...add(1), context: { items: 2 } })];
    expect(judge(log)).toMatchObject({ valid: true, actors: ['a', 'b'] });
    expect(judge([...log, of('b', { start: {}, ...pay })]).misfit).toMatchObject({ actor: 'b', line: 5 });
  });
});

describe('a mapping written as data', () => {
  const mapping = parseMapping({
    lines: [
      {
        when: { msg: 'cart' },
        actor: '{order.id}',
        event: { type: 'ADD', amount: '{amount}' },
        context: { items: '{total}' },
      },
      { when: { msg: 'state' }, actor: '{order.id}', state: '{to}', at: '{time}' },
      {
        match: '^\\[(?<order>\\w+)\\] (?<event>[A-Z]+) -> (?<state>\\w+)$',
        actor: '{order}',
        event: '{event}',
        state: '{state}',
      },
    ],
  });

  it('takes values out of lines of JSON, with their types, and out of lines of text', () => {
    expect(mapping('{"msg":"cart","order":{"id":7},"amount":2,"total":2}')).toEqual({
      actor: '7',
      event: { type: 'ADD', amount: 2 },
      context: { items: 2 },
    });
    expect(mapping('{"msg":"state","order":{"id":"x"},"to":"paying","time":"1970-01-01T00:00:01Z"}')).toEqual({
      actor: 'x',
      state: 'paying',
      at: 1_000,
    });
    expect(mapping('[o1] PAY -> paying')).toEqual({ actor: 'o1', event: { type: 'PAY' }, state: 'paying' });
    expect(mapping('something else')).toBeUndefined();
  });

  it.each([
    [{}, /lines/],
    [{ lines: [] }, /lines/],
    [{ lines: [{ state: 'a' }] }, /"when".*"match"/],
    [{ lines: [{ match: '(' }] }, /no regular expression/],
    [{ lines: [{ when: {}, sate: 'x' }] }, /sate/],
  ])('is refused with its part where it is wrong: %j', (value, message) => {
    expect(() => parseMapping(value)).toThrow(
      expect.objectContaining({ code: 'MAPPING_INVALID', message: expect.stringMatching(message) }),
    );
  });
});
