import type { Chart, ChartState } from '@synod/protocol';

const OF_ACTOR = /^(xstate\.(?:done|error)\.actor\.|xstate\.snapshot\.)(.+)$/;

/** The chart with actors called by their logic where nobody gave them an id: XState's own ids, `0.paying`, tell a reader nothing. */
export function withActorNames(chart: Chart): Chart {
  const names = new Map<string, string>();
  const collect = (state: ChartState): void => {
    for (const [index, { id, src }] of (state.invoke ?? []).entries())
      if (id === `${index}.${state.id}` && src !== '(inline)') names.set(id, src);
    state.states.forEach(collect);
  };
  collect(chart.root);
  if (names.size === 0) return chart;
  const named = (state: ChartState): ChartState => ({
    ...state,
    transitions: state.transitions.map((transition) => {
      const [, before = '', id = ''] = OF_ACTOR.exec(transition.event) ?? [];
      const name = names.get(id);
      return name === undefined ? transition : { ...transition, event: `${before}${name}` };
    }),
    states: state.states.map(named),
  });
  return { ...chart, root: named(chart.root) };
}
