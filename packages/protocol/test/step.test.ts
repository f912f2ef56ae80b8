import { describe, expect, it } from 'vitest';
import {
  type AnyStateMachine,
  and,
  assign,
  cancel,
  createActor,
  createMachine,
  not,
  or,
  raise,
  SimulatedClock,
  setup,
} from 'xstate';
import { AssertionError, createEngine, type Effect, type GuardOutcome, step } from '../src/index.ts';

/** Charts with what step() leans on in XState's internals. */
const CHARTS: Record<string, AnyStateMachine> = {
  flat: createMachine({
    context: { count: 0 },
    initial: 'off',
    states: {
      off: { on: { TOGGLE: 'on' } },
      on: { entry: assign({ count: ({ context }) => context.count + 1 }), on: { TOGGLE: 'off' } },
    },
  }),
  parallel: createMachine({
    type: 'parallel',
    states: {
      left: { initial: 'a', states: { a: { on: { TOGGLE: 'b' } }, b: { on: { TOGGLE: 'a', LEFT: 'a' } } } },
      right: { initial: 'x', states: { x: { on: { TOGGLE: 'y' } }, y: { on: { RIGHT: 'x' } } } },
    },
  }),
  history: createMachine({
    initial: 'work',
    states: {
      work: {
        initial: 'one',
        states: { one: { on: { TOGGLE: 'two' } }, two: {}, last: { type: 'history' } },
        on: { LEFT: 'pause' },
      },
      pause: { on: { RIGHT: 'work.last' } },
    },
  }),
  raised: createMachine({
    context: { log: [] as string[] },
    initial: 'a',
    states: {
      a: { on: { TOGGLE: { target: 'b', actions: raise({ type: 'NEXT' }) } } },
      b: { on: { NEXT: 'c' } },
      c: {
        always: {
          guard: ({ context }) => context.log.length < 3,
          actions: assign({ log: ({ context }) => [...context.log, 'x'] }),
        },
        on: { TOGGLE: 'a' },
      },
    },
  }),
};

describe('an engine', () => {
  it.each(Object.keys(CHARTS))("comes to the states to which XState's own actor comes: %s", (name) => {
    const machine = CHARTS[name] as AnyStateMachine;
    const engine = createEngine(machine);
    const actor = createActor(machine).start();
    let { snapshot } = engine.initial();
    for (const type of ['TOGGLE', 'LEFT', 'TOGGLE', 'RIGHT', 'TOGGLE', 'NONSENSE', 'LEFT', 'RIGHT', 'TOGGLE']) {
      actor.send({ type });
      snapshot = step(engine, snapshot, { type }).snapshot;
      expect(snapshot.value).toEqual(actor.getSnapshot().value);
      expect(snapshot.context).toEqual(actor.getSnapshot().context);
    }
  });

  it('is pure: the same step twice comes out the same, and the old snapshot stays', () => {
    const engine = createEngine(CHARTS.raised as AnyStateMachine);
    const { snapshot } = engine.initial();
    const before = JSON.stringify(snapshot);
    const [first, second] = [engine.step(snapshot, { type: 'TOGGLE' }), engine.step(snapshot, { type: 'TOGGLE' })];
    expect(JSON.stringify(first.snapshot)).toBe(JSON.stringify(second.snapshot));
    expect(first.effects).toEqual(second.effects);
    expect(JSON.stringify(snapshot)).toBe(before);
  });

  it('gives a loop up', () => {
    const loop = createMachine({ initial: 'a', states: { a: { always: 'b' }, b: { always: 'a' } } });
    expect(() => createEngine(loop).initial()).toThrow(AssertionError);
  });

  it.each([
    { what: 'a function', actions: () => undefined },
    { what: 'a named function', actions: function beep() {} },
  ])('refuses $what as an action: a pure step has no other effects', ({ actions }) => {
    const engine = createEngine(createMachine({ on: { GO: { actions } } }));
    const { snapshot } = engine.initial();
    expect(() => engine.step(snapshot, { type: 'GO' })).toThrow(/is an effect a pure step cannot have/);
  });

  it.each([
    {
      what: 'its context',
      machine: createMachine({
        context: () => {
          throw new Error('broken');
        },
      }),
    },
    {
      what: 'an entry action',
      machine: createMachine({
        context: {},
        entry: assign(() => {
          throw new Error('broken');
        }),
      }),
    },
  ])('throws what $what throws as the machine starts', ({ machine }) => {
    expect(() => createEngine(machine as unknown as AnyStateMachine).initial()).toThrow('broken');
  });

  it('throws what a guard throws, and goes on with the old snapshot', () => {
    const guard = ({ event }: { event: { type: string } }) => {
      if ('bad' in event) throw new Error('broken');
      return true;
    };
    const engine = createEngine(
      createMachine({
        initial: 'a',
        states: { a: { on: { GO: { guard, target: 'b' } } }, b: {} },
      }) as unknown as AnyStateMachine,
    );
    const { snapshot } = engine.initial();
    expect(() => engine.step(snapshot, { type: 'GO', bad: true } as never)).toThrow('broken');
    expect(engine.step(snapshot, { type: 'GO' }).snapshot.value).toBe('b');
  });

  it('gives input to the context', () => {
    const machine = createMachine({ context: ({ input }) => ({ given: input as unknown }) });
    expect(createEngine(machine).initial({ a: 1 }).snapshot.context).toEqual({ given: { a: 1 } });
  });
});

