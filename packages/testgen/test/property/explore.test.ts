import { isSynodError } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { assign, createMachine, fromPromise, setup } from 'xstate';
import { explore, type MachineProperty, propertyTest } from '../../src/index.ts';

interface Counter {
  readonly n: number;
}

/** Counts up, and down again; at three, it goes where it should not. */
const counter = createMachine({
  id: 'counter',
  context: { n: 0 },
  initial: 'on',
  states: {
    on: {
      on: {
        UP: { actions: assign({ n: ({ context }) => context.n + 1 }) },
        DOWN: { guard: ({ context }) => context.n > 0, actions: assign({ n: ({ context }) => context.n - 1 }) },
        JUMP: {
          guard: ({ event }) => event.by === 7,
          actions: assign({ n: ({ context, event }) => context.n + event.by }),
        },
        OFF: 'off',
      },
    },
    off: { on: { ON: 'on' } },
  },
});

const below = (most: number): MachineProperty<Counter> => ({
  name: `below ${most}`,
  kind: 'always',
  holds: ({ context }) => context.n < most,
});
const properties = (...list: readonly MachineProperty<Counter>[]) => list as unknown as readonly MachineProperty[];
const stimuli = (steps: readonly object[] = []) =>
  steps.map((step) => ('send' in step ? (step.send as { type: string }).type : step));
const QUICK = { runs: 40, length: 20, roundTrip: false } as const;

describe('a property that is broken', () => {
  it('always: in as few steps as it takes, by a value that was thought out', async () => {
    const { failure } = await explore(counter, { ...QUICK, properties: properties(below(7)) });
    expect(failure).toMatchObject({ property: 'below 7', kind: 'always' });
    expect(failure?.steps).toHaveLength(1);
    expect(failure?.steps[0]).toMatchObject({ send: { type: 'JUMP', by: 7 }, state: 'on', context: { n: 7 } });
  });

  it('step: the step that breaks it is the last one', async () => {
    const property: MachineProperty<Counter> = {
      name: 'never down',
      kind: 'step',
      holds: (before, after) => after.context.n >= before.context.n,
    };
    const { failure } = await explore(counter, { ...QUICK, properties: properties(property) });
    expect(stimuli(failure?.steps)).toEqual([expect.any(String), 'DOWN']);
  });

  it('leadsTo within steps', async () => {
    const property: MachineProperty<Counter> = {
      name: 'on again at once',
      kind: 'leadsTo',
      when: ({ value }) => value === 'off',
      holds: ({ context }) => context.n > 1_000,
      withinSteps: 2,
    };
    const { failure } = await explore(counter, { ...QUICK, properties: properties(property) });
    expect(failure).toMatchObject({
      kind: 'leadsTo',
      message: 'After step 1 it was due within 2 steps, and these have passed.',
    });
    expect(failure?.steps).toHaveLength(3);
  });

  it('is the same for the same seed', async () => {
    const options = { ...QUICK, seed: 9, properties: properties(below(3)) };
    expect(await explore(counter, options)).toEqual(await explore(counter, options));
  });

  it('is found again at once from the path that it names', async () => {
    const property: MachineProperty<Counter> = {
      name: 'never seven and off',
      kind: 'always',
      holds: ({ context, value }) => context.n !== 16 || value === 'on',
    };
    const options = { ...QUICK, runs: 500, seed: 4, properties: properties(property) };
    const { failure, runs } = await explore(counter, options);
    expect(runs).toBe(Number(failure?.path) + 1);
    const again = await explore(counter, { ...options, runs: 1, path: failure?.path ?? '' });
    expect(again).toMatchObject({ runs: 1, failure: { steps: failure?.steps } });
  });

  it('fails a test with its steps', async () => {
    await expect(propertyTest(counter, { ...QUICK, properties: properties(below(7)) })).rejects.toThrow(
      /^below 7 \(always\) is broken after 1 step: .*\n {2}start\n {2}1\. send .*JUMP.*\nSeed 1, path /,
    );
  });
});

