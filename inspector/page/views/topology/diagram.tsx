import { useEffect } from 'preact/hooks';
import { marksOffered, toggleMark } from '../../state/membership.ts';
import { isRing, shownLine, sidesOf } from './cut.ts';
import { DiagramLink, LinkLabels } from './diagram-link.tsx';
import { DiagramNode } from './diagram-node.tsx';
import { type Places, type Point, placeNodes } from './geometry.ts';
import {
  choose,
  endDrawing,
  isDrawing,
  line,
  markedSides,
  part,
  pointedAt,
  selected,
  shownLinks,
  traffic,
} from './state.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Nodes, or actors, on a circle and the links between them; in the mode for it, the line that a person draws across. */
export function Diagram({ nodes, width, height }: { readonly nodes: readonly string[] } & Size) {
  const places = placeNodes(nodes, width, height);
  const busiest = Math.max(1, ...[...traffic.value.links.values()].map(({ sent }) => sent));
  const sides = sidesNow(places);
  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG has no field sets
    <svg
      class={isDrawing.value ? 'diagram drawing' : 'diagram'}
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-label="Nodes and links; arrow keys go from node to node"
      onKeyDown={(event) => press(event, nodes)}
      onPointerLeave={() => {
        pointedAt.value = undefined;
      }}
    >
      <defs>
        <marker
          id="head"
          viewBox="0 0 6 6"
          refX="4"
          refY="3"
          markerWidth="11"
          markerHeight="11"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0 6 3 0 6Z" fill="context-stroke" />
        </marker>
      </defs>
      {shownLinks.value.map((ends) => (
        <DiagramLink
          key={`${ends.from}>${ends.to}`}
          ends={ends}
          places={places}
          busiest={busiest}
          isDense={nodes.length > 20}
        />
      ))}
      <LinkLabels links={shownLinks.value} places={places} />
      {nodes.map((node) => (
        <DiagramNode
          key={node}
          node={node}
          places={places}
          isFirst={(selected.value ?? nodes[0]) === node}
          side={sides?.[0].includes(node) ? 0 : sides ? 1 : undefined}
        />
      ))}
      {isDrawing.value && <Sheet places={places} width={width} height={height} />}
    </svg>
  );
}

/** The sides that would be parted, as a line or marks have them so far. */
function sidesNow(places: Places) {
  if (!isDrawing.value) return undefined;
  return line.value ? sidesOf(places, line.value) : markedSides.value;
}

/** What lies over all while a partition is drawn: it takes the pointer, and shows the line. */
function Sheet({ places, width, height }: { readonly places: Places } & Size) {
  const drawn = line.value;
  useEscape();
  return (
    <g class="sheet">
      <rect
        class="sheet-plate"
        width={width}
        height={height}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          line.value = [placeOf(event)];
        }}
        onPointerMove={(event) => {
          if (line.value) line.value = [...line.value, placeOf(event)];
        }}
        onPointerUp={() => {
          const sides = line.value && sidesOf(places, line.value);
          line.value = undefined;
          if (sides) part(sides);
        }}
        onPointerCancel={() => {
          line.value = undefined;
        }}
      />
      {drawn && <CutLine line={drawn} reach={width + height} />}
    </g>
  );
}

function CutLine({ line, reach }: { readonly line: readonly Point[]; readonly reach: number }) {
  const points = shownLine(line, reach).map(({ x, y }) => `${x},${y}`);
  return isRing(line) ? (
    <polygon class="cut-line" points={points.join(' ')} />
  ) : (
    <polyline class="cut-line" points={points.join(' ')} />
  );
}

/** Escape ends the drawing wherever the focus is. */
function useEscape(): void {
  useEffect(() => {
    const end = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') endDrawing();
    };
    document.addEventListener('keydown', end);
    return () => document.removeEventListener('keydown', end);
  }, []);
}

/** Where a pointer is, in the units of the drawing. */
function placeOf(event: PointerEvent): Point {
  const host = (event.currentTarget as SVGElement).ownerSVGElement?.getBoundingClientRect();
  return { x: event.clientX - (host?.left ?? 0), y: event.clientY - (host?.top ?? 0) };
}

/** Arrows go from node to node, Enter selects, Space marks; while a partition is drawn, Enter parts the marked nodes. */
function press(event: KeyboardEvent, nodes: readonly string[]): void {
  const { currentTarget, key } = event;
  const node = (event.target as Element).closest('[data-node]')?.getAttribute('data-node');
  if (!node || !(currentTarget instanceof SVGElement)) return;
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
  const focus = (next: string | undefined): void =>
    currentTarget.querySelector<SVGElement>(`.topology-node[data-node="${CSS.escape(next ?? '')}"]`)?.focus();
  if (step !== undefined) focus(nodes[(nodes.indexOf(node) + step + nodes.length) % nodes.length]);
  else if (key === 'Home') focus(nodes[0]);
  else if (key === 'End') focus(nodes.at(-1));
  else if (key === ' ' && marksOffered.value) toggleMark(node);
  else if (key === 'Enter' && isDrawing.value && markedSides.value) part([markedSides.value[0]]);
  else if (key === 'Enter' || key === ' ') choose(node);
  else return;
  event.preventDefault();
  // A slider or the page must not take the same key.
  event.stopPropagation();
}
