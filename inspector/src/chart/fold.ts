import type { Chart, ChartState, ChartTransition, TransitionRef } from '@synod/protocol';

/** What is in a state that is drawn without its inside. */
export interface Folded {
  readonly states: number;
  /** Transitions that lead from within to within, and so have no picture. */
  readonly refs: readonly TransitionRef[];
}

/**
 * The chart as it looks with the states `ids` folded: what leads into them from outside ends at them, what leaves them from within begins at
 * them. The outermost state is never folded.
 */
export function fold(chart: Chart, ids: ReadonlySet<string>): { chart: Chart; folded: Map<string, Folded> } {
  const shownAs = new Map<string, string>();
  const visit = (state: ChartState, as: string | undefined, isRoot: boolean): void => {
    if (as !== undefined) shownAs.set(state.id, as);
    const own = as ?? (!isRoot && ids.has(state.id) && state.states.length > 0 ? state.id : undefined);
    for (const child of state.states) visit(child, own, false);
  };
  visit(chart.root, undefined, true);
  const folded = new Map<string, Folded>();
  const toward = (transition: ChartTransition): ChartTransition => ({
    ...transition,
    targets: [...new Set(transition.targets.map((id) => shownAs.get(id) ?? id))],
  });
  const shown = (state: ChartState, isRoot: boolean): ChartState => {
    const own = state.transitions.map(toward);
    if (isRoot || !ids.has(state.id) || state.states.length === 0)
      return { ...state, transitions: own, states: state.states.map((child) => shown(child, false)) };
    const within = descendants(state);
    const inner = within.flatMap(({ transitions }) => transitions);
    const leaving = inner.filter(({ targets }) => targets.some((id) => shownAs.get(id) !== state.id));
    const refs = inner.filter((transition) => !leaving.includes(transition)).map(({ ref }) => ref);
    folded.set(state.id, { states: within.length, refs });
    return { ...state, transitions: [...own, ...leaving.map(toward)], states: [] };
  };
  return { chart: { ...chart, root: shown(chart.root, true) }, folded };
}

const descendants = (state: ChartState): ChartState[] =>
  state.states.flatMap((child) => [child, ...descendants(child)]);
