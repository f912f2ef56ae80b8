import { hueOf, stateWords } from '../chart/active.ts';
import { control } from '../state/connection.ts';
import { controls, mainActor, nodeNames, notice, recording, selectedNode, world } from '../state/store.ts';

/** Facts shown for a node at most. */
const FACTS = 4;

/** All nodes: what state each is in, and what can be done to it. */
export function NodeList() {
  return (
    <nav class="nodes" aria-label="Nodes">
      <h2>Nodes</h2>
      {nodeNames.value.length === 0 && (
        <p class="empty">{recording.value ? 'Nothing has happened yet.' : 'No process publishes its trace yet.'}</p>
      )}
      <ul>
        {nodeNames.value.map((node) => (
          <Node key={node} node={node} />
        ))}
      </ul>
      {notice.value && (
        <p class={notice.value.ok ? 'notice' : 'notice bad'} role="status">
          {notice.value.text}
        </p>
      )}
    </nav>
  );
}

function Node({ node }: { node: string }) {
  const up = world.value[node]?.up ?? false;
  const actor = mainActor(node);
  const running = up && actor?.phase === 'running';
  const hue = running ? `hue-${hueOf(actor.chart, actor.state)}` : 'hue-down';
  const selected = selectedNode.value === node;
  const words = !up ? 'down' : running ? stateWords(actor.state) : (actor?.phase ?? 'starting');
  return (
    <li class={`node ${hue}${selected ? ' selected' : ''}`} data-node={node} data-up={up}>
      <button
        type="button"
        class="node-name"
        aria-pressed={selected}
        onClick={() => {
          selectedNode.value = selected ? undefined : node;
        }}
      >
        <span class="dot" aria-hidden="true" />
        <strong>{node}</strong>
        <span class="words">{words}</span>
      </button>
      {running && <Facts context={actor.context} />}
      {!recording.value && (
        <div class="controls">
          <ControlButton what="kill" node={node} possible={up} />
          <ControlButton what="restart" node={node} possible={true} />
        </div>
      )}
    </li>
  );
}

const isFact = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && value.length <= 12);

/** The first numbers and short texts of a context, whatever the protocol calls them. */
function Facts({ context }: { context: Readonly<Record<string, unknown>> }) {
  const facts = Object.entries(context)
    .filter(([, value]) => isFact(value))
    .slice(0, FACTS);
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function ControlButton({ what, node, possible }: { what: 'kill' | 'restart'; node: string; possible: boolean }) {
  const offered = controls.value.includes(what);
  const title = !offered
    ? 'This inspector only looks on.'
    : possible
      ? `${what} the process of ${node}`
      : `${node} is down`;
  const label = what === 'kill' ? 'Kill' : 'Restart';
  return (
    <button
      type="button"
      class={what}
      disabled={!offered || !possible}
      title={title}
      aria-label={`${label} ${node}`}
      onClick={() => control(what, node)}
    >
      {label}
    </button>
  );
}
