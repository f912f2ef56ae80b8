import { nodeNames, selectedNode, world } from '../state/store.ts';
import { Grid } from '../views/charts/grid.tsx';
import { Large } from '../views/charts/large.tsx';

/** A small chart for every node, or the large one of the node that is selected. */
export function Charts() {
  const node = selectedNode.value;
  return (
    <div class="charts">
      {node !== undefined && world.value[node] ? <Large key={node} node={node} /> : <Grid nodes={nodeNames.value} />}
    </div>
  );
}