describe('what a finite run cannot tell', () => {
  it('sometimes: it is told as not seen, and refutes nothing', async () => {
    const property: MachineProperty<Counter> = {
      name: 'a million',
      kind: 'sometimes',
      holds: ({ context }) => context.n > 1e6,
    };
    const seen: MachineProperty<Counter> = { name: 'two', kind: 'sometimes', holds: ({ context }) => context.n === 2 };
    const explored = await explore(counter, { ...QUICK, properties: properties(property, seen) });
    expect(explored).toMatchObject({ unseen: ['a million'], runs: 40, complete: true });
    expect(explored.failure).toBeUndefined();
  });

  it('eventually: a run that was cut off decides nothing', async () => {
    const property: MachineProperty<Counter> = {
      name: 'a million',
      kind: 'eventually',
      holds: ({ context }) => context.n > 1e6,
    };
    const explored = await explore(counter, { ...QUICK, properties: properties(property) });
    expect(explored.failure).toBeUndefined();
    expect(explored.undecided).toEqual({ 'a million': 40 });
  });

  it('eventually: a run that is over refutes it', async () => {
    const ending = createMachine({
      initial: 'a',
      states: { a: { on: { B: 'b', C: 'c' } }, b: { type: 'final' }, c: { type: 'final' } },
    });
    const { failure } = await explore(ending, {
      ...QUICK,
      properties: [{ name: 'b comes', kind: 'eventually', holds: ({ value }) => value === 'b' }],
    });
    expect(failure).toMatchObject({ kind: 'eventually', property: 'b comes' });
    expect(stimuli(failure?.steps)).toEqual(['C']);
  });
});

describe('virtual time', () => {
  const light = createMachine({
    initial: 'red',
    states: { red: { after: { 5000: 'green' } }, green: { after: { 3000: 'red' } } },
  });
  const greenWithin = (withinMs: number): MachineProperty => ({
    name: 'green comes',
    kind: 'leadsTo',
    when: ({ value }) => value === 'red',
    holds: ({ value }) => value === 'green',
    withinMs,
  });
  it('leadsTo within milliseconds', async () => {
    expect((await explore(light, { ...QUICK, properties: [greenWithin(5_000)] })).failure).toBeUndefined();
    const { failure } = await explore(light, { ...QUICK, properties: [greenWithin(4_998)] });
    expect(failure).toMatchObject({ kind: 'leadsTo', message: expect.stringContaining('within 4998 ms') });
  });

  it('timers that a restored machine lacks are told', async () => {
    const explored = await explore(light, { runs: 5, length: 4 });
    expect(explored.failure).toBeUndefined();
    expect(explored.lostTimers.length).toBeGreaterThan(0);
  });
});

