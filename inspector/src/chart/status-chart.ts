import type { Chart, ChartState, TransitionRef } from '@synod/protocol';

/** What XState's snapshots say of an actor, whatever it runs. */
type Status = 'active' | 'done' | 'error' | 'stopped';

const ENDS: readonly Status[] = ['done', 'error', 'stopped'];

/** The chart of an actor that runs no machine, a promise for example: its status. */
export function statusChart(id: string): Chart {
  const state = (key: string, rest: Partial<ChartState>): ChartState => ({
    id: `${id}.${key}`,
    key,
    kind: 'final',
    tags: [],
    entry: [],
    exit: [],
    transitions: [],
    states: [],
    ...rest,
  });
  const transitions = ENDS.map((end) => ({
    ref: statusRef(id, end),
    kind: 'event' as const,
    event: end,
    actions: [],
    targets: [`${id}.${end}`],
    reenter: false,
  }));
  const states = [state('active', { kind: 'atomic', transitions }), ...ENDS.map((end) => state(end, {}))];
  return { id, root: { ...state('', { kind: 'compound', states, initial: `${id}.active` }), id, key: id } };
}

/** Whether a chart is one of these, and none that a person drew. */
export const isStatusChart = ({ root: { states } }: Chart): boolean =>
  states.map(({ key }) => key).join() === ['active', ...ENDS].join();

/** The transition by which such an actor came from one status to another, if its chart has one. */
export const statusTransitions = (id: string, before: unknown, after: unknown): readonly TransitionRef[] =>
  before === 'active' && ENDS.some((end) => end === after) ? [statusRef(id, String(after))] : [];

const statusRef = (id: string, end: string): TransitionRef => `${id}.active#${end}[0]`;
