import type { ComponentType } from 'preact';
import { names } from '../state/membership.ts';
import { chosen, type PaneName } from '../state/panes.ts';
import { EventLog } from '../views/events/event-log.tsx';
import { SpaceTimeView } from '../views/spacetime/spacetime-view.tsx';
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
  { id: 'events', title: 'Events', panes: ['side'], component: EventLog },
  { id: 'spacetime', title: 'Space–time', panes: ['side', 'middle'], component: SpaceTimeView },
];

/** The views that a pane offers at present. */
export const offered = (pane: PaneName): readonly View[] =>
  VIEWS.filter(({ panes, isOffered = () => true }) => panes.includes(pane) && isOffered());

/** The view that stands in a pane. */
export function viewIn(pane: PaneName): View | undefined {
  const views = offered(pane);
  return views.find(({ id }) => id === chosen[pane].value) ?? views[0];
}
