import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, createMachine, type EventObject, setup } from 'xstate';
import { type Bounds, boundsOf } from '../../src/search/bounds.ts';
import { explain } from '../../src/search/reasons.ts';
import { lengthOf } from '../../src/search/run.ts';
import { type Searched, search } from '../../src/search/search.ts';
import type { CoverageKind } from '../../src/targets/target.ts';
import { Coverage } from '../../src/targets/tracker.ts';
import { createSubject } from '../../src/world/subject.ts';
import { tablePayloads } from '../support/payloads.ts';

function explore(
  machine: AnyStateMachine,
  events: Readonly<Record<string, readonly EventObject[]>> = {},
  bounds: Partial<Bounds> = {},
  kinds: readonly CoverageKind[] = ['transitions'],
) {
  const subject = createSubject(machine);
  const coverage = new Coverage(subject, kinds);
  const run = search(subject, tablePayloads(events), coverage, boundsOf(bounds));
  let next = run.next(true);
  while (next.done !== true) next = run.next(true);
  const searched = next.value as Searched;
  const reasons = explain(coverage, searched).map(({ target, code, reason }) => ({
    title: target.title,
    code,
    reason,
  }));
  return { coverage, searched, reasons };
}

interface Counted {
  readonly count: number;
  readonly log: readonly number[];
}

const counter = (threshold: number) =>
  setup({ types: { context: {} as Counted } }).createMachine({
    id: 'm',
    context: { count: 0, log: [] } as Counted,
    initial: 'idle',
    states: {
      idle: {
        on: {
          ADD: {
            actions: assign({
              count: ({ context }) => context.count + 1,
              log: ({ context }) => [...context.log, context.count],
            }),
          },
          GO: { guard: ({ context }) => context.count >= threshold, target: 'on' },
        },
      },
      on: { on: { NEXT: 'a' } },
      a: { on: { NEXT: 'b' } },
      b: { on: { NEXT: 'c' } },
      c: {},
    },
  });

describe('the search', () => {
  it('finds shortest runs', () => {
    const machine = createMachine({
      id: 'm',
      initial: 'a',
      states: {
        a: { on: { LONG: 'b', SHORT: 'd' } },
        b: { on: { GO: 'c' } },
        c: { on: { GO: 'd' } },
        d: { on: { END: 'e' } },
        e: {},
      },
    });
    const { searched } = explore(machine);
    const witness = searched.witnesses.get('transitions||m.d#END[0]');
    expect(witness && lengthOf(witness)).toBe(2);
    expect(searched.ended).toBe('covered');
  });

  it('meets a guard that needs its event many times, though the context grows with each', () => {
    const { searched, reasons } = explore(counter(25));
    expect(reasons).toEqual([]);
    expect(searched.worlds).toBeLessThan(40);
  });

  it('is not drowned by a context that grows for ever: what lies behind it is reached all the same', () => {
    const { reasons, searched } = explore(
      counter(1),
      { ADD: Array.from({ length: 8 }, (_, n) => ({ type: 'ADD', n })) },
      { worlds: 200 },
    );
    expect(reasons).toEqual([]);
    expect(searched.worlds).toBeLessThan(60);
  });

  it('ends at its bounds, and says that they were the reason', () => {
    expect(explore(counter(1_000), {}, { worlds: 50 }).searched.ended).toBe('worlds');
    expect(explore(counter(1_000), {}, { patience: 30 }).searched.ended).toBe('patience');
    const { searched, reasons } = explore(counter(1_000), {}, { depth: 10 });
    expect([searched.ended, searched.deep]).toEqual(['exhausted', true]);
    expect(reasons[1]?.reason).toContain('within the bounds');
  });

  it.each(['worlds', 'depth', 'values', 'patience'] as const)('refuses a bound of "%s" that is none', (bound) => {
    expect(() => boundsOf({ [bound]: 0 })).toThrow(/give a whole number above 0/);
  });

  it('comes to the same in every run', () => {
    const once = () =>
      [...explore(counter(3), {}, {}, ['transitions', 'pairs']).searched.witnesses].map(([id, run]) => [
        id,
        lengthOf(run),
      ]);
    expect(once()).toEqual(once());
  });
});

describe('what was not reached', () => {
  it('is explained: dead, without a value, never in its state, never in time', () => {
    const machine = createMachine({
      id: 'm',
      initial: 'a',
      states: {
        a: { on: { GO: 'b', NONE: 'c' }, always: { guard: () => false, target: 'd' }, after: { 100: 'b' } },
        b: { after: { 50: 'a', 80: 'd' } },
        c: { on: { X: 'a' } },
        d: { on: { Y: 'a' } },
        island: { on: { Z: 'a' } },
      },
    });
    const { reasons } = explore(machine, { NONE: [] });
    expect(Object.fromEntries(reasons.map(({ title, code, reason }) => [title, `${code}: ${reason}`]))).toMatchObject({
      'a → c on NONE': 'value: there is no event of type NONE to send; give cases or a schema for it',
      'b → d after 80 ms': expect.stringMatching(/^delay: b was left each time before its time had come/),
      'c → a on X': expect.stringMatching(
        /^source: c was not reached in any of the \d+ worlds that these values lead to/,
      ),
      'island → a on Z': 'dead: no path of the chart leads to island',
    });
  });
});
