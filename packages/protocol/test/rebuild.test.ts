import { describe, expect, it } from 'vitest';
import { and, assign, createActor, fromCallback, fromPromise, not, setup } from 'xstate';
import { type Chart, type ChartState, type ChartTransition, chartOf } from '../src/chart.ts';
import { type PartConfig, rebuildMachine, type TransitionPlace } from '../src/open/rebuild.ts';

const isBig = ({ context }: { context: { n: number } }): boolean => context.n > 1;
const inline = fromCallback(() => {});

const machine = setup({
  types: { context: {} as { n: number } },
  actors: { fetch: fromPromise(async () => 1) },
  guards: { big: isBig, never: () => false },
  actions: { ping: () => {} },
  delays: { soon: 10 },
}).createMachine({
  id: 'all',
  context: { n: 0 },
  initial: 'a',
  entry: 'ping',
  states: {
    a: {
      entry: [assign({ n: ({ context }) => context.n + 1 }), 'ping'],
      exit: 'ping',
      on: {
        GO: 'b',
        MAYBE: [{ guard: isBig, target: 'b' }, { guard: and(['big', not('never')]) }, 'c'],
        NO: undefined,
      },
      after: { 10: 'b', soon: [{ guard: 'big', target: 'c' }, { target: 'b' }] },
      always: { guard: ({ context }) => context.n > 100, target: 'c' },
    },
    b: {
      invoke: [
        { src: 'fetch', onDone: 'c', onError: { actions: 'ping' } },
        { src: inline, onSnapshot: { actions: 'ping' } },
        { src: 'fetch', id: 'named', onDone: [{ guard: 'big', target: 'a' }, { target: 'c' }] },
      ],
      initial: 'x',
      states: { x: { on: { END: 'y', 'END.*': 'y' } }, y: { type: 'final' }, h: { type: 'history', target: 'x' } },
      onDone: 'c',
    },
    c: { id: 'far', type: 'final', route: {} },
  },
  on: { '*': { actions: 'ping' } },
});

function* transitionsOf(state: ChartState): Generator<ChartTransition> {
  yield* state.transitions;
  for (const child of state.states) yield* transitionsOf(child);
}
const all = (chart: Chart): ChartTransition[] => [...transitionsOf(chart.root)];
const isTransition = ({ event }: ChartTransition): boolean => !event.startsWith('xstate.route');

const places = (): TransitionPlace[] => {
  const found: TransitionPlace[] = [];
  rebuildMachine(machine, {
    transition: (config, place) => {
      found.push(place);
      return config;
    },
  });
  return found;
};

describe('a rebuilt machine', () => {
  it('is the same machine where nothing is changed', () => {
    const same = rebuildMachine(machine, {
      transition: (config) => config,
      actions: (each) => each,
      state: (each) => each,
    });
    expect(chartOf(same)).toEqual(chartOf(machine));
    expect(same.config).toEqual(machine.config);
    expect(same.implementations).toEqual(machine.implementations);
    expect(createActor(same).start().getSnapshot().value).toBe('a');
  });

  it('keeps functions by identity', () => {
    const same = rebuildMachine(machine, { transition: (config) => ({ ...config }) });
    const { a, b } = same.config.states as unknown as Record<
      string,
      { on?: { MAYBE: { guard: unknown }[] }; invoke?: { src: unknown }[] }
    >;
    expect(a?.on?.MAYBE[0]?.guard).toBe(isBig);
    expect(b?.invoke?.[1]?.src).toBe(inline);
  });

  it('names each transition as its chart does, once', () => {
    expect(
      places()
        .map(({ ref }) => ref)
        .sort(),
    ).toEqual(
      all(chartOf(machine))
        .map(({ ref }) => ref)
        .sort(),
    );
  });

  it.each(places())('loses $ref alone where that is dropped', ({ ref }) => {
    const fewer = rebuildMachine(machine, { transition: (config, place) => (place.ref === ref ? undefined : config) });
    const without = (each: ChartTransition): string =>
      JSON.stringify({ ...each, ref: each.ref.replace(/\[\d+\]$/, '') });
    const before = all(chartOf(machine));
    expect(all(chartOf(fewer)).map(without)).toEqual(before.filter((each) => each.ref !== ref).map(without));
  });

  it('goes where a transition was changed to', () => {
    const other = rebuildMachine(machine, {
      transition: (config, { ref }) => (ref === 'all.a#GO[0]' ? { ...config, target: '#far' } : config),
    });
    const actor = createActor(other).start();
    actor.send({ type: 'GO' });
    expect(actor.getSnapshot().value).toBe('c');
  });

  it('leaves the given machine as it is', () => {
    const before = JSON.stringify(chartOf(machine));
    rebuildMachine(machine, { transition: () => undefined, actions: () => [], invoke: () => undefined });
    expect(JSON.stringify(chartOf(machine))).toBe(before);
  });

  it('drops actors, and keeps the ids that XState made up for others', () => {
    const fewer = rebuildMachine(machine, { invoke: (config, { index }) => (index === 0 ? undefined : config) });
    const b = chartOf(fewer).root.states.find(({ key }) => key === 'b');
    expect(b?.transitions.map(({ event }) => event)).toEqual([
      'xstate.done.state.all.b',
      'xstate.snapshot.1.all.b',
      'xstate.done.actor.named',
      'xstate.done.actor.named',
    ]);
    const actor = createActor(fewer).start();
    actor.send({ type: 'GO' });
    expect(Object.keys(actor.getSnapshot().children).sort()).toEqual(['1.all.b', 'named']);
  });

  it('has other entry and exit actions, delays and states where asked', () => {
    const changed = rebuildMachine(machine, {
      actions: (actions, { state, of }) => (state === 'all.a' && of === 'entry' ? actions.slice(1) : actions),
      delay: (delay) => (delay === '10' ? 20 : delay),
      state: (config, state): PartConfig => (state === 'all.b' ? { ...config, initial: 'y' } : config),
    });
    const [a, b] = chartOf(changed).root.states;
    expect(a?.entry).toEqual(['ping']);
    expect(a?.exit).toEqual(['ping']);
    expect(a?.transitions.filter(({ kind }) => kind === 'after').map(({ event }) => event)).toEqual([
      '20',
      'soon',
      'soon',
    ]);
    expect(b?.initial).toBe('all.b.y');
    expect(all(chartOf(changed)).filter(isTransition)).toHaveLength(all(chartOf(machine)).filter(isTransition).length);
  });
});
