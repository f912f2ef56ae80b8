import { memo } from 'preact/compat';
import { outerState, shortState, stateWords } from '../../src/chart/active.ts';
import type { NodeControl } from '../../src/world/controls.ts';
import type { NodeView } from '../../src/world/world.ts';
import { actorHue, actorWords } from '../state/actor-words.ts';
import { ask } from '../state/connection.ts';
import { faults, present } from '../state/faults.ts';
import { loneNode } from '../state/lone.ts';
import { groupOf, MANY, marked, marksOffered, toggleMark } from '../state/membership.ts';
import {
  controls,
  mainActorOf,
  nodeNames,
  notice,
  recording,
  selectedNode,
  selectNode,
  world,
} from '../state/store.ts';
import { ActorList } from './actor-list.tsx';

/** Facts shown for a node at most. */
const FACTS = 4;

/** All nodes: what state each is in, and what can be done to it. */
export function NodeList() {
  const lone = loneNode.value === undefined ? undefined : world.value[loneNode.value];
  return (
    <nav class="nodes" aria-label="Nodes">
      <h2>Nodes</h2>
      {nodeNames.value.length === 0 && (
        <p class="empty">{recording.value ? 'Nothing has happened yet.' : 'No process publishes its trace yet.'}</p>
      )}
      <ul>
        {nodeNames.value.map((node) => {
          const view = world.value[node];
          return (
            view && (
              <Node
                key={node}
                view={view}
                selected={selectedNode.value === node}
                paused={faults.value.paused.includes(node)}
                group={groupOf(node)}
                short={nodeNames.value.length > MANY}
              />
            )
          );
        })}
      </ul>
      {lone && <ActorList view={lone} />}
      {notice.value && (
        <p class={notice.value.ok ? 'notice' : 'notice bad'} role="status">
          {notice.value.text}
        </p>
      )}
    </nav>
  );
}

interface NodeProps {
  readonly view: NodeView;
  readonly selected: boolean;
  readonly paused: boolean;
  readonly group: string | undefined;
  /** Whether only a selected node is shown with facts and controls. */
  readonly short: boolean;
}

/** Drawn anew only when something happens on this very node. */
const Node = memo(({ view, selected, paused, group, short }: NodeProps) => {
  const { node, up } = view;
  const actor = mainActorOf(view);
  const running = up && actor?.phase === 'running';
  const held = up && paused;
  const canControl = controls.value.some((control) => control in LABELS);
  const hue = actorHue(actor, up);
  const stateOf = short ? outerState : stateWords;
  const words = held ? 'paused' : actorWords(actor, up, stateOf);
  return (
    <li class={`node ${hue}${selected ? ' selected' : ''}${held ? ' held' : ''}`} data-node={node} data-up={up}>
      <div class="node-line">
        <Mark node={node} />
        <button
          type="button"
          class="node-name"
          aria-pressed={selected}
          onClick={() => selectNode(selected ? undefined : node)}
        >
          <span class="dot" aria-hidden="true" />
          <strong>{node}</strong>
          {group !== undefined && (
            <span class={`group group-${(group.charCodeAt(0) - 65) % 4}`} title={`group ${group} of the partition`}>
              {group}
            </span>
          )}
          <span class="words" title={words}>
            {shortState(words, 20)}
          </span>
        </button>
      </div>
      {running && (!short || selected) && <Facts context={actor.context} />}
      {canControl && !recording.value && (!short || selected) && <NodeControls node={node} up={up} />}
    </li>
  );
});

/** A box to mark a node by, where nodes can be parted. */
function Mark({ node }: { node: string }) {
  if (!marksOffered.value) return null;
  return (
    <input
      type="checkbox"
      aria-label={`Mark ${node}`}
      checked={marked.value.includes(node)}
      onChange={() => toggleMark(node)}
    />
  );
}

function NodeControls({ node, up }: { node: string; up: boolean }) {
  const held = up && present.value.paused.includes(node);
  const canPause = controls.value.includes('pause');
  return (
    <div class="controls">
      <ControlButton what="kill" node={node} possible={up} />
      {canPause && <ControlButton what={held ? 'resume' : 'pause'} node={node} possible={up} />}
      <ControlButton what="restart" node={node} possible={true} />
    </div>
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

const LABELS: Readonly<Record<NodeControl, string>> = {
  kill: 'Kill',
  restart: 'Restart',
  pause: 'Pause',
  resume: 'Resume',
};

function ControlButton({ what, node, possible }: { what: NodeControl; node: string; possible: boolean }) {
  const offered = controls.value.includes(what);
  const title = !offered ? 'This inspector only looks on.' : possible ? `${what} ${node}` : `${node} is down`;
  const label = LABELS[what];
  return (
    <button
      type="button"
      class={what}
      disabled={!offered || !possible}
      title={title}
      aria-label={`${label} ${node}`}
      onClick={() => ask({ control: what, node })}
    >
      {label}
    </button>
  );
}
