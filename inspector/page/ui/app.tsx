import { DropZone } from '../open/drop-zone.tsx';
import { MANY } from '../state/membership.ts';
import { nodeNames } from '../state/store.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { NodeList } from './node-list.tsx';
import { Pane } from './pane.tsx';
import { StatusBar } from './status-bar.tsx';
import { Tools } from './tools.tsx';
import { TopBar } from './top-bar.tsx';

/** The whole page: nodes to the left, two views beside each other, and below them the time that both show. */
export function App() {
  const classes = ['page', nodeNames.value.length > MANY && 'many'];
  return (
    <div class={classes.filter(Boolean).join(' ')}>
      <TopBar />
      <NodeList />
      <Pane name="middle">
        <Tools />
      </Pane>
      <Pane name="side" />
      <Timeline />
      <StatusBar />
      <DropZone />
      <KeysDialog />
    </div>
  );
}
