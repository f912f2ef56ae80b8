import type { ComponentType } from 'preact';
import type { Picture } from '../pictures/picture.ts';
import { lab } from '../state/lab.ts';
import { names } from '../state/membership.ts';
import { chosen, type PaneName } from '../state/panes.ts';
import { verdicts } from '../state/verdicts.ts';
import { chartPicture } from '../views/charts/picture.ts';
import { EventLog } from '../views/events/event-log.tsx';
import { LabView } from '../views/lab/lab.tsx';
import { hasLogs, hasQuorumsOnly, Logs, QuorumsView } from '../views/logs/logs.tsx';
import { SpaceTimeView, spacetimePicture } from '../views/spacetime/spacetime-view.tsx';
import { StateView } from '../views/state/state-view.tsx';
import { StatisticsView } from '../views/statistics/statistics-view.tsx';
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
  /** What it draws itself, for a file; without it, or where that is undefined, a picture shows the view as it stands in its pane. */
  readonly picture?: () => Picture | undefined;
  /** Whether there is anything that it could show. Default: always. */
  readonly isOffered?: () => boolean;
}

const VIEWS: readonly View[] = [
  { id: 'members', title: 'Members', panes: ['middle'], component: Members, isOffered: () => names.value.length > 0 },
  { id: 'charts', title: 'Charts', panes: ['middle'], component: Charts, picture: chartPicture },
  { id: 'topology', title: 'Topology', panes: ['middle'], component: Topology },
  { id: 'logs', title: 'Logs', panes: ['middle'], component: Logs, isOffered: hasLogs },
  { id: 'quorums', title: 'Quorums', panes: ['middle'], component: QuorumsView, isOffered: hasQuorumsOnly },
  {
    id: 'verdicts',
    title: 'Verdicts',
    panes: ['middle', 'side'],
    component: VerdictsView,
    isOffered: () => verdicts.value !== undefined,
  },
  { id: 'lab', title: 'Lab', panes: ['middle', 'side'], component: LabView, isOffered: () => lab.value !== undefined },
  { id: 'events', title: 'Events', panes: ['side', 'middle'], component: EventLog },
  {
    id: 'spacetime',
    title: 'Space–time',
    panes: ['side', 'middle'],
    component: SpaceTimeView,
    picture: spacetimePicture,
  },
  { id: 'state', title: 'State', panes: ['side', 'middle'], component: StateView },
  { id: 'statistics', title: 'Statistics', panes: ['side', 'middle'], component: StatisticsView },
];

/** What stands in the side pane until a person chooses. */
const BESIDE = 'events';

/** The views that a pane offers at present. What stands in the middle is not offered beside it. */
export function offered(pane: PaneName): readonly View[] {
  const middle = pane === 'side' ? viewIn('middle') : undefined;
  return VIEWS.filter((view) => view.panes.includes(pane) && view !== middle && (view.isOffered?.() ?? true));
}

/** The view that stands in a pane. */
export function viewIn(pane: PaneName): View | undefined {
  const views = offered(pane);
  const find = (id: string | undefined) => views.find((view) => view.id === id);
  return find(chosen[pane].value) ?? (pane === 'side' ? find(BESIDE) : undefined) ?? views[0];
}
