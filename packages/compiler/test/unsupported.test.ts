import { createEngine, isSynodError } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import {
  type AnyStateMachine,
  assign,
  createMachine,
  enqueueActions,
  fromPromise,
  sendTo,
  spawnChild,
  stopChild,
} from 'xstate';
import { compile } from '../src/index.ts';

const logic = fromPromise(() => Promise.resolve());

const refused: Readonly<Record<string, { machine: AnyStateMachine; says: RegExp }>> = {
  'a history state': {
    machine: createMachine({
      id: 'm',
      initial: 'a',
      states: { a: { initial: 'b', states: { b: {}, last: { type: 'history' } } } },
    }),
    says: /m: a history state at state "m\.a\.last"/,
  },
  invoke: {
    machine: createMachine({ id: 'm', initial: 'a', states: { a: { invoke: { src: logic } } } }),
    says: /m: invoke at state "m\.a"/,
  },
  'sendTo, named': {
    machine: createMachine({ id: 'm', on: { GO: { actions: 'tell' } } }).provide({
      actions: { tell: sendTo('x', { type: 'GO' }) },
    }),
    says: /m: sendTo at transition "m#GO\[0\]"/,
  },
  'spawnChild on entry': {
    machine: createMachine({ id: 'm', initial: 'a', states: { a: { entry: spawnChild(logic) } } }),
    says: /m: spawnChild at the entry of state "m\.a"/,
  },
  'stopChild on exit': {
    machine: createMachine({ id: 'm', initial: 'a', states: { a: { exit: stopChild('x') } } }),
    says: /m: stopChild at the exit of state "m\.a"/,
  },
};

describe('what cannot be compiled is refused by name, place and remedy', () => {
  it.each(Object.entries(refused))('%s', (_, { machine, says }) => {
    let error: unknown;
    try {
      compile(machine);
    } catch (thrown) {
      error = thrown;
    }
    expect(isSynodError(error, 'COMPILE_UNSUPPORTED')).toBe(true);
    expect((error as Error).message).toMatch(says);
    expect((error as Error).message).toMatch(/use createEngine\(machine\)/);
  });

  it('spawn in an assign, when it is performed', () => {
    const machine = createMachine({
      id: 'm',
      context: { child: undefined as unknown },
      on: { GO: { actions: assign({ child: ({ spawn }) => spawn(logic) }) } },
    });
    const engine = compile(machine);
    const { snapshot } = engine.initial();
    expect(() => engine.step(snapshot, { type: 'GO' })).toThrow(/m: spawn at an assign\(\) cannot be compiled/);
  });

  it('spawn in the context, as the machine starts', () => {
    const machine = createMachine({ id: 'm', context: ({ spawn }) => ({ child: spawn(logic) }) });
    expect(() => compile(machine).initial()).toThrow(/m: spawn at the context cannot be compiled/);
  });

  it.each(['sendTo', 'sendParent', 'spawnChild', 'stopChild'] as const)('%s that is enqueued', (what) => {
    const actions = enqueueActions(({ enqueue }) => {
      (enqueue[what] as (...args: unknown[]) => void)('x', { type: 'GO' });
    });
    const engine = compile(createMachine({ id: 'm', on: { GO: { actions } } }));
    const { snapshot } = engine.initial();
    expect(() => engine.step(snapshot, { type: 'GO' })).toThrow(
      new RegExp(`m: ${what} at an enqueueActions\\(\\) cannot be compiled`),
    );
  });
});

describe('a snapshot that is not of this machine', () => {
  const machine = createMachine({ id: 'm', initial: 'a', states: { a: {} } });

  it('is refused when another machine made it', () => {
    const { snapshot } = createEngine(machine.provide({})).initial();
    expect(() => compile(machine).step(snapshot as never, { type: 'GO' })).toThrow(
      /m: the snapshot is of another machine/,
    );
  });

  it('is refused when it has children', () => {
    const { snapshot } = createEngine(machine).initial();
    const parent = { ...snapshot, children: { x: {} } };
    expect(() => compile(machine).step(parent as never, { type: 'GO' })).toThrow(/m: the snapshot has children/);
  });
});
