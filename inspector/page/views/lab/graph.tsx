import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { LabGraph, LabState } from '../../../src/world/lab.ts';
import { askLab } from '../../state/lab.ts';
import { type Layers, layersOf, neighbour, type PlacedState } from './layers.ts';

/** How small the drawing may get to fit into its room. */
const LEAST = 0.6;

interface GraphProps {
  readonly graph: LabGraph;
  /** The state that the page shows; undefined within a step. */
  readonly current: number | undefined;
}

/** A small model whole: each state once, with the one that is shown marked. A click goes there by a shortest run. */
export function Graph({ graph, current }: GraphProps) {
  const layers = useMemo(() => layersOf(graph), [graph]);
  const focused = useSignal(0);
  const host = useRef<SVGSVGElement>(null);
  useEffect(() => {
    if (current === undefined) return;
    focused.value = current;
    host.current?.querySelector(`[data-state="${current}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  const visit = (state: number) => askLab({ ask: 'visit', state });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') visit(focused.value);
    else {
      const next = neighbour(layers, focused.value, event.key);
      if (next === undefined) return;
      focused.value = next;
      host.current?.querySelector<SVGGElement>(`[data-state="${next}"]`)?.focus();
    }
    event.preventDefault();
  };
  return (
    <div class="graph">
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing is no fieldset */}
      <svg
        ref={host}
        viewBox={`0 0 ${layers.width} ${layers.height}`}
        style={{ width: `${layers.width}px`, minWidth: `${Math.min(layers.width, layers.width * LEAST)}px` }}
        role="group"
        aria-label={`The model's ${graph.states.length} states, by the length of the shortest runs to them`}
        onKeyDown={onKeyDown}
      >
        <Edges layers={layers} current={current} />
        {layers.states.map((placed) => (
          <State
            key={placed.state}
            placed={placed}
            state={graph.states[placed.state] as LabState}
            isCurrent={placed.state === current}
            isFocused={placed.state === focused.value}
            onVisit={visit}
          />
        ))}
      </svg>
    </div>
  );
}

function Edges({ layers, current }: { layers: Layers; current: number | undefined }) {
  return (
    <g class="graph-edges">
      {layers.edges.map(({ from, to, texts }) => {
        const [a, b] = [layers.states[from], layers.states[to]];
        if (!a || !b) return null;
        // What leads up or stays in its layer bends, so that it is told from what leads down.
        const bend = b.y > a.y ? 0 : 30;
        const path = `M${a.x} ${a.y} Q${(a.x + b.x) / 2 + bend} ${(a.y + b.y) / 2} ${b.x} ${b.y}`;
        const which = from === current ? 'next' : to === current ? 'before' : '';
        return (
          <path key={`${from} ${to}`} class={`graph-edge ${which}`} d={path}>
            <title>{texts.join('\n')}</title>
          </path>
        );
      })}
    </g>
  );
}

interface StateProps {
  readonly placed: PlacedState;
  readonly state: LabState;
  readonly isCurrent: boolean;
  readonly isFocused: boolean;
  readonly onVisit: (state: number) => void;
}

function State({ placed: { state: number, x, y }, state, isCurrent, isFocused, onVisit }: StateProps) {
  const { broken, outside, depth } = state;
  const words = [
    `State ${number}, ${depth} steps from the first`,
    ...(isCurrent ? ['shown now'] : []),
    ...(broken.length > 0 ? [`violates ${broken.join(', ')}`] : []),
    ...(outside ? ['outside the bounds of the model'] : []),
  ].join('; ');
  const classes = ['graph-state', broken.length > 0 && 'broken', outside && 'outside', isCurrent && 'current'];
  return (
    // biome-ignore lint/a11y/useSemanticElements: there are no buttons within SVG
    <g
      class={classes.filter(Boolean).join(' ')}
      data-state={number}
      role="button"
      tabindex={isFocused ? 0 : -1}
      aria-label={words}
      aria-current={isCurrent ? 'true' : undefined}
      onClick={() => onVisit(number)}
    >
      <title>{words}</title>
      {isCurrent && <circle class="ring" cx={x} cy={y} r={11} />}
      {broken.length > 0 ? (
        <path class="mark" d={`M${x} ${y - 8} L${x + 8} ${y} L${x} ${y + 8} L${x - 8} ${y} Z`} />
      ) : (
        <circle class="mark" cx={x} cy={y} r={6} />
      )}
    </g>
  );
}
