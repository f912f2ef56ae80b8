import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { openedFile } from '../open/open-file.ts';
import { isStandalone } from '../open/standalone.ts';
import { connected, controls, nodeNames, received, recording, skipped, world } from '../state/store.ts';

/** Whether all is well with the watching itself. */
export function StatusBar() {
  const rate = useSignal(0);
  useEffect(() => {
    let last = received.value;
    const timer = setInterval(() => {
      rate.value = received.value - last;
      last = received.value;
    }, 1_000);
    return () => clearInterval(timer);
  }, []);
  const up = nodeNames.value.filter((node) => world.value[node]?.up).length;
  return (
    <footer class="status-bar">
      {openedFile.value || isStandalone ? (
        <span>{openedFile.value?.name ?? 'one file, without a server'}</span>
      ) : (
        <span class={connected.value ? 'good' : 'bad'}>
          {connected.value ? 'connected' : 'disconnected; trying again'}
        </span>
      )}
      <span>
        {up} of {nodeNames.value.length} {nodeNames.value.length === 1 ? 'node' : 'nodes'} up
      </span>
      <span>{received.value.toLocaleString('en')} records</span>
      {!recording.value && <span>{rate.value.toLocaleString('en')} a second</span>}
      {connected.value && !recording.value && controls.value.length === 0 && (
        <span title="Nothing can be done to what is watched: who watches it, or the address of this page, permits nothing.">
          only looks on
        </span>
      )}
      {skipped.value > 0 && (
        <span class="bad">{skipped.value.toLocaleString('en')} skipped: this page was too slow</span>
      )}
    </footer>
  );
}
