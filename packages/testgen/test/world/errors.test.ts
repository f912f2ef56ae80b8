import { isSynodError } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import {
  type AnyStateMachine,
  assign,
  createMachine,
  fromPromise,
  not,
  raise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
} from 'xstate';
import type { Stimulus } from '../../src/test-case.ts';
import { createSubject } from '../../src/world/subject.ts';

const A: Stimulus = { send: { type: 'A' } };
const fails = (): never => {
  throw new Error('no luck');
};
const onA = (on: object, more: object = {}): AnyStateMachine =>
  createMachine({
    id: 'm',
    context: { n: 0, list: [] },
    initial: 'p',
    states: { p: { on: { A: on } }, q: {} },
    ...more,
  } as never);
const entering = (q: object): AnyStateMachine =>
  createMachine({ id: 'm', context: { n: 0 }, initial: 'p', states: { p: { on: { A: 'q' } }, q } } as never);
const parentOf = (kid: object): AnyStateMachine =>
  createMachine({
    id: 'm',
    invoke: { id: 'kid', src: createMachine({ id: 'kid', ...kid } as never) },
    on: { A: { actions: sendTo('kid', { type: 'X' }) } },
  });
/** With a function that answers otherwise each time it is asked. */
function drawn(machine: (draw: () => number) => AnyStateMachine): AnyStateMachine {
  let n = 0;
  return machine(() => n++);
}
const delayed = (delay: () => number): AnyStateMachine =>
  setup({ delays: { pause: delay } }).createMachine({
    id: 'm',
    initial: 'p',
    states: { p: { on: { A: 'q' } }, q: { after: { pause: 'p' } } },
  });

interface Faulty {
  readonly fault: string;
  readonly machine: AnyStateMachine;
  readonly steps?: readonly Stimulus[];
  readonly code: string;
  /** Where, what, and what to do. */
  readonly says: readonly string[];
}

