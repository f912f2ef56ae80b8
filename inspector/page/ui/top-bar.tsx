import { connected, mainActor, nodeNames, selectedNode } from '../state/store.ts';
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
      {!connected.value && <span class="badge bad">disconnected</span>}
      <span class="space" />
      {selectedNode.value !== undefined && (
        <button
          type="button"
          onClick={() => {
            selectedNode.value = undefined;
          }}
        >
          All nodes
        </button>
      )}
      <button type="button" aria-label="Toggle theme" onClick={toggleTheme}>
        {theme.value === 'dark' ? 'Light' : 'Dark'}
      </button>
    </header>
  );
}
