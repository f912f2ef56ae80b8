import type { Chart, ChartState } from '@synod/protocol';

// Parts that a chart may have, and that charts of older traces have not.

/** An actor that lives as long as a state. */
interface Invoke {
  readonly id: string;
  readonly src: string;
}

type Parts = ChartState & { readonly history?: 'shallow' | 'deep'; readonly invoke?: readonly Invoke[] };

/** Of a history state: its kind; undefined where the chart does not say. */
export const historyOf = (state: ChartState): 'shallow' | 'deep' | undefined => (state as Parts).history;

/** The actors that a state invokes; none where the chart does not say. */
export const invokesOf = (state: ChartState): readonly Invoke[] => (state as Parts).invoke ?? [];

/** All states of a chart, outer ones before inner ones. */
export function* statesOf({ root }: Chart): Generator<ChartState> {
  yield root;
  yield* below(root);
}

/** All states inside of a state, outer ones before inner ones. */
export function* below({ states }: ChartState): Generator<ChartState> {
  for (const state of states) {
    yield state;
    yield* below(state);
  }
}