const faulty: readonly Faulty[] = [
  {
    fault: 'a guard that throws',
    machine: onA({ guard: fails, target: 'q' }),
    code: 'GUARD_THREW',
    says: ['m.p#A[0]', 'no luck', 'let it answer'],
  },
  {
    fault: 'a condition that throws',
    machine: onA({ guard: not(fails), target: 'q' }),
    code: 'GUARD_THREW',
    says: ['"fails"', 'm.p#A[0]'],
  },
  {
    fault: 'a guard that throws at the start',
    machine: createMachine({ id: 'm', always: { guard: fails } }),
    steps: [],
    code: 'GUARD_THREW',
    says: ['m#always[0]', 'as it starts'],
  },
  {
    fault: 'a guard that nobody gave',
    machine: onA({ guard: 'lost', target: 'q' }),
    code: 'IMPLEMENTATION_MISSING',
    says: ['guard "lost"', 'm.p#A[0]', 'machine.provide()'],
  },
  {
    fault: 'a delay that nobody gave',
    machine: entering({ after: { lost: 'p' } }),
    code: 'IMPLEMENTATION_MISSING',
    says: ['delay "lost"', 'm.q'],
  },
  {
    fault: 'a delay of a raised event that nobody gave',
    machine: entering({ entry: raise({ type: 'X' }, { delay: 'lost' as never }) }),
    code: 'IMPLEMENTATION_MISSING',
    says: ['delay "lost"', 'm.q'],
  },
  {
    fault: 'an assign that throws',
    machine: onA({ actions: assign({ n: fails }) }),
    code: 'ACTION_THREW',
    says: ['"assign" of m.p#A[0]', 'on "A" in p', 'no luck'],
  },
  {
    fault: 'an entry that throws',
    machine: entering({ entry: assign({ n: fails }) }),
    code: 'ACTION_THREW',
    says: ['"assign" of the entry of m.q'],
  },
  {
    fault: 'params that throw',
    machine: onA({ actions: { type: 'show', params: fails } }),
    code: 'ACTION_THREW',
    says: ['"show" of m.p#A[0]'],
  },
  {
    fault: 'an input that throws',
    machine: entering({ invoke: { src: fromPromise(async () => 1), input: fails } }),
    code: 'ACTION_THREW',
    says: ['m.q invokes'],
  },
  {
    fault: 'an output that throws',
    machine: createMachine({
      id: 'm',
      initial: 'p',
      states: { p: { on: { A: 'q' } }, q: { type: 'final' } },
      output: fails,
    }),
    code: 'ACTION_THREW',
    says: ['The output of m'],
  },
  {
    fault: 'a context that throws',
    machine: createMachine({ id: 'm', context: fails }),
    steps: [],
    code: 'CONTEXT_THREW',
    says: ['The context of m', 'every input'],
  },
  {
    fault: 'a child that throws and nobody hears',
    machine: parentOf({ context: { n: 0 }, on: { X: { actions: assign({ n: fails }) } } }),
    code: 'ACTION_THREW',
    says: ['kid#X[0]'],
  },
  {
    fault: 'always without end',
    machine: createMachine({
      id: 'm',
      initial: 'p',
      states: { p: { on: { A: 'q' } }, q: { always: 'r' }, r: { always: 'q' } },
    }),
    code: 'MACHINE_LOOPS',
    says: ['m.q#always[0]', 'm.r#always[0]'],
  },
  {
    fault: 'machines that answer each other without end',
    machine: createMachine({
      id: 'm',
      invoke: { id: 'kid', src: createMachine({ id: 'kid', on: { X: { actions: sendParent({ type: 'A' }) } } }) },
      on: { A: { actions: sendTo('kid', { type: 'X' }) } },
    }),
    code: 'MACHINE_LOOPS',
    says: ['m#A[0]', 'kid#X[0]'],
  },
  {
    fault: 'a delay of 0 without end',
    machine: createMachine({ id: 'm', initial: 'p', states: { p: { after: { 0: 'q' } }, q: { after: { 0: 'p' } } } }),
    steps: [{ wait: 1 }],
    code: 'MACHINE_LOOPS',
    says: ['delay of 0'],
  },
  {
    fault: 'more microsteps than the machine allows itself',
    machine: createMachine({
      id: 'm',
      options: { maxIterations: 5 },
      initial: 'p',
      states: { p: { on: { A: 'q' } }, q: { always: 'r' }, r: { always: 'q' } },
    } as never),
    code: 'MACHINE_LOOPS',
    says: ['more than 5'],
  },
  {
    fault: 'an event to nobody',
    machine: onA({ actions: sendTo('nobody', { type: 'X' }) }),
    code: 'ACTOR_MISSING',
    says: ['"sendTo" of m.p#A[0]', '"nobody"', 'start it first'],
  },
  {
    fault: 'an event to a parent that is not there',
    machine: onA({ actions: sendParent({ type: 'X' }) }),
    code: 'ACTOR_MISSING',
    says: ['m.p#A[0]', 'test the machine that invokes'],
  },
  {
    fault: 'a delay that is no number',
    machine: delayed(() => Number.NaN),
    code: 'DELAY_INVALID',
    says: ['pause', 'NaN'],
  },
  {
    fault: 'one system id for two',
    machine: onA({
      actions: ['a', 'b'].map((id) =>
        spawnChild(
          fromPromise(async () => 1),
          { id, systemId: 's' },
        ),
      ),
    }),
    code: 'SYSTEM_ID_TAKEN',
    says: ['"s"', 'a and b'],
  },
  {
    fault: 'an actor that does not run',
    machine: onA({}),
    steps: [{ done: 'nobody' }],
    code: 'ACTOR_NOT_RUNNING',
    says: ['"nobody"'],
  },
  {
    fault: 'an event of all types',
    machine: onA({}),
    steps: [{ send: { type: '*' } }],
    code: 'EVENT_INVALID',
    says: ['"*"'],
  },
  {
    fault: 'an assign that draws',
    machine: drawn((n) => onA({ actions: assign({ n }) })),
    code: 'NOT_DETERMINISTIC',
    says: ['m.p#A[0]', '"n" of its context'],
  },
  {
    fault: 'a context that draws',
    machine: drawn((n) => createMachine({ id: 'm', context: () => ({ n: n() }) })),
    steps: [],
    code: 'NOT_DETERMINISTIC',
    says: ['as it starts', '"n"'],
  },
  {
    fault: 'a guard that draws',
    machine: drawn((n) => onA({ guard: () => n() % 2 === 0, target: 'q' })),
    code: 'NOT_DETERMINISTIC',
    says: ['the state'],
  },
  {
    fault: 'a delay that draws',
    machine: drawn((n) => delayed(n)),
    code: 'NOT_DETERMINISTIC',
    says: ['the delay of', 'pause'],
  },
  {
    fault: 'params that draw',
    machine: drawn((n) => onA({ actions: { type: 'show', params: () => n() } })),
    code: 'NOT_DETERMINISTIC',
    says: ['the actions'],
  },
  {
    fault: 'a child that draws',
    machine: drawn((n) => parentOf({ context: { n: 0 }, on: { X: { actions: assign({ n }) } } })),
    code: 'NOT_DETERMINISTIC',
    says: ['kid#X[0]', '"n" of the context of "kid"'],
  },
  {
    fault: 'an assign in place',
    machine: onA({ actions: assign({ list: ({ context }: never) => push(context) }) }),
    code: 'CONTEXT_MUTATED',
    says: ['"list"', 'm.p#A[0]', 'new value'],
  },
];

function push({ list }: { list: number[] }): number[] {
  list.push(1);
  return list;
}

describe('a fault has a code, a place and a remedy', () => {
  it.each(faulty)('$fault: $code', ({ machine, steps = [A], code, says }) => {
    const subject = createSubject(machine);
    let thrown: unknown;
    try {
      steps.reduce((world, stimulus) => subject.step(world, stimulus).world, subject.start(undefined).world);
    } catch (error) {
      thrown = error;
    }
    expect(isSynodError(thrown, code), String(thrown)).toBe(true);
    const { message } = thrown as Error;
    for (const part of says) expect(message).toContain(part);
    expect(message).not.toContain('\n');
  });

  it('leaves the worlds before it as they were', () => {
    const subject = createSubject(onA({ guard: fails, target: 'q' }, { on: { B: '.q' } }));
    const { world } = subject.start(undefined);
    expect(() => subject.step(world, A)).toThrow();
    expect(subject.step(world, { send: { type: 'B' } }).world.value).toBe('q');
    expect(() => subject.step(world, A)).toThrow('no luck');
  });
});
