import { describe, expect, it } from 'vitest';
import {
  type AnyActorLogic,
  assign,
  createMachine,
  emit,
  fromCallback,
  fromEventObservable,
  fromObservable,
  fromPromise,
  fromTransition,
  raise,
  setup,
} from 'xstate';
import { kindOf, type LogicKind } from '../src/open/logic.ts';
import { openMachine, snapshotOf } from '../src/open/open-machine.ts';
import type { OpenRef, OpenTimer } from '../src/open/open-world.ts';
import { armed, cancelled, fired, passed, without } from '../src/open/timers.ts';

const silent = { subscribe: () => ({ unsubscribe: () => {} }) } as never;
const kinds: readonly [LogicKind, AnyActorLogic | undefined][] = [
  ['machine', createMachine({})],
  ['promise', fromPromise(async () => 1)],
  ['callback', fromCallback(() => {})],
  ['observable', fromObservable(() => silent)],
  ['events', fromEventObservable(() => silent)],
  ['transition', fromTransition((n: number) => n, 0)],
  ['other', undefined],
];

describe('the kind of an actor', () => {
  it.each(kinds)('is found from its logic: %s', (kind, logic) => expect(kindOf(logic)).toBe(kind));
});

describe('an open machine', () => {
  const counter = setup({ types: { context: {} as { n: number } } }).createMachine({
    id: 'counter',
    context: { n: 0 },
    entry: [raise({ type: 'TICK' }, { delay: 10 }), 'wake' as never],
    on: {
      TICK: {
        guard: ({ context }) => context.n < 2,
        actions: [assign({ n: ({ context }) => context.n + 1 }), emit({ type: 'ticked' })],
      },
    },
  });

  it('steps without running anything, and keeps the worlds that it steps from', () => {
    const open = openMachine(counter);
    const { world, actions } = open.start(undefined);
    expect(actions).toEqual([{ path: '', type: 'wake', params: undefined }]);
    const ticked = open.step(world, { kind: 'send', event: { type: 'TICK' } });
    expect(ticked.emitted).toEqual([{ path: '', event: { type: 'ticked' } }]);
    expect(ticked.transitions).toEqual([{ actor: '', transition: 'counter#TICK[0]' }]);
    expect(ticked.guards).toEqual([{ actor: '', transition: 'counter#TICK[0]', condition: '', outcome: true }]);
    expect(snapshotOf(ticked.world).context).toEqual({ n: 1 });
    expect(snapshotOf(world).context).toEqual({ n: 0 });
  });

  it.each([
    [true, 0],
    [false, undefined],
  ])('hosted (%s), it tells of the end of a delay with its time: %s', (hosted, at) => {
    const noted = setup({ types: { context: {} as { at?: unknown } } }).createMachine({
      context: {},
      initial: 'waiting',
      states: {
        waiting: {
          after: { 10: { target: 'over', actions: assign(({ event }) => ({ at: (event as { at?: unknown }).at })) } },
        },
        over: {},
      },
    });
    const open = openMachine(noted, { hosted });
    const { world } = open.step(open.start(undefined).world, { kind: 'wait', ms: 10 });
    expect(snapshotOf(world)).toMatchObject({ value: 'over', context: { at } });
  });

  it('names a timer that has no id, and fires it', () => {
    const open = openMachine(counter);
    const { world } = open.start(undefined);
    expect(world.timers).toMatchObject([{ id: 'TICK#1', isNamed: false, dueMs: 10, current: true }]);
    const waited = open.step(world, { kind: 'wait', ms: 10 });
    expect(waited.world.timers).toEqual([]);
    expect(snapshotOf(waited.world).context).toEqual({ n: 1 });
  });
});

describe('timers', () => {
  const [source, other] = [{}, {}] as unknown as [OpenRef, OpenRef];
  const timer = (id: string, dueMs: number, more: Partial<OpenTimer> = {}): OpenTimer => ({
    source,
    target: source,
    id,
    isNamed: true,
    event: { type: id },
    dueMs,
    current: true,
    ...more,
  });
  const set = (...timers: readonly OpenTimer[]) => timers.reduce<readonly OpenTimer[]>(armed, []);
  const shown = (timers: readonly OpenTimer[]) => timers.map(({ id, dueMs, current }) => [id, dueMs, current]);

  it('come in the order of their time, then of their setting', () => {
    const timers = set(timer('c', 20), timer('a', 10), timer('d', 20), timer('b', 10));
    expect(timers.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('that were set again go on, and only the latest can be cancelled', () => {
    const timers = set(timer('a', 10), timer('a', 5));
    expect(shown(timers)).toEqual([
      ['a', 5, true],
      ['a', 10, false],
    ]);
    expect(shown(cancelled(timers, source, 'a'))).toEqual([['a', 10, false]]);
    expect(shown(fired(timers))).toEqual([['a', 10, false]]);
  });

  it('are those of one actor', () => {
    const timers = set(timer('a', 10), timer('a', 10, { source: other }));
    expect(shown(timers)).toEqual([
      ['a', 10, true],
      ['a', 10, true],
    ]);
    expect(cancelled(timers, other, 'a')).toEqual([timers[0]]);
    expect(without(timers, source)).toEqual([timers[1]]);
  });

  it('have less time left as time passes', () => {
    expect(shown(passed(set(timer('a', 10), timer('b', 15)), 4))).toEqual([
      ['a', 6, true],
      ['b', 11, true],
    ]);
  });
});
