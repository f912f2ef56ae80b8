import type { RecordingHead } from '../../src/world/wire.ts';
import { OpenButton } from '../open/drop-zone.tsx';
import { closeFile, openedFile } from '../open/open-file.ts';
import { isStandalone, savePage } from '../open/standalone.ts';
import { goToFirstBad } from '../state/first-bad.ts';
import { showsKeys } from '../state/keys.ts';
import { loneNode } from '../state/lone.ts';
import { connected, loading, mainActor, nodeNames, recording, selectedNode, selectNode } from '../state/store.ts';
import { theme, toggleTheme } from '../state/theme.ts';

/** The name of what is watched, the way back to all nodes, and the theme. */
export function TopBar() {
  const said = recording.value?.about.protocol;
  const protocol = typeof said === 'string' ? said : protocolOfMost(nodeNames.value);
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
          {protocol} · {nodeNames.value.length} {nodeNames.value.length === 1 ? 'node' : 'nodes'}
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
          {loneNode.value === undefined ? 'All nodes' : 'All actors'}
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
      <ThemeButton />
    </header>
  );
}

function ThemeButton() {
  const other = theme.value === 'dark' ? 'Light' : 'Dark';
  return (
    <button type="button" aria-label={`${other} theme`} title="The other theme (t)" onClick={toggleTheme}>
      {other}
    </button>
  );
}

/** What most nodes run: of servers and their clients, or of a coordinator and its participants, one is named. */
function protocolOfMost(nodes: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const protocol = mainActor(node)?.protocol;
    if (protocol !== undefined) counts.set(protocol, (counts.get(protocol) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
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
        <button
          type="button"
          class="badge bad verdict"
          title={`${verdict}\nGo to the first bad step`}
          onClick={goToFirstBad}
        >
          {verdict}
        </button>
      )}
    </>
  );
}
