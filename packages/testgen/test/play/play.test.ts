import { describe, expect, it } from 'vitest';
import type { Adapter, Implementation } from '../../src/implementation.ts';
import { StepFailed } from '../../src/play/failure.ts';
import { play } from '../../src/play/play.ts';
import type { Expectation } from '../../src/test-case.ts';
import { anything, instance } from '../../src/write/instance.ts';

class Money {
  readonly amount: bigint;
  constructor(amount: bigint) {
    this.amount = amount;
  }
}

/** Shows one thing after the other, whatever is done to it. */
function showing(...observations: readonly Expectation[]): Adapter & { readonly stopped: () => number } {
  let stopped = 0;
  const adapter = (): Implementation => {
    let at = 0;
    return {
      start: () => {},
      send: () => {},
      observe: () => observations[at++] ?? {},
      stop: () => void stopped++,
    };
  };
  return Object.assign(adapter, { stopped: () => stopped });
}

const failure = async (run: Promise<void>): Promise<StepFailed> => {
  const error: unknown = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StepFailed);
  return error as StepFailed;
};

const GO = { type: 'GO' };

describe('playing a test', () => {
  it.each([
    ['dates', new Date(1), new Date(2)],
    ['maps', new Map([['a', new Set([1])]]), new Map([['a', new Set([2])]])],
    ['sets', new Set([{ a: 1 }]), new Set([{ a: 2 }])],
    ['bigints', 1n, 1],
    ['instances', new Money(1n), new Money(2n)],
    ['what only looks like an instance', new Money(1n), { amount: 1n }],
    ['NaN', Number.NaN, 0],
    ['minus zero', -0, 0],
  ])('compares %s by value', async (_, a, b) => {
    const test = { start: { context: { it: a } }, steps: [] };
    await play(showing({ context: { it: structuredCloneOf(a) } }), test);
    const { message, expected, actual } = await failure(play(showing({ context: { it: b } }), test));
    expect(message).toContain('At the start:\n  context.it: expected ');
    expect([expected, actual]).toEqual([a, b]);
  });

  it('takes a stand-in for an instance of the class, and anything for what cannot be said', async () => {
    const context = { price: new Money(5n), call: () => 1, deep: [{ call: () => 1, n: 1 }] };
    const expected = { price: instance('Money', { amount: 5n }), call: anything, deep: [{ call: anything, n: 1 }] };
    await play(showing({ context }), { start: { context: expected }, steps: [] });
    const other = { ...expected, deep: [{ call: anything, n: 2 }] };
    expect((await failure(play(showing({ context }), { start: { context: other }, steps: [] }))).field).toBe(
      'context.deep',
    );
  });

  it('expects what a test is silent of to stay as it was, and nothing to happen', async () => {
    const start = { state: 'a', context: { n: 1 }, actors: [{ path: 'job' }] };
    const same = { state: 'a', context: { n: 1 }, actors: [{ path: 'job' }], actions: [], emitted: [] };
    const test = { start, steps: [{ send: GO, state: 'a' }] };
    await play(showing(same, same), test);
    const others: readonly Expectation[] = [
      { ...same, context: { n: 2 } },
      { ...same, actors: [] },
      { ...same, actions: ['save'] },
      { ...same, emitted: [GO] },
      { ...same, status: 'done' },
      { ...same, output: 1 },
    ];
    for (const other of others) expect((await failure(play(showing(same, other), test))).step).toBe(1);
  });

  it('does not judge what an implementation leaves out of its observations', async () => {
    const start = { state: 'a', context: { n: 1, secret: 2 } };
    const steps = [{ send: GO, state: 'b', context: { n: 2 }, actions: ['save'], emitted: [GO] }];
    await play(showing({ state: 'a', context: { n: 1 } }, { state: 'b', context: { n: 2 } }), { start, steps });
  });

  it('says at which step what was expected and what was there, and always stops', async () => {
    const adapter = showing({ state: 'a' }, { state: { on: 'c' }, emitted: [] });
    const error = await failure(
      play(adapter, {
        start: { state: 'a' },
        steps: [{ send: { type: 'GO', to: 1n }, state: { on: 'b' }, emitted: [GO] }],
      }),
    );
    expect(error.message).toBe(
      "Step 1, send { type: 'GO', to: 1n }:\n  state: expected { on: 'b' }, and it is { on: 'c' }\n  emitted: expected [{ type: 'GO' }], and it is []",
    );
    expect(error).toMatchObject({ step: 1, field: 'state, emitted' });
    expect(adapter.stopped()).toBe(1);
  });

  it.each([
    ['wait', { wait: 1 }],
    ['done', { done: 'job' }],
    ['fail', { fail: 'job' }],
    ['relay', { relay: 'job', event: GO }],
    ['next', { next: 'job', value: 1 }],
  ])('names the method "%s" that an adapter lacks', async (method, step) => {
    await expect(play(showing(), { steps: [step] })).rejects.toMatchObject({
      code: 'ADAPTER_INCOMPLETE',
      message: expect.stringContaining(`the adapter has no "${method}"`),
    });
  });
});

const structuredCloneOf = (value: unknown): unknown =>
  value instanceof Money ? new Money(value.amount) : structuredClone(value);
