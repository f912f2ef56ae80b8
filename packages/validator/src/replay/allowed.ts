import { type Chart, type ChartState, chartOf, type Protocol } from '@synod/protocol';
import type { StateValue } from 'xstate';
import type { Allowed, AllowedTransition } from '../misfit.ts';

/** What the chart of a protocol allows in a state: the transitions of its active states, the innermost first. */
export class ChartTrack {
  readonly chart: Chart;
  readonly #text: string;

  constructor(protocol: Protocol) {
    this.chart = chartOf(protocol.machine);
    this.#text = JSON.stringify(this.chart);
  }

  /** Whether a chart of a trace is this one. */
  is(chart: Chart): boolean {
    return JSON.stringify(chart) === this.#text || sorted(chart) === sorted(this.chart);
  }

  allowed(state: StateValue, timers: Iterable<string>): Allowed {
    const transitions = activeStates(this.chart, state).flatMap((each) => each.transitions.map(brief));
    return { state, transitions, timers: [...timers].sort() };
  }
}

/** The active states of a chart, the innermost first. */
export function activeStates(chart: Chart, value: StateValue): readonly ChartState[] {
  const active: ChartState[] = [];
  collect(chart.root, value, active);
  return active.reverse();
}

function collect(node: ChartState, value: StateValue | undefined, active: ChartState[]): void {
  active.push(node);
  if (value === undefined) return;
  const inner = typeof value === 'string' ? { [value]: undefined } : value;
  for (const child of node.states) if (child.key in inner) collect(child, inner[child.key], active);
}

const brief = ({ ref, kind, event, guard, targets }: ChartState['transitions'][number]): AllowedTransition => ({
  ref,
  kind,
  event,
  ...(guard !== undefined && { guard }),
  targets,
});

/** What a chart tells to readers only, and charts of older traces do not: it makes no other machine. */
const EXPLANATIONS = new Set(['view', 'source', 'delayMs', 'history', 'otherwise', 'invoke', 'output']);

/** A chart whatever the order of the fields in its objects, and whether it explains itself or not. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([key]) => !EXPLANATIONS.has(key))
            .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
        )
      : inner,
  );

/** What is allowed, in a few lines for a person. */
export function describeAllowed({ transitions, timers }: Allowed): string[] {
  const lines = transitions.map(({ kind, event, guard, targets }) => {
    const when = kind === 'after' ? `after ${event}` : kind === 'always' ? 'always' : event;
    const to = targets.length > 0 ? ` → ${targets.join(', ')}` : '';
    return `${when}${guard === undefined ? '' : ` [${guard}]`}${to}`;
  });
  return [...new Set(lines), ...(timers.length > 0 ? [`armed timers: ${timers.join(', ')}`] : [])];
}
