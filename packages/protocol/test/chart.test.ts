import { describe, expect, it } from 'vitest';
import { and, assign, not, or, setup } from 'xstate';
import { chartOf } from '../src/index.ts';

describe('a chart', () => {
  const machine = setup({
    guards: { ready: () => true, calm: () => true },
    actions: { beep: assign({}) },
    delays: { soon: 10 },
  }).createMachine({
    id: 'm',
    type: 'parallel',
    states: {
      z: {
        initial: 'two',
        states: {
          two: {
            tags: ['busy'],
            description: 'the first one',
            entry: ['beep', assign({})],
            after: { soon: { target: 'one', description: '§1' } },
            on: {
              GO: [
                { guard: and(['ready', not('calm')]), target: 'one', actions: 'beep' },
                { guard: or(['ready', 'calm']) },
              ],
            },
          },
          one: { always: { guard: 'calm', target: 'end' } },
          end: { type: 'final' },
          back: { type: 'history' },
        },
      },
      a: {},
    },
  });

  it('is plain JSON in document order, with guards and actions as they were written', () => {
    const chart = chartOf(machine);
    expect(JSON.parse(JSON.stringify(chart))).toEqual(chart);
    const [z, a] = chart.root.states;
    expect([chart.root.kind, z?.key, a?.key]).toEqual(['parallel', 'z', 'a']);
    expect(z).toMatchObject({ kind: 'compound', initial: 'm.z.two' });
    expect(z?.states.map(({ key, kind }) => [key, kind])).toEqual([
      ['two', 'atomic'],
      ['one', 'atomic'],
      ['end', 'final'],
      ['back', 'history'],
    ]);
    const [two, one] = z?.states ?? [];
    expect(two).toMatchObject({ tags: ['busy'], description: 'the first one', entry: ['beep', 'assign'] });
    expect(two?.transitions).toEqual([
      {
        ref: 'm.z.two#GO[0]',
        kind: 'event',
        event: 'GO',
        guard: 'ready and not calm',
        actions: ['beep'],
        targets: ['m.z.one'],
        reenter: false,
      },
      {
        ref: 'm.z.two#GO[1]',
        kind: 'event',
        event: 'GO',
        guard: 'ready or calm',
        actions: [],
        targets: [],
        reenter: false,
      },
      {
        ref: 'm.z.two#xstate.after.soon.m.z.two[0]',
        kind: 'after',
        event: 'soon',
        actions: [],
        targets: ['m.z.one'],
        reenter: false,
        description: '§1',
      },
    ]);
    expect(one?.transitions).toMatchObject([{ ref: 'm.z.one#always[0]', kind: 'always', event: '', guard: 'calm' }]);
  });
});
