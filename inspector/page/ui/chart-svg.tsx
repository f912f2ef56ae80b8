import type { Box, Drawing, Edge, IconName, Point, Row } from '../chart/drawing.ts';

const MARGIN = 8;

/** A drawing as SVG: frames, then lines, then labels, so that nothing covers a text. */
export function ChartSvg({ drawing }: { drawing: Drawing }) {
  const { width, height, boxes, edges, dots } = drawing;
  const view = `${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${height + 2 * MARGIN}`;
  return (
    <svg viewBox={view} width={width + 2 * MARGIN} height={height + 2 * MARGIN} role="img" aria-label="Statechart">
      <defs>
        <marker
          id="arrow"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto-start-reverse"
        >
          <path class="arrow" d="M0 0.8 8 4 0 7.2Z" />
        </marker>
      </defs>
      {boxes.map((box) => (
        <BoxSvg key={box.id} box={box} />
      ))}
      {edges.map((edge, index) => (
        <path
          key={`line ${index}`}
          class={`edge ${edge.kind}`}
          d={course(edge.points)}
          marker-end="url(#arrow)"
          data-refs={edge.refs.join('\n')}
        />
      ))}
      {dots.map(({ of, x, y }) => (
        <circle key={of} class="start" cx={x} cy={y} r={4.5} />
      ))}
      {edges.map((edge, index) => edge.label && <LabelSvg key={`label ${index}`} edge={edge} label={edge.label} />)}
    </svg>
  );
}

function BoxSvg({ box }: { box: Box }) {
  const { x, y, width, height, header, rows, kind } = box;
  const leaf = kind !== 'compound' && kind !== 'parallel';
  return (
    <g
      class={`state ${kind}${box.region ? ' region' : ''}${leaf ? ' leaf' : ''}${box.depth === 0 ? ' outermost' : ''}`}
      data-state={box.id}
      data-refs={box.hidden.join('\n')}
      transform={`translate(${x} ${y})`}
    >
      {box.description && <title>{box.description}</title>}
      <rect class="frame" width={width} height={height} rx={7} />
      {kind === 'final' && <rect class="inner-frame" x={3} y={3} width={width - 6} height={height - 6} rx={5} />}
      <text class="title" x={12} y={20}>
        {box.key}
      </text>
      {badges(box)}
      {rows.length > 0 && <path class="rule" d={`M0 31H${width}`} />}
      {rows.length > 0 && !leaf && <path class="rule" d={`M0 ${header}H${width}`} />}
      {rows.map((row) => (
        <RowSvg key={`${row.kind} ${row.ref ?? row.y}`} row={row} />
      ))}
    </g>
  );
}

/** The badges of a state, from the right corner leftwards. */
function badges({ badges, width }: Box) {
  let right = width - 10;
  return badges.map((badge) => {
    const left = right - badge.width;
    right = left - 6;
    return (
      <g key={badge.text} class="badge" transform={`translate(${left} 7)`}>
        <rect width={badge.width} height={17} rx={8.5} />
        <text x={badge.width / 2} y={12} text-anchor="middle">
          {badge.text}
        </text>
      </g>
    );
  });
}

function LabelSvg({ label }: { edge: Edge; label: NonNullable<Edge['label']> }) {
  const refs = label.rows.flatMap(({ ref }) => ref ?? []);
  return (
    <g class="label" data-refs={refs.join('\n')} transform={`translate(${label.x} ${label.y})`}>
      <rect class="plate" width={label.width} height={label.height} rx={5} />
      {label.rows.map((row) => (
        <RowSvg key={row.ref ?? row.y} row={row} />
      ))}
    </g>
  );
}

function RowSvg({ row }: { row: Row }) {
  return (
    <g class={`row ${row.kind}`} data-refs={row.ref ?? ''} transform={`translate(${row.x} ${row.y})`}>
      {row.description && <title>{row.description}</title>}
      <rect class="hit" width={row.width} height={row.height} />
      {row.icon && <path class="icon" d={ICONS[row.icon]} />}
      {row.spans.map(({ text, role, x, y }) => (
        <text key={`${x} ${y}`} class={role} x={x} y={y}>
          {text}
        </text>
      ))}
    </g>
  );
}

/** A line with rounded corners. */
function course(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const parts = rest.map((point, index) => {
    const next = rest[index + 1];
    const before = index === 0 ? first : (rest[index - 1] as Point);
    if (!next) return `L${point.x} ${point.y}`;
    const [into, out] = [toward(point, before), toward(point, next)];
    return `L${into.x} ${into.y}Q${point.x} ${point.y} ${out.x} ${out.y}`;
  });
  return `M${first.x} ${first.y}${parts.join('')}`;
}

const RADIUS = 6;

function toward(corner: Point, other: Point): Point {
  const distance = Math.hypot(other.x - corner.x, other.y - corner.y) || 1;
  const share = Math.min(RADIUS, distance / 2) / distance;
  return { x: corner.x + (other.x - corner.x) * share, y: corner.y + (other.y - corner.y) * share };
}

/** Drawn in a square of 12 with its middle at (6, 8.5). */
const ICONS: Readonly<Record<IconName, string>> = {
  entry: 'M1 8.5H8M5.5 6 8 8.5 5.5 11M11 5V12',
  exit: 'M4 8.5H11M8.5 6 11 8.5 8.5 11M1 5V12',
  stay: 'M10 6.5A4.3 4.3 0 1 0 10.5 9M10.6 4.2V6.8H8',
  again: 'M10 6.5A4.3 4.3 0 1 0 10.5 9M10.6 4.2V6.8H8M6 8.5H6.1',
  out: 'M2 11.5V8.5H9M6.5 6 9 8.5 6.5 11',
  clock: 'M6 4A4.5 4.5 0 1 0 6.01 4M6 6V8.8L8 10',
  bolt: 'M7 3.5 3 9.2H6L5.2 13.5 9.5 7.6H6.4Z',
  check: 'M2 9 4.8 11.8 10 5.5',
  cross: 'M2.5 5 9.5 12M9.5 5 2.5 12',
};
