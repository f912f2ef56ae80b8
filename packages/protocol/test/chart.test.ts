import { describe, expect, it } from 'vitest';
import { and, assign, fromCallback, not, or, setup } from 'xstate';
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
        delayMs: 10,
        actions: [],
        targets: ['m.z.one'],
        reenter: false,
        description: '§1',
      },
    ]);
    expect(one?.transitions).toMatchObject([{ ref: 'm.z.one#always[0]', kind: 'always', event: '', guard: 'calm' }]);
  });

  it('tells of history, actors, delays in milliseconds, outputs and sources, and leaves out what is not there', () => {
    const chart = chartOf(
      setup({ delays: { soon: 10, later: () => 20 }, actors: { worker: fromCallback(() => {}) } }).createMachine({
        id: 'm',
        initial: 'a',
        states: {
          a: {
            meta: { source: 'https://example.org/paper#5.2' },
            invoke: [{ src: 'worker', id: 'w' }, { src: fromCallback(() => {}) }],
            after: { soon: { target: 'b', meta: { source: '§5.2' } }, later: 'b', 30: 'b' },
            initial: 'one',
            states: {
              one: {},
              two: { states: { three: {} }, initial: 'three' },
              last: { type: 'history', target: 'two.three' },
              deep: { type: 'history', history: 'deep', target: '#m.b' },
              bare: { type: 'history', history: 'deep' },
            },
          },
          b: { type: 'final', output: () => 1, meta: { source: 7 } },
        },
      }),
    );
    expect(JSON.parse(JSON.stringify(chart))).toEqual(chart);
    const [a, b] = chart.root.states;
    expect(a).toMatchObject({
      source: 'https://example.org/paper#5.2',
      invoke: [
        { id: 'w', src: 'worker' },
        { id: '1.m.a', src: '(inline)' },
      ],
    });
    const byEvent = new Map(a?.transitions.map((each) => [each.event, each]));
    expect(byEvent.get('soon')).toMatchObject({ delayMs: 10, source: '§5.2' });
    expect(byEvent.get('later')).not.toHaveProperty('delayMs');
    expect(byEvent.get('30')).toMatchObject({ delayMs: 30 });
    const [one, , ...histories] = a?.states ?? [];
    expect(histories.map(({ history, otherwise }) => [history, otherwise])).toEqual([
      ['shallow', ['m.a.two.three']],
      ['deep', ['m.b']],
      ['deep', undefined],
    ]);
    expect(b).toMatchObject({ kind: 'final', output: true });
    expect(b).not.toHaveProperty('source');
    for (const field of ['history', 'otherwise', 'invoke', 'output', 'source']) expect(one).not.toHaveProperty(field);
  });
});
