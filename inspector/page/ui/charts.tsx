import { memo } from 'preact/compat';
import type { ActorView } from '../../src/world/world.ts';
import { hueOf, stateWords } from '../chart/active.ts';
import { mainActor, nodeNames, selectActor, selectedActor, selectedNode, selectNode, world } from '../state/store.ts';
import { ChartView } from './chart-view.tsx';

/** A small chart for every node, or the large one of the node that is selected. */
export function Charts() {
  const node = selectedNode.value;
  return (
    <div class="charts">
      {node !== undefined && world.value[node] ? (
        <Large node={node} />
      ) : (
        <div class="grid">
          {nodeNames.value.map((name) => {
            const actor = mainActor(name);
            const running = (world.value[name]?.up ?? false) && actor?.phase === 'running';
            return actor && <Small key={name} node={name} actor={actor} running={running} />;
          })}
        </div>
      )}
    </div>
  );
}

interface SmallProps {
  readonly node: string;
  readonly actor: ActorView;
  readonly running: boolean;
}

/** Drawn anew only when something happens on its own node. */
const Small = memo(({ node, actor, running }: SmallProps) => (
  <button
    type="button"
    class={`card ${running ? `hue-${hueOf(actor.chart, actor.state)}` : 'hue-down'}`}
    data-node={node}
    onClick={() => selectNode(node)}
  >
    <span class="card-title">
      <span class="dot" aria-hidden="true" />
      <strong>{node}</strong>
      <span class="words">{running ? stateWords(actor.state) : 'down'}</span>
    </span>
    <ChartView actor={actor} detail="compact" running={running} />
  </button>
));

function Large({ node }: { node: string }) {
  const actors = Object.values(world.value[node]?.actors ?? {});
  const actor = actors.find(({ address }) => address === selectedActor.value) ?? actors[0];
  if (!actor) return <p class="empty">No actor lives on {node}.</p>;
  const running = (world.value[node]?.up ?? false) && actor.phase === 'running';
  return (
    <section
      class={`large ${running ? `hue-${hueOf(actor.chart, actor.state)}` : 'hue-down'}`}
      data-node={node}
      aria-label={`Chart of ${actor.address}`}
    >
      <div class="card-title">
        <span class="dot" aria-hidden="true" />
        <strong>{actor.address}</strong>
        <span class="words">{running ? stateWords(actor.state) : 'down'}</span>
        {actors.length > 1 && (
          <select aria-label="Actor" value={actor.address} onChange={(event) => selectActor(event.currentTarget.value)}>
            {actors.map(({ address }) => (
              <option key={address}>{address}</option>
            ))}
          </select>
        )}
      </div>
      <ChartView actor={actor} detail="full" running={running} />
    </section>
  );
}
