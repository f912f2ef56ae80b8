import { useEffect, useRef } from 'preact/hooks';
import { nodeNames, recording, selectedNode, world } from '../state/store.ts';
import { Grid } from '../views/charts/grid.tsx';
import { Large } from '../views/charts/large.tsx';

/** A small chart for every node, or the large one of the node that is selected. */
export function Charts() {
  const node = selectedNode.value;
  const host = useRef<HTMLDivElement>(null);
  useFocusOn(node, host);
  if (nodeNames.value.length === 0) return <Waiting />;
  return (
    <div class="charts" ref={host}>
      {node !== undefined && world.value[node] ? <Large key={node} node={node} /> : <Grid nodes={nodeNames.value} />}
    </div>
  );
}

/** Where what had the focus is gone with the chart it stood in, the chart that takes its place has it. */
function useFocusOn(node: string | undefined, host: { readonly current: HTMLElement | null }): void {
  const before = useRef(node);
  useEffect(() => {
    const left = before.current;
    before.current = node;
    if (left === node || document.activeElement !== document.body) return;
    const to = node === undefined ? `.card[data-node="${CSS.escape(left ?? '')}"]` : '.large';
    host.current?.querySelector<HTMLElement>(to)?.focus({ preventScroll: node !== undefined });
  }, [node]);
}

/** What a person sees who comes before anything else does. */
function Waiting() {
  if (recording.value) return <p class="waiting">Before the first record nothing lives.</p>;
  return (
    <p class="waiting">
      As soon as a process publishes its trace, its chart stands here.
      <br />
      An XState app publishes by one line, <code>createSynodInspector</code>, or by what it has of{' '}
      <code>@statelyai/inspect</code>, with an address that the inspector printed when it started.
      <br />A trace that was saved opens by Open …, or dropped anywhere on the page.
    </p>
  );
}
