import { chartOf } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { ChartIndex } from '../../src/targets/chart-index.ts';
import { deadParts } from '../../src/targets/dead.ts';

const dead = (config: object) => deadParts(new ChartIndex(chartOf(createMachine({ id: 'm', ...config }))));
const deadRefs = (config: object) => [...dead(config).transitions.keys()];

describe('the dead parts of a chart', () => {
  it('are states to which nothing leads, and what leaves them', () => {
    const { states, transitions } = dead({
      initial: 'a',
      states: { a: { on: { GO: 'b' } }, b: {}, island: { initial: 'x', on: { BACK: 'a' }, states: { x: {} } } },
    });
    expect([...states]).toEqual(['m.island', 'm.island.x']);
    expect([...transitions]).toEqual([['m.island#BACK[0]', 'no path of the chart leads to island']]);
  });

  it('are candidates behind one without a guard, of events, delays and always', () => {
    const guard = () => true;
    expect(
      deadRefs({
        initial: 'a',
        states: {
          a: {
            on: { GO: [{ guard, target: 'b' }, { target: 'c' }, { target: 'b' }] },
            after: { 10: [{ target: 'b' }, { guard, target: 'c' }] },
          },
          b: { always: [{ guard, target: 'a' }, { target: 'c' }, { target: 'a' }] },
          c: {},
        },
      }),
    ).toEqual(['m.a#GO[2]', 'm.a#xstate.after.10.m.a[1]', 'm.b#always[2]']);
  });

  it('are transitions of a state that an always without a guard leaves at once', () => {
    expect(
      deadRefs({ initial: 'a', states: { a: { always: 'b', on: { GO: 'c' } }, b: { on: { GO: 'c' } }, c: {} } }),
    ).toEqual(['m.a#GO[0]']);
  });

  it('are transitions of an event that every state within takes without a guard', () => {
    const on = { GO: { target: '#end' } };
    const states = { x: { on }, y: { on } };
    const config = (inner: object) => ({
      initial: 'a',
      states: { a: { on: { GO: 'end' }, ...inner }, end: { id: 'end' } },
    });
    expect(deadRefs(config({ initial: 'x', states: { x: { on: { ...on, NEXT: 'y' } }, y: { on } } }))).toEqual([
      'm.a#GO[0]',
    ]);
    expect(deadRefs(config({ type: 'parallel', states: { ...states, z: {} } }))).toEqual(['m.a#GO[0]']);
  });

  it('are what follows the end of a state that has no end', () => {
    expect(
      deadRefs({
        initial: 'a',
        states: { a: { initial: 'x', onDone: 'b', states: { x: {}, y: { type: 'final' } } }, b: {} },
      }),
    ).toEqual(['m.a#xstate.done.state.m.a[0]']);
  });

  it.each([
    ['a guard may be false', { a: { on: { GO: [{ guard: () => true, target: 'b' }, { target: 'b' }] } }, b: {} }],
    ['a wildcard takes other events', { a: { on: { GO: 'b', '*': 'b' } }, b: {} }],
    [
      'history may restore it',
      { a: { on: { GO: 'p.h' } }, p: { initial: 'x', states: { x: { on: { N: 'y' } }, y: {}, h: { history: true } } } },
    ],
    [
      'one state within does not take it',
      { a: { initial: 'x', on: { GO: 'b' }, states: { x: { on: { GO: 'y' } }, y: {} } }, b: {} },
    ],
    ['an always stays', { a: { always: { guard: () => true }, on: { GO: 'b' } }, b: {} }],
  ])('are not what may live: %s', (_, states) => {
    const found = dead({ initial: 'a', states });
    expect([[...found.states], [...found.transitions]]).toEqual([[], []]);
  });
});
