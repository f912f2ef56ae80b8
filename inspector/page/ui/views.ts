import type { ComponentType } from 'preact';
import { lab } from '../state/lab.ts';
import { names } from '../state/membership.ts';
import { chosen, type PaneName } from '../state/panes.ts';
import { verdicts } from '../state/verdicts.ts';
import { EventLog } from '../views/events/event-log.tsx';
import { LabView } from '../views/lab/lab.tsx';
import { hasLogs, Logs } from '../views/logs/logs.tsx';
import { Topology } from '../views/topology/topology.tsx';
import { VerdictsView } from '../views/verdicts/verdicts.tsx';
import { Charts } from './charts.tsx';
import { Members } from './members.tsx';

/** One way to look at the run. It has no selection and no time of its own. */
export interface View {
  readonly id: string;
  readonly title: string;
  readonly panes: readonly PaneName[];
  readonly component: ComponentType;
  /** Whether there is anything that it could show. Default: always. */
  readonly isOffered?: () => boolean;
}

const VIEWS: readonly View[] = [
  { id: 'members', title: 'Members', panes: ['middle'], component: Members, isOffered: () => names.value.length > 0 },
  { id: 'charts', title: 'Charts', panes: ['middle'], component: Charts },
  { id: 'topology', title: 'Topology', panes: ['middle'], component: Topology },
  { id: 'logs', title: 'Logs', panes: ['middle'], component: Logs, isOffered: hasLogs },
  {
    id: 'verdicts',
    title: 'Verdicts',
    panes: ['middle', 'side'],
    component: VerdictsView,
    isOffered: () => verdicts.value !== undefined,
  },
  { id: 'lab', title: 'Lab', panes: ['middle', 'side'], component: LabView, isOffered: () => lab.value !== undefined },
  { id: 'events', title: 'Events', panes: ['side'], component: EventLog },
];

/** The views that a pane offers at present. */
export const offered = (pane: PaneName): readonly View[] =>
  VIEWS.filter(({ panes, isOffered = () => true }) => panes.includes(pane) && isOffered());

/** The view that stands in a pane. */
export function viewIn(pane: PaneName): View | undefined {
  const views = offered(pane);
  return views.find(({ id }) => id === chosen[pane].value) ?? views[0];
}
