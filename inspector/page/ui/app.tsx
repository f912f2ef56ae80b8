import { MANY } from '../state/membership.ts';
import { nodeNames, recording } from '../state/store.ts';
import { EventLog } from './event-log.tsx';
import { Middle } from './middle.tsx';
import { NodeList } from './node-list.tsx';
import { Player } from './player.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';

/** The whole page: nodes to the left, members or charts in the middle, the log to the right; below, the place in a recording. */
export function App() {
  const classes = ['page', recording.value && 'recorded', nodeNames.value.length > MANY && 'many'];
  return (
    <div class={classes.filter(Boolean).join(' ')}>
      <TopBar />
      <NodeList />
      <Middle />
      <EventLog />
      <Player />
      <StatusBar />
    </div>
  );
}
