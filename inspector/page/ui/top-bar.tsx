import type { RecordingHead } from '../../src/world/wire.ts';
import { OpenButton } from '../open/drop-zone.tsx';
import { closeFile, openedFile } from '../open/open-file.ts';
import { isStandalone, savePage } from '../open/standalone.ts';
import { showsKeys } from '../state/keys.ts';
import { connected, loading, mainActor, nodeNames, recording, selectedNode, selectNode } from '../state/store.ts';
import { theme, toggleTheme } from '../state/theme.ts';

/** The name of what is watched, the way back to all nodes, and the theme. */
export function TopBar() {
  const protocol = nodeNames.value.map((node) => mainActor(node)?.protocol).find((name) => name !== undefined);
  return (
    <header class="top-bar">
      <h1>
        <svg class="logo" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 1 15 8 8 15 1 8Z" />
        </svg>
        inspector
      </h1>
      {protocol && (
        <span class="badge">
          {protocol} · {nodeNames.value.length} nodes
        </span>
      )}
      {recording.value && <Recorded head={recording.value} />}
      {!connected.value && !openedFile.value && !isStandalone && <span class="badge bad">disconnected</span>}
      {openedFile.value && loading.value && (
        <progress aria-label={`Reading ${openedFile.value.name}`} max={1} value={openedFile.value.share} />
      )}
      <span class="space" />
      {selectedNode.value !== undefined && (
        <button type="button" onClick={() => selectNode(undefined)}>
          All nodes
        </button>
      )}
      {openedFile.value && (
        <button type="button" onClick={closeFile}>
          Close file
        </button>
      )}
      <OpenButton />
      <button type="button" onClick={() => void savePage()}>
        Save page
      </button>
      <button
        type="button"
        aria-label="Keys"
        title="All keys (?)"
        onClick={() => {
          showsKeys.value = true;
        }}
      >
        ?
      </button>
      <button type="button" aria-label="Toggle theme" onClick={toggleTheme}>
        {theme.value === 'dark' ? 'Light' : 'Dark'}
      </button>
    </header>
  );
}

/** What a recording is of, and what it shows. */
function Recorded({ head: { about, verdict } }: { head: RecordingHead }) {
  const facts = Object.entries(about).filter(([, value]) => ['string', 'number'].includes(typeof value));
  const title = facts.map(([name, value]) => `${name}: ${value}`).join('\n');
  const short = facts.filter(([name]) => ['file', 'model', 'simulation', 'mutant', 'seed'].includes(name));
  return (
    <>
      <span class="badge about" title={title}>
        {short.map(([name, value]) => (name === 'file' ? value : `${name} ${value}`)).join(' · ')}
      </span>
      {verdict && (
        <span class="badge bad verdict" title={verdict}>
          {verdict}
        </span>
      )}
    </>
  );
}
