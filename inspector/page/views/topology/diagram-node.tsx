import { outerState, shortState, stateWords } from '../../../src/chart/active.ts';
import { actorHue, actorWords } from '../../state/actor-words.ts';
import { faults } from '../../state/faults.ts';
import { isByActor, loneNode, shortAddress } from '../../state/lone.ts';
import { groupOf, marked, marksOffered, toggleMark } from '../../state/membership.ts';
import { mainActor, world } from '../../state/store.ts';
import type { Places, Point } from './geometry.ts';
import { choose, drawn, pointedAt, selected } from './state.ts';

/** Nodes up to which each has its state in words below its name. */
const WITH_WORDS = 24;

interface NodeProps {
  readonly node: string;
  readonly places: Places;
  /** Whether the Tab key comes here first. */
  readonly isFirst: boolean;
  /** On which side of a line that is drawn. */
  readonly side: 0 | 1 | undefined;
}

/** A node, or an actor: a disc in the colour of its state, its name outside of the circle, its state in words. */
export function DiagramNode({ node, places, isFirst, side }: NodeProps) {
  const at = places.at.get(node);
  if (!at) return null;
  const { hue, words } = stateOf(node);
  const group = side === undefined ? groupOf(node) : 'AB'[side];
  const rate = faults.value.rates[node];
  const facts = [words, group && `group ${group}`, rate !== undefined && `clock ×${rate}`].filter(Boolean);
  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG has no buttons
    <g
      class={classOf(node, hue, words, group)}
      role="button"
      tabindex={isFirst ? 0 : -1} // In SVG, attributes are as they are written.
      aria-pressed={selected.value === node}
      aria-label={`${shortAddress(node)}: ${facts.join(', ')}`}
      data-node={node}
      onClick={(event) => {
        if (marksOffered.value && (event.ctrlKey || event.metaKey || event.shiftKey)) toggleMark(node);
        else choose(node);
      }}
      onPointerEnter={() => point(node)}
      onFocusIn={() => point(node)}
    >
      <circle class="halo" cx={at.x} cy={at.y} r={places.radius + 5} />
      <circle class="disc" cx={at.x} cy={at.y} r={places.radius} />
      {places.radius >= 14 && group !== undefined && (
        <text class="letter" x={at.x} y={at.y}>
          {group}
        </text>
      )}
      <Name node={node} at={at} places={places} words={[words, rate !== undefined && `clock ×${rate}`]} />
    </g>
  );
}

/** The name beside its disc, outside of the circle; below it what there is to say. */
function Name(props: { node: string; at: Point; places: Places; words: readonly (string | false)[] }) {
  const { node, at, places } = props;
  const [dx, dy] = [at.x - places.centre.x, at.y - places.centre.y];
  const length = Math.hypot(dx, dy) || 1;
  const away = places.radius + 9;
  const x = at.x + (dx / length) * away;
  const y = at.y + (length === 1 ? away + 6 : (dy / length) * away);
  const anchor = Math.abs(dx) / length < 0.35 ? 'middle' : dx > 0 ? 'start' : 'end';
  const words = drawn.value.length > WITH_WORDS ? [] : props.words.filter((word) => word !== false);
  // Above the circle the lines grow upwards.
  const first = dy / length < -0.35 ? y - words.length * 14 : dy / length > 0.35 ? y + 8 : y - words.length * 6;
  return (
    <text class="name" x={x} y={first} text-anchor={anchor}>
      <tspan class="node-label">{shortAddress(node)}</tspan>
      {words.map((word) => (
        <tspan key={word} class="state-label" x={x} dy="14">
          {word}
        </tspan>
      ))}
    </text>
  );
}

/** The state of a node, or an actor, in a colour and a word. */
function stateOf(node: string): { readonly hue: string; readonly words: string } {
  const view = world.value[isByActor.value ? (loneNode.value ?? '') : node];
  const actor = isByActor.value ? view?.actors[node] : mainActor(node);
  if (!view?.up) return { hue: 'hue-down', words: 'down' };
  if (faults.value.paused.includes(node)) return { hue: 'held', words: 'paused' };
  const words = actorWords(actor, view.up, briefly);
  return { hue: actorHue(actor, view.up), words };
}

/** About so many characters have room beside a disc. */
const MOST_CHARACTERS = 12;

/** The outermost state; of several at once, the innermost ones. */
const briefly = (state: unknown): string =>
  Object.keys(typeof state === 'object' ? (state ?? {}) : {}).length > 1
    ? shortState(stateWords(state), MOST_CHARACTERS)
    : outerState(state);

function classOf(node: string, hue: string, words: string, group: string | undefined): string {
  const classes = [
    'topology-node',
    hue,
    words === 'down' && 'down',
    selected.value === node && 'selected',
    marked.value.includes(node) && 'marked',
    group !== undefined && `in-group group-${(group.charCodeAt(0) - 65) % 4}`,
  ];
  return classes.filter(Boolean).join(' ');
}

function point(node: string): void {
  pointedAt.value = { node };
}
