import { send } from '@synod/protocol';
import { and, assign, cancel, emit, enqueueActions, log, not, or, raise, stateIn } from 'xstate';
import { type Args, add, type Chart, chart, note, types } from './chart.ts';

// Charts about guards, actions, delays and what computes them.

const wildcards = chart({
  id: 'wildcards',
  initial: 's',
  on: { '*': { actions: note('root *') }, 'a.b': { actions: note('root a.b') } },
  states: {
    s: {
      on: {
        'a.b.c': { guard: ({ context }: Args) => context.count > 1, actions: note('a.b.c') },
        'a.*': { actions: [note('a.*'), add()] },
        'a.b.*': { guard: ({ context }: Args) => context.count % 2 === 0, actions: note('a.b.*') },
        none: undefined,
        GO: 't',
      },
    },
    t: { on: { '*': 's', 'a.b': {} } },
  },
});

const guards = chart(
  {
    id: 'guards',
    initial: 'low',
    on: {
      ADD: { actions: { type: 'add', params: ({ event }: Args) => ({ by: event.by ?? 1 }) } },
      THROW: { guard: 'throws' },
      THROW_IN: { guard: and(['isEven', not('throws')] as never) },
      THROW_INLINE: {
        guard: () => {
          throw new TypeError('broken inline');
        },
      },
      MISSING: { guard: 'nobody' },
    },
    states: {
      low: {
        on: {
          GO: [
            { guard: { type: 'isBelow', params: ({ context }: Args) => ({ most: context.count }) }, target: 'never' },
            { guard: not(or(['isEven', ({ context }: Args) => context.count > 7] as never)), target: 'odd' },
            { guard: { type: 'both', params: ({ event }: Args) => event }, target: 'high' },
          ],
          IN: { guard: stateIn('low'), target: 'odd' },
        },
      },
      odd: { on: { GO: { guard: 'alias', target: 'low' }, IN: { guard: stateIn({ high: 'x' }), target: 'low' } } },
      high: {
        initial: 'x',
        states: {
          x: { on: { GO: { guard: stateIn({ high: 'x' }), target: '#guards.low' }, IN: 'y' } },
          y: {},
        },
        on: { IN: { guard: stateIn('#guards.high.y'), target: 'low' } },
      },
      never: {},
    },
  },
  {
    guards: {
      isEven: ({ context }: Args) => context.count % 2 === 0,
      isBelow: ({ context }: Args, { most }: { most: number }) => context.count < most,
      both: and(['isEven', { type: 'isBelow', params: { most: 5 } } as never]),
      alias: { type: 'isBelow', params: { most: 9 } },
      throws: () => {
        throw new Error('broken guard');
      },
    },
    actions: { add: assign(({ context }: Args, { by }: { by: number }) => ({ count: context.count + by })) },
  },
);

interface Enqueue {
  (action: unknown): void;
  assign(assignment: unknown): void;
  emit(event: unknown): void;
  raise(event: unknown, options?: object): void;
  cancel(id: unknown): void;
}

const sayAndAdd = ({
  context: { count },
  enqueue,
  check,
}: Args & { readonly enqueue: Enqueue; readonly check: (guard: unknown) => boolean }): void => {
  enqueue.emit({ type: 'count', count });
  enqueue.assign({ count: count + 1, log: ({ context }: Args) => [...context.log.slice(-5), 'q'] });
  enqueue('add');
  enqueue({ type: 'tell', params: { after: count } });
  enqueue({ type: 'tell', params: ({ context }: Args) => context.count });
  enqueue(emit(({ context: after }: Args) => ({ type: 'after', after })));
  if (check('isOdd')) enqueue.raise({ type: 'ODD' });
  if (check({ type: 'isOdd' }))
    enqueue(enqueueActions((({ enqueue: inner }: { enqueue: Enqueue }) => inner('add')) as never));
  if (check(not('isOdd'))) enqueue.assign(({ context }: Args) => ({ ...context, late: true }));
  if (check(stateIn({}))) enqueue.emit({ type: 'anywhere' });
  if (check(({ context }: Args) => context.count > 3)) enqueue.raise({ type: 'LATER' }, { id: 'later', delay: 5 });
  else enqueue.cancel('later');
};

