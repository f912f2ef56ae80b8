import { Charts } from './charts.tsx';
import { EventLog } from './event-log.tsx';
import { NodeList } from './node-list.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';

/** The whole page: nodes to the left, charts in the middle, the log to the right. */
export function App() {
  return (
    <div class="page">
      <TopBar />
      <NodeList />
      <Charts />
      <EventLog />
      <StatusBar />
    </div>
  );
}