describe('what every machine promises', () => {
  it('throws no error', async () => {
    const thrower = createMachine({
      on: {
        GO: { guard: ({ event }) => event.list.length > 3, actions: () => {} },
        STOP: {
          actions: assign(() => {
            throw new Error('oh');
          }),
        },
      },
    });
    const { failure } = await explore(thrower, QUICK);
    expect(failure).toMatchObject({
      property: 'No errors are thrown',
      kind: 'error',
      message: expect.stringContaining('oh'),
    });
    expect(stimuli(failure?.steps)).toEqual(['STOP']);
    expect((await explore(thrower, { ...QUICK, errors: false })).failure).toBeUndefined();
  });

  it('goes into no endless loop', async () => {
    const loop = createMachine({
      initial: 'a',
      states: { a: { on: { GO: 'b' } }, b: { always: 'c' }, c: { always: 'b' } },
    });
    const { failure } = await explore(loop, QUICK);
    expect(failure).toMatchObject({ property: 'No endless loops', kind: 'loop' });
    expect(stimuli(failure?.steps)).toEqual(['GO']);
  });

  it('leaves no error of an actor unhandled', async () => {
    const bold = createMachine({
      initial: 'a',
      states: { a: { invoke: { src: fromPromise(() => Promise.resolve()), onDone: 'b' } }, b: {} },
    });
    const { failure } = await explore(bold, QUICK);
    expect(failure).toMatchObject({ kind: 'error', message: expect.stringContaining('failed') });
    expect(failure?.steps).toHaveLength(1);
  });

  it('survives with its history', async () => {
    const player = createMachine({
      initial: 'on',
      states: {
        on: {
          initial: 'slow',
          states: { slow: { on: { FASTER: 'fast' } }, fast: {}, last: { type: 'history' } },
          on: { OFF: 'off' },
        },
        off: { on: { ON: 'on.last' } },
      },
    });
    const explored = await explore(player, { runs: 30, length: 10, real: true });
    expect(explored.failure).toBeUndefined();
    expect(explored.worlds).toBeGreaterThan(2);
  });

  it('survives being persisted and restored: what does not is named', async () => {
    const holder = createMachine({
      context: { list: { seen: new Map<string, number>() }, fine: [1] },
      on: { ADD: { actions: assign({ list: ({ context }) => ({ seen: new Map(context.list.seen).set('a', 1) }) }) } },
    });
    const { failure } = await explore(holder, { runs: 5, length: 5 });
    expect(failure).toMatchObject({
      kind: 'roundTrip',
      message: 'Persisted here as JSON and restored, context.list.seen is other than it was: a Map became {}.',
      steps: [],
    });
  });

  it.each([
    ['a bigint', 5n, /it is not written down at all/],
    ['a date', new Date(0), /context\.value is other than it was: a Date became "1970/],
  ])('and %s', async (_, value, says) => {
    const { failure } = await explore(createMachine({ context: { value }, on: { A: {} } }), { runs: 3, length: 3 });
    expect(failure?.message).toMatch(says);
  });

  it('with children, and whatever follows', async () => {
    const child = createMachine({
      context: { n: 0 },
      on: { ADD: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
    });
    const parent = setup({ actors: { child, load: fromPromise(() => Promise.resolve(1)) } }).createMachine({
      initial: 'a',
      states: {
        a: {
          invoke: [
            { src: 'load', id: 'load', onDone: 'b', onError: 'b' },
            { src: 'child', id: 'child' },
          ],
          on: { GO: 'b' },
        },
        b: {
          type: 'parallel',
          states: { x: { initial: 'p', states: { p: { on: { NEXT: 'q' } }, q: {} } }, y: {} },
          on: { BACK: 'a' },
        },
      },
    });
    const explored = await explore(parent, { runs: 20, length: 10, real: true });
    expect(explored.failure).toBeUndefined();
    expect(explored.worlds).toBeGreaterThan(2);
  });
});

describe('bad input gets one sentence', () => {
  const growing = createMachine({
    context: { log: '' as string, n: 0 },
    on: { ADD: { actions: assign({ log: ({ context }) => `${context.log}${'x'.repeat(60_000)}` }) } },
  });
  it.each([
    ['CONTEXT_GROWS', () => explore(growing, QUICK), /the context's field "log" grows without end; bound it/i],
    [
      'PROPERTY_INVALID',
      () => explore(counter, { properties: [{ name: 'x', kind: 'never', holds: () => true }] as never }),
      /of kind "never"/,
    ],
    [
      'PROPERTY_INVALID',
      () => explore(counter, { properties: [{ name: 'x', kind: 'leadsTo', holds: () => true }] as never }),
      /no function "when"/,
    ],
    [
      'PROPERTY_THREW',
      () =>
        explore(counter, {
          properties: [
            {
              name: 'x',
              kind: 'always',
              holds: () => {
                throw new Error('oh');
              },
            },
          ],
        }),
      /"x" threw "oh"/,
    ],
  ])('%s', async (code, attempt, says) => {
    const error: unknown = await attempt().catch((thrown: unknown) => thrown);
    expect(isSynodError(error, code)).toBe(true);
    expect((error as Error).message).toMatch(says);
  });
});

it('stops when it is asked to, and says that it did not see all', async () => {
  const controller = new AbortController();
  controller.abort();
  expect(await explore(counter, { runs: 1_000, roundTrip: false }, { signal: controller.signal })).toMatchObject({
    runs: 0,
    complete: false,
  });
});