const actions = chart(
  {
    id: 'actions',
    on: {
      ADD: { actions: 'add' },
      SAY: { actions: ['sayAndAdd', 'add', { type: 'tell', params: { static: true } }] },
      ODD: { actions: note('odd') },
      SEND: { actions: send((({ event }: Args) => ({ to: 'x@y', message: event })) as never) },
      SOON: { actions: raise(({ event }: Args) => ({ type: 'LATER', event }), { id: 'soon', delay: 'soon' as never }) },
      FIXED: { actions: raise({ type: 'LATER' }, { id: 'fixed', delay: 'fixed' as never }) },
      COMPUTED: {
        actions: raise({ type: 'LATER' }, { id: 'c', delay: (({ context }: Args) => context.count) as never }),
      },
      AT_ONCE: { actions: ['add', raise({ type: 'ADD' }), raise({ type: 'SAY' }), 'add'] },
      NOWHERE: { actions: raise({ type: 'ADD' }, { id: 'n', delay: 'nowhere' as never }) },
      NO_ID: { actions: raise({ type: 'LATER' }, { delay: 5 }) },
      NO_NUMBER: { actions: raise({ type: 'LATER' }, { id: 'x', delay: 'wrong' as never }) },
      NO_EVENT: { actions: raise('LATER' as never) },
      CANCEL: { actions: [cancel('soon'), cancel((({ context }: Args) => `t${context.count}`) as never)] },
      THROWS: {
        actions: [
          'add',
          assign(() => {
            throw new Error('broken assign');
          }),
        ],
      },
      LOGS: { actions: log('words') },
      CUSTOM: { actions: function beep() {} },
      CUSTOM_INLINE: { actions: () => {} },
      UNKNOWN: { actions: 'unknown' },
      EMPTY: { actions: assign(() => ({})) },
      NOTHING: { actions: assign((() => undefined) as never) },
      LITERAL: { actions: assign({ count: 0, extra: undefined }) },
    },
  },
  {
    delays: { soon: ({ context }: Args) => context.count * 10, fixed: 7, wrong: Number.NaN },
    guards: { isOdd: ({ context }: Args) => context.count % 2 === 1 },
    actions: {
      add: add(),
      tell: send(((_: Args, params: unknown) => ({ to: ['a@b', 'c@d'], message: { type: 'Told', params } })) as never),
      sayAndAdd: enqueueActions(sayAndAdd as never),
    },
  },
);

const timers = chart(
  {
    id: 'timers',
    initial: 'waiting',
    after: { later: { actions: note('root timer') } },
    states: {
      waiting: {
        after: {
          soon: [
            { guard: ({ context }: Args) => context.count > 2, target: 'rung' },
            { target: 'waiting', reenter: true },
          ],
          1000: { actions: note('slow') },
        },
        on: { AGAIN: { target: 'waiting', reenter: true }, ADD: { actions: add() } },
      },
      rung: { initial: 'x', after: { soon: 'waiting' }, states: { x: { after: { later: 'y' } }, y: {} } },
    },
  },
  { delays: { soon: ({ context }: Args) => context.count * 3, later: 50 } },
);

const input = chart({
  id: 'input',
  context: ({ input: given, self }: { input: unknown; self: { id: string } }) => ({ given, self: self.id, log: [] }),
  always: { guard: ({ event }: Args) => event.type === 'xstate.init', target: '.b', actions: note('begun') },
  initial: 'a',
  states: { a: {}, b: { always: { guard: ({ context }: Args) => context.log.length > 2, target: 'c' } }, c: {} },
  on: { GO: { actions: note('go') } },
});

const throwsAtOnce = chart({
  id: 'throwsAtOnce',
  context: () => {
    throw new TypeError('broken context');
  },
});

const entersBroken = chart({
  id: 'entersBroken',
  entry: assign(() => {
    throw new RangeError('broken entry');
  }),
});

export const EXPRESSIONS: Readonly<Record<string, Chart>> = {
  wildcards: {
    machine: wildcards,
    events: types('a.b.c', 'a.b', 'a', 'a.x', 'none', 'GO', 'other', 'a.b.c.d', 'xstate.done.a'),
  },
  guards: {
    machine: guards,
    events: [
      ...types('GO', 'IN', 'THROW', 'THROW_IN', 'THROW_INLINE', 'MISSING', 'ADD'),
      ...[2, 2, 3].map((by) => ({ type: 'ADD', by })),
    ],
  },
  actions: { machine: actions, events: actions.events.map((type) => ({ type })) },
  timers: {
    machine: timers,
    events: types(
      'AGAIN',
      'ADD',
      'xstate.after.soon.timers.waiting',
      'xstate.after.1000.timers.waiting',
      'xstate.after.later.timers',
      'xstate.after.soon.timers.rung',
      'xstate.after.later.timers.rung.x',
    ),
  },
  input: { machine: input, events: types('GO', 'xstate.init', 'xstate.stop', 'xstate.error.actor.x'), input: { a: 1 } },
  throwsAtOnce: { machine: throwsAtOnce, events: types('GO') },
  entersBroken: { machine: entersBroken, events: types('GO') },
};
