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
  sendTo,
  setup,
  spawnChild,
} from 'xstate';
import { machineAdapter } from '../../src/play/machine-adapter.ts';
import { play } from '../../src/play/play.ts';
import type { TestStep } from '../../src/test-case.ts';

const never = (): never => {
  throw new Error('a stand-in takes the place of this');
};

/** Invokes one actor, under the id `job`, that is given as logic and not by name. */
const invoking = (src: AnyActorLogic) =>
  createMachine({
    id: 'boss',
    context: { got: undefined as unknown },
    initial: 'busy',
    states: {
      busy: {
        invoke: {
          id: 'job',
          src,
          input: { size: 3 },
          onDone: { target: 'done', actions: assign({ got: ({ event }) => event.output }) },
          onError: { target: 'failed', actions: assign({ got: ({ event }) => event.error }) },
          onSnapshot: {
            guard: ({ event }) => (event.snapshot as { context?: unknown }).context !== undefined,
            actions: assign({ got: ({ event }) => (event.snapshot as { context?: unknown }).context }),
          },
        },
        on: {
          TOLD: { actions: assign({ got: ({ event }) => event.word }) },
          TELL: { actions: sendTo('job', { type: 'WORK' }) },
        },
      },
      done: {},
      failed: {},
    },
  });

const LOGICS = {
  promise: fromPromise(never),
  callback: fromCallback(never),
  observable: fromObservable(never),
  events: fromEventObservable(never),
  transition: fromTransition(never, undefined),
};

describe('a machine under XState', () => {
  const start = { state: 'busy', context: { got: undefined }, actors: [{ path: 'job', input: { size: 3 } }] };

  describe.each(Object.entries(LOGICS))('has a stand-in for a %s given inline', (_, logic) => {
    const steps: Readonly<Record<string, readonly TestStep[]>> = {
      'that ends': [{ done: 'job', output: new Date(5), state: 'done', context: { got: new Date(5) }, actors: [] }],
      'that fails': [
        { fail: 'job', error: new Error('no'), state: 'failed', context: { got: new Error('no') }, actors: [] },
      ],
      'that speaks': [{ relay: 'job', event: { type: 'TOLD', word: 'hi' }, state: 'busy', context: { got: 'hi' } }],
      'that has a next value': [
        { next: 'job', value: new Map([[1, 2n]]), state: 'busy', context: { got: new Map([[1, 2n]]) } },
      ],
      'that is told something': [
        { send: { type: 'TELL' }, state: 'busy', told: [{ to: 'job', event: { type: 'WORK' } }] },
      ],
    };
    it.each(Object.entries(steps))('%s', async (_, taken) => {
      await play(machineAdapter(invoking(logic as AnyActorLogic)), { start, steps: taken });
    });
  });

  it('has a stand-in for what its chart invokes by a name that nobody provided', async () => {
    const machine = createMachine({
      initial: 'busy',
      states: { busy: { invoke: { id: 'job', src: 'missing', onDone: 'done' } }, done: { type: 'final' } },
    });
    await play(machineAdapter(machine), {
      start: { state: 'busy', actors: [{ path: 'job' }] },
      steps: [{ done: 'job', output: 1, state: 'done', status: 'done', actors: [] }],
    });
  });

  it('has stand-ins for what is spawned in assign and by an action', async () => {
    const machine = createMachine({
      context: ({ spawn }) => ({ own: spawn(fromPromise(never), { id: 'first' }) }),
      entry: spawnChild(fromPromise(never), { id: 'second', input: 7 }),
      on: { 'xstate.done.actor.second': { actions: emit({ type: 'over' }) } },
    });
    await play(machineAdapter(machine), {
      start: { state: {}, actors: [{ path: 'first' }, { path: 'second', input: 7 }] },
      steps: [{ done: 'second', state: {}, emitted: [{ type: 'over' }], actors: [{ path: 'first' }] }],
    });
  });

  it('runs child machines as they are, timers included, with stand-ins beneath them', async () => {
    const child = setup({ actors: { load: fromPromise(never) } }).createMachine({
      initial: 'waiting',
      states: {
        waiting: { after: { 100: 'loading' } },
        loading: { invoke: { id: 'load', src: 'load', onDone: 'over' } },
        over: { type: 'final' },
      },
      output: { loaded: true },
    });
    const machine = setup({ actors: { child } }).createMachine({
      context: { result: null as unknown },
      initial: 'running',
      states: {
        running: {
          invoke: {
            id: 'child',
            src: 'child',
            onDone: { target: 'ended', actions: assign({ result: ({ event }) => event.output }) },
          },
        },
        ended: {},
      },
    });
    await play(machineAdapter(machine), {
      start: { state: 'running', actors: [{ path: 'child' }] },
      steps: [
        { wait: 99, state: 'running' },
        { wait: 1, state: 'running', actors: [{ path: 'child' }, { path: 'child/load' }] },
        { done: 'child/load', state: 'ended', context: { result: { loaded: true } }, actors: [] },
      ],
    });
  });

  it('notes custom actions by name and params, inline ones as the chart names them, and runs none', async () => {
    const machine = setup({
      actions: { save: (_, __: { readonly where: string }) => never(), ring: never },
    }).createMachine({
      initial: 'a',
      states: {
        a: {
          on: { GO: { target: 'b', actions: ['ring', { type: 'save', params: { where: 'here' } }, () => never()] } },
        },
        b: { entry: function shout() {} },
      },
    });
    await play(machineAdapter(machine), {
      steps: [
        {
          send: { type: 'GO' },
          state: 'b',
          actions: ['ring', { type: 'save', params: { where: 'here' } }, '(inline)', 'shout'],
        },
      ],
    });
  });

  it('fires each beat of a heartbeat, in the order in which timers come due', async () => {
    const machine = setup({}).createMachine({
      context: { beats: 0 },
      initial: 'on',
      states: {
        on: {
          after: {
            10: { target: 'on', reenter: true, actions: assign({ beats: ({ context }) => context.beats + 1 }) },
          },
        },
      },
    });
    await play(machineAdapter(machine), { steps: [{ wait: 100, state: 'on', context: { beats: 10 } }] });
  });

  it('tells of an error that the machine throws as its status', async () => {
    const machine = setup({}).createMachine({ on: { GO: { guard: never } } });
    await play(machineAdapter(machine), { steps: [{ send: { type: 'GO' }, status: 'error' }] });
  });

  it('names the actors that run when a test speaks of another', async () => {
    await expect(
      play(machineAdapter(invoking(LOGICS.promise)), { start, steps: [{ done: 'jab', state: 'done' }] }),
    ).rejects.toMatchObject({ code: 'ACTOR_NOT_RUNNING', message: expect.stringContaining('there are job') });
  });
});
