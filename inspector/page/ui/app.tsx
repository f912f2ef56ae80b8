import { recording } from '../state/store.ts';
import { Charts } from './charts.tsx';
import { EventLog } from './event-log.tsx';
import { NodeList } from './node-list.tsx';
import { Player } from './player.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';

/** The whole page: nodes to the left, charts in the middle, the log to the right; below, the place in a recording. */
export function App() {
  return (
    <div class={recording.value ? 'page recorded' : 'page'}>
      <TopBar />
      <NodeList />
      <Charts />
      <EventLog />
      <Player />
      <StatusBar />
    </div>
  );
}
