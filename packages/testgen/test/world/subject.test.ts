import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  and,
  assign,
  createMachine,
  fromCallback,
  fromEventObservable,
  fromObservable,
  fromPromise,
  fromTransition,
  not,
  or,
  setup,
  stateIn,
} from 'xstate';
import type { Pending, World } from '../../src/subject.ts';
import type { Stimulus } from '../../src/test-case.ts';
import { createSubject } from '../../src/world/subject.ts';
import { samples } from './machines.ts';

const send = (type: string): Stimulus => ({ send: { type } });
const silent = { subscribe: () => ({ unsubscribe: () => {} }) } as never;

const lamp = setup({
  types: { context: {} as { n: number } },
  guards: {
    odd: ({ context }) => context.n % 2 === 1,
    above: ({ context }, { limit }: { limit: number }) => context.n > limit,
  },
  actions: { refuse: () => {}, any: () => {} },
  delays: { pause: ({ context }) => 10 * context.n },
}).createMachine({
  id: 'lamp',
  context: { n: 1 },
  initial: 'off',
  states: {
    off: {
      on: {
        ON: [
          { guard: and(['odd', or([not({ type: 'above', params: { limit: 5 } }), stateIn('off')])]), target: 'on' },
          { actions: 'refuse' },
        ],
      },
    },
    on: { after: { pause: 'off', 100: 'off' }, on: { 'key.*': 'off', '*': { actions: 'any' }, OFF: undefined } },
  },
  on: { ADD: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
});

describe('a subject', () => {
  it('tells each guard and each condition that was asked, and no other', () => {
    const subject = createSubject(lamp);
    const { guards } = subject.step(subject.start(undefined).world, send('ON'));
    expect(guards.map(({ condition, outcome }) => [condition, outcome])).toEqual([
      ['odd', true],
      ['above', false],
      ['', true],
    ]);
    const even = subject.step(subject.step(subject.start(undefined).world, send('ADD')).world, send('ON'));
    expect(even.guards.map(({ condition, outcome }) => [condition, outcome])).toEqual([
      ['odd', false],
      ['', false],
    ]);
    expect(even.transitions).toEqual([{ actor: '', transition: 'lamp.off#ON[1]' }]);
    expect(even.seen.actions).toEqual(['refuse']);
  });

  it('takes delays from context, and lets timers fire at their time and no sooner', () => {
    const subject = createSubject(lamp);
    const lit = [send('ADD'), send('ADD'), send('ON')].reduce<World>(
      (world, each) => subject.step(world, each).world,
      subject.start(undefined).world,
    );
    expect(lit.timers.map(({ dueMs }) => dueMs)).toEqual([30, 100]);
    expect(subject.pending(lit)).toEqual([{ kind: 'wait', ms: 30 }]);
    expect(subject.step(lit, { wait: 29 }).world.value).toBe('on');
    expect(subject.step(lit, { wait: 30 }).world.value).toBe('off');
    expect(subject.step(lit, { wait: 30 }).world.timers).toEqual([]);
  });

  it('fires all that come due on the way, in order, and what they set', () => {
    const blink = createSubject(
      createMachine({
        id: 'm',
        initial: 'a',
        states: {
          a: { after: { 3: { target: 'b', actions: 'a' } } },
          b: { after: { 4: { target: 'a', actions: 'b' } } },
        },
      }),
    );
    const { seen, world } = blink.step(blink.start(undefined).world, { wait: 15 });
    expect(seen.actions).toEqual(['a', 'b', 'a', 'b']);
    expect(world.timers).toEqual([{ actor: '', id: 'xstate.after.3.m.a', dueMs: 2 }]);
  });

  it('accepts what active states take, wildcards as they are written, nothing of XState’s own', () => {
    const subject = createSubject(lamp);
    const { world } = subject.start(undefined);
    expect(subject.accepts(world)).toEqual(['ADD', 'ON']);
    expect(subject.accepts(subject.step(world, send('ON')).world)).toEqual(['ADD', 'key.*', '*', 'OFF']);
  });

  it('knows what each kind of actor may do', () => {
    const logic = {
      promise: fromPromise(async () => 1),
      callback: fromCallback(() => {}),
      observable: fromObservable(() => silent),
      events: fromEventObservable(() => silent),
      transition: fromTransition((n: number) => n, 0),
      machine: createMachine({ id: 'kid' }),
      other: undefined,
    };
    const invoke = Object.entries(logic).map(([id, src]) => ({ id, src: src ?? 'lost' }));
    const subject = createSubject(createMachine({ id: 'm', invoke } as never));
    const { world } = subject.start(undefined);
    expect(world.actors.slice(1).map(({ path, kind }) => [path, kind])).toEqual(
      Object.keys(logic)
        .sort()
        .map((kind) => [kind, kind]),
    );
    const may = (path: string): readonly string[] =>
      subject
        .pending(world)
        .flatMap((each: Pending) => ('actor' in each && each.actor.path === path ? [each.kind] : []));
    expect(Object.fromEntries(Object.keys(logic).map((path) => [path, may(path)]))).toEqual({
      promise: ['done', 'fail'],
      callback: ['relay', 'fail'],
      observable: ['next', 'done', 'fail'],
      events: ['relay', 'done', 'fail'],
      transition: [],
      machine: [],
      other: ['relay', 'done', 'fail'],
    });
  });

  it('has a chart of each machine that is invoked', () => {
    const charts = createSubject(samples.find(({ name }) => name.startsWith('children'))?.machine ?? lamp).charts;
    expect([...charts.keys()]).toEqual(['', 'kid', 'kid/g']);
  });

  it('never runs an action, and never an actor', () => {
    const run: string[] = [];
    const note = (name: string) => () => void run.push(name);
    const machine = createMachine({
      id: 'm',
      entry: note('entry'),
      invoke: [
        { src: fromCallback(note('callback')) },
        { src: fromPromise(async () => note('promise')()) },
        {
          src: fromObservable(() => {
            note('observable')();
            return silent;
          }),
        },
      ],
      on: { A: { actions: note('action') } },
    });
    const subject = createSubject(machine);
    subject.step(subject.start(undefined).world, send('A'));
    expect(run).toEqual([]);
  });

  it.each(samples)('is pure, whatever else is stepped in between: $name', ({ machine, events, input }) => {
    const subject = createSubject(machine);
    const steps = fc.array(fc.nat(events.length), { maxLength: 12, size: 'max' });
    const path = (world: World, choices: readonly number[]): readonly World[] => {
      const worlds: World[] = [world];
      for (const choice of choices) {
        const last = worlds.at(-1) ?? world;
        if (last.status !== 'active') break;
        const event = events[choice];
        worlds.push(subject.step(last, event ? { send: event } : { wait: 8 }).world);
      }
      return worlds;
    };
    fc.assert(
      fc.property(steps, steps, (some, others) => {
        const first = path(subject.start(input).world, some);
        const keys = first.map(({ key }) => key);
        const views = first.map(({ value, timers, status }) => JSON.stringify([value, timers, status]));
        for (const world of first) path(world, others);
        const again = path(subject.start(input).world, some);
        expect(again.map(({ key }) => key)).toEqual(keys);
        expect(first.map(({ value, timers, status }) => JSON.stringify([value, timers, status]))).toEqual(views);
      }),
      { seed: 1, numRuns: 10 },
    );
  });
});