describe('timers', () => {
  const machine = setup({ delays: { soon: ({ context }) => (context as { ms: number }).ms } }).createMachine({
    context: { ms: 25 },
    initial: 'waiting',
    states: {
      waiting: { after: { soon: 'done' }, on: { AGAIN: { target: 'waiting', reenter: true }, LEAVE: 'left' } },
      done: {},
      left: {
        entry: [raise({ type: 'LATER' }, { id: 'later', delay: 7 })],
        on: { CALM: { actions: cancel('later') } },
      },
    },
  });
  const engine = createEngine(machine);
  const id = 'xstate.after.soon.(machine).waiting';
  const set: Effect = { kind: 'setTimer', id, delayMs: 25, event: { type: id } };

  it('are effects: set on entry, cancelled on exit, both on re-entry', () => {
    const first = engine.initial();
    expect(first.effects).toEqual([set]);
    expect(engine.step(first.snapshot, { type: 'AGAIN' }).effects).toEqual([{ kind: 'cancelTimer', id }, set]);
    const left = engine.step(first.snapshot, { type: 'LEAVE' });
    expect(left.effects).toEqual([
      { kind: 'cancelTimer', id },
      { kind: 'setTimer', id: 'later', delayMs: 7, event: { type: 'LATER' } },
    ]);
    expect(engine.step(left.snapshot, { type: 'CALM' }).effects).toEqual([{ kind: 'cancelTimer', id: 'later' }]);
  });

  it('go on as in a live actor', () => {
    const clock = new SimulatedClock();
    const actor = createActor(machine, { clock }).start();
    clock.increment(25);
    const { snapshot } = engine.initial();
    expect(engine.step(snapshot, set.event).snapshot.value).toBe(actor.getSnapshot().value);
  });

  it('need an id: a random one must not reach a trace', () => {
    const nameless = createEngine(createMachine({ entry: raise({ type: 'X' }, { delay: 5 }) }));
    expect(() => nameless.initial()).toThrow(AssertionError);
  });
});

describe('transitions taken', () => {
  it('are named as in the chart, microstep by microstep', () => {
    const engine = createEngine(CHARTS.raised as AnyStateMachine);
    const taken: string[] = [];
    engine.step(engine.initial().snapshot, { type: 'TOGGLE' }, ({ type }, refs) =>
      taken.push(`${type}: ${refs.join()}`),
    );
    expect(taken.slice(0, 3)).toEqual([
      'TOGGLE: (machine).a#TOGGLE[0]',
      'NEXT: (machine).b#NEXT[0]',
      'NEXT: (machine).c#always[0]',
    ]);
    expect(taken).toHaveLength(5);
  });

  it('are none for an event that the chart ignores', () => {
    const engine = createEngine(CHARTS.flat as AnyStateMachine);
    const taken: unknown[] = [];
    engine.step(engine.initial().snapshot, { type: 'NONSENSE' }, (_, refs) => taken.push(...refs));
    expect(taken).toEqual([]);
  });
});

describe('who listens to guards', () => {
  const machine = setup({
    types: { context: {} as { count: number }, events: {} as { type: 'GO' | 'BAD' | 'LOST' } },
    guards: {
      never: () => false,
      atLeast: ({ context }, { least }: { least: number }) => context.count >= least,
      throws: () => {
        throw new Error('not mine');
      },
    },
  }).createMachine({
    id: 'm',
    context: { count: 2 },
    initial: 'a',
    states: {
      a: {
        on: {
          GO: [
            { guard: 'never', target: 'b' },
            { guard: and(['never', not('never')]), target: 'b' },
            { guard: or(['never', { type: 'atLeast', params: { least: 2 } }]), target: 'b' },
            { guard: 'never' },
          ],
          BAD: { guard: 'throws', target: 'b' },
          LOST: { guard: 'nowhere' as never, target: 'b' },
        },
      },
      b: { always: { guard: ({ context }) => context.count > 2, target: 'a' } },
    },
  });
  const engine = createEngine(machine);
  const { snapshot } = engine.initial();
  const definitions = () =>
    [...(machine.root.states.a as typeof machine.root).transitions.values()].flat().map(({ guard }) => guard);
  const written = definitions();

  it('is told of each that was asked, in order: conditions first, then the guard as the chart names it', () => {
    const told: GuardOutcome[] = [];
    engine.step(snapshot, { type: 'GO' }, undefined, (outcome) => told.push(outcome));
    expect(told.map(({ transition, condition, outcome }) => [transition, condition, outcome])).toEqual([
      ['m.a#GO[0]', 'never', false],
      ['m.a#GO[1]', 'never', false],
      ['m.a#GO[1]', 'never and not never', false],
      ['m.a#GO[2]', 'never', false],
      ['m.a#GO[2]', 'atLeast', true],
      ['m.a#GO[2]', 'never or atLeast', true],
      ['m.b#always[0]', 'guard', false],
    ]);
  });

  it('changes nothing: not the step, not the transitions, not the machine', () => {
    const taken: unknown[] = [];
    const quiet: unknown[] = [];
    const watched = engine.step(
      snapshot,
      { type: 'GO' },
      (_, refs) => taken.push(refs),
      () => {},
    );
    const alone = engine.step(snapshot, { type: 'GO' }, (_, refs) => quiet.push(refs));
    expect(taken).toEqual(quiet);
    expect([watched.snapshot.value, watched.effects]).toEqual([alone.snapshot.value, alone.effects]);
    expect(watched.snapshot.machine).toBe(machine);
    expect(definitions()).toEqual(written);
  });

  it.each(['BAD', 'LOST'] as const)('hears what a machine throws in the same words: %s', (type) => {
    const words = (asked?: () => void): unknown => {
      try {
        return engine.step(snapshot, { type }, undefined, asked);
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(words(() => {})).toBe(words());
    expect(words()).toMatch(/guard/i);
    expect(definitions()).toEqual(written);
  });
});
