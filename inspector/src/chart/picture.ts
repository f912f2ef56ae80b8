import type { Box, Drawing, Edge, IconName, Label, Point, Row } from './drawing.ts';

// A drawing as SVG elements, whoever makes them: the page's Preact, or text for a file. Frames, then lines, then labels, so that nothing
// covers a text.

/** An element of SVG. */
export interface Part {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (Part | string)[];
}

/** What is going on in a chart: in a file it stands in the elements' classes; the page sets those itself. */
export interface Marks {
  /** Ids of states. */
  readonly active?: readonly string[];
  /** Transitions that were just taken. */
  readonly taken?: readonly string[];
  /** Class names of transitions, such as how often they were taken. */
  readonly classes?: ReadonlyMap<string, string>;
}

/** Room around a drawing, in pixels. */
export const MARGIN = 8;

const part = (
  tag: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  children: readonly (Part | string | undefined)[] = [],
): Part => ({
  tag,
  attributes: Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== undefined),
  ) as Part['attributes'],
  children: children.filter((child): child is Part | string => child !== undefined && child !== ''),
});

/** The whole picture of a drawing; `label` names it for those who do not see it. */
export function pictureOf(drawing: Drawing, label: string, marks: Marks = {}): Part {
  const { width, height, boxes, edges, dots } = drawing;
  const size = { width: Math.ceil(width) + 2 * MARGIN, height: Math.ceil(height) + 2 * MARGIN };
  return part(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `${-MARGIN} ${-MARGIN} ${size.width} ${size.height}`,
      ...size,
      role: 'img',
      'aria-label': label,
    },
    [
      ...boxes.map((box) => boxPart(box, marks)),
      ...edges.map((edge) => edgePart(edge, marks)),
      ...boxes.map((box) => (isLeaf(box) ? undefined : headingPart(box, marks))),
      ...dots.map(({ x, y }) => part('circle', { class: 'start', cx: round(x), cy: round(y), r: 4.5 })),
      ...edges.map((edge) => edge.label && labelPart(edge.label, marks)),
    ],
  );
}

function refsPart(refs: readonly string[], own: string, { taken = [], classes }: Marks) {
  const marked = [
    own,
    refs.some((ref) => taken.includes(ref)) && 'taken',
    ...new Set(refs.flatMap((ref) => classes?.get(ref) ?? [])),
  ];
  return { class: marked.filter(Boolean).join(' '), ...(refs.length > 0 && { 'data-refs': refs.join('\n') }) };
}

/** The frames of a drawing alone: of a hundred charts, all that can be told apart. */
export function outlineOf({ boxes }: Drawing, label: string): Part {
  const inner = boxes.filter(({ depth }) => depth > 0);
  const shown = inner.length > 0 ? inner : boxes;
  const frames = shown.map((box) => {
    const words = ['state', box.kind, isLeaf(box) && 'leaf'].filter(Boolean).join(' ');
    const [wide, tall] = [round(box.width), round(box.height)];
    const frame = part('rect', { class: 'frame', width: wide, height: tall, rx: 9 });
    return part('g', { class: words, 'data-state': box.id, transform: at(box.x, box.y) }, [frame]);
  });
  const [left, top] = [Math.min(...shown.map(({ x }) => x)), Math.min(...shown.map(({ y }) => y))];
  const right = Math.max(...shown.map(({ x, width }) => x + width));
  const bottom = Math.max(...shown.map(({ y, height }) => y + height));
  const viewBox = [left - 3, top - 3, right - left + 6, bottom - top + 6].map(Math.round).join(' ');
  return part('svg', { viewBox, role: 'img', 'aria-label': label }, frames);
}

/** Whether a state is drawn without others in it. */
const isLeaf = ({ kind, folded }: Box): boolean => folded !== undefined || (kind !== 'compound' && kind !== 'parallel');

function boxPart(box: Box, marks: Marks): Part {
  const { id, kind, region, depth, x, y } = box;
  const words = [
    'state',
    kind,
    region && 'region',
    isLeaf(box) && 'leaf',
    depth === 0 && 'outermost',
    marks.active?.includes(id) && 'active',
  ];
  const attributes = refsPart(box.hidden, words.filter(Boolean).join(' '), marks);
  const children = kind === 'history' ? historyParts(box) : stateParts(box, marks);
  const ring = ringPart(box.hidden, { x: box.width - 3, y: 3 });
  return part('g', { ...attributes, 'data-state': id, transform: at(x, y) }, [tooltip(box), ...children, ring]);
}

function stateParts(box: Box, marks: Marks): (Part | undefined)[] {
  const { width, height, kind } = box;
  const inner = { x: 3, y: 3, width: round(width - 6), height: round(height - 6), rx: 5 };
  return [
    part('rect', { class: 'frame', width: round(width), height: round(height), rx: 7 }),
    kind === 'final' ? part('rect', { class: 'inner-frame', ...inner }) : undefined,
    ...(isLeaf(box) ? headingParts(box, marks) : []),
  ];
}

/** Title and rows of a state with others in it, above the lines. */
const headingPart = (box: Box, marks: Marks): Part =>
  part('g', { class: 'heading', transform: at(box.x, box.y) }, headingParts(box, marks));

function headingParts(box: Box, marks: Marks): (Part | undefined)[] {
  const { width, header, rows } = box;
  return [
    part('text', { class: 'title', x: 12, y: 20 }, [box.key]),
    ...badgeParts(box),
    rows.length > 0 ? part('path', { class: 'rule', d: `M0 31H${round(width)}` }) : undefined,
    rows.length > 0 && !isLeaf(box) ? part('path', { class: 'rule', d: `M0 ${header}H${round(width)}` }) : undefined,
    ...rows.map((row) => rowPart(row, marks)),
    box.folds
      ? part('rect', { class: 'fold', 'data-fold': box.id, width: round(width), height: 31, rx: 7 })
      : undefined,
  ];
}

/** UML's sign of a history state; its name is in the tooltip. */
function historyParts({ width, height, history }: Box): Part[] {
  const middle = { x: width / 2, y: height / 2 };
  return [
    part('circle', { class: 'frame', cx: middle.x, cy: middle.y, r: width / 2 }),
    part('text', { class: 'title', x: middle.x, y: middle.y + 4.5, 'text-anchor': 'middle' }, [
      history === 'deep' ? 'H*' : 'H',
    ]),
  ];
}

/** The badges of a state, from the right corner leftwards. */
function badgeParts({ badges, width }: Box): Part[] {
  let right = width - 10;
  return badges.map((badge) => {
    const left = right - badge.width;
    right = left - 6;
    return part('g', { class: 'badge', transform: at(left, 7) }, [
      part('rect', { width: badge.width, height: 17, rx: 8.5 }),
      part('text', { x: badge.width / 2, y: 12, 'text-anchor': 'middle' }, [badge.text]),
    ]);
  });
}

/** The line, and its head: a marker would be one more thing that viewers of SVG know differently. */
function edgePart({ kind, points, refs, label }: Edge, marks: Marks): Part {
  return part('g', refsPart(refs, `edge ${kind}`, marks), [
    part('path', { class: 'line', d: course(points) }),
    part('path', { class: 'arrow', d: headOf(points) }),
    label ? undefined : ringPart(refs, middleOf(points)),
  ]);
}

/** What is left of a timer, where no row tells of what it leads to. */
function ringPart(refs: readonly string[], { x, y }: Point): Part | undefined {
  if (!refs.some((ref) => ref.includes('#xstate.after.'))) return undefined;
  return part('circle', { class: 'ring alone', cx: round(x), cy: round(y), r: 6, pathLength: 1 });
}

/** The middle of the longest stretch of a line. */
function middleOf(points: readonly Point[]): Point {
  const stretches = points.slice(1).map((to, index) => ({ from: points[index] as Point, to }));
  const length = ({ from, to }: { from: Point; to: Point }): number => Math.hypot(to.x - from.x, to.y - from.y);
  const longest = stretches.toSorted((a, b) => length(b) - length(a))[0];
  if (!longest) return { x: 0, y: 0 };
  return { x: (longest.from.x + longest.to.x) / 2, y: (longest.from.y + longest.to.y) / 2 };
}

function labelPart(label: Label, marks: Marks): Part {
  const refs = label.rows.flatMap(({ ref }) => ref ?? []);
  return part('g', { ...refsPart(refs, 'label', marks), transform: at(label.x, label.y) }, [
    part('rect', { class: 'plate', width: label.width, height: label.height, rx: 5 }),
    ...label.rows.map((row) => rowPart(row, marks)),
  ]);
}

function rowPart(row: Row, marks: Marks): Part {
  const attributes = refsPart(row.ref ? [row.ref] : [], `row ${row.kind}`, marks);
  return part('g', { ...attributes, transform: at(row.x, row.y) }, [
    tooltip(row),
    part('rect', { class: 'hit', width: round(row.width), height: row.height }),
    row.icon ? part('path', { class: 'icon', d: ICONS[row.icon] }) : undefined,
    row.kind === 'after' ? part('circle', { class: 'ring', cx: 6, cy: 8.5, r: 6.6, pathLength: 1 }) : undefined,
    ...row.spans.map(({ text, role, x, y }) => part('text', { class: role, x: round(x), y: round(y) }, [text])),
  ]);
}

function tooltip({ description, source }: Pick<Row, 'description' | 'source'>): Part | undefined {
  const words = [description, source].filter(Boolean).join('\n');
  return words === '' ? undefined : part('title', {}, [words]);
}

const at = (x: number, y: number): string => `translate(${round(x)} ${round(y)})`;
const round = (value: number): number => Math.round(value * 100) / 100;

/** A line with rounded corners, that ends where its head begins. */
function course(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const parts = rest.map((point, index) => {
    const next = rest[index + 1];
    const before = index === 0 ? first : (rest[index - 1] as Point);
    if (!next) {
      const end = toward(point, before, HEAD - 1);
      return `L${round(end.x)} ${round(end.y)}`;
    }
    const [into, out] = [toward(point, before, RADIUS), toward(point, next, RADIUS)];
    return `L${round(into.x)} ${round(into.y)}Q${round(point.x)} ${round(point.y)} ${round(out.x)} ${round(out.y)}`;
  });
  return `M${round(first.x)} ${round(first.y)}${parts.join('')}`;
}

const RADIUS = 6;
const HEAD = 7;

function headOf(points: readonly Point[]): string {
  const [before, tip] = points.slice(-2);
  if (!before || !tip) return '';
  const length = Math.hypot(tip.x - before.x, tip.y - before.y) || 1;
  const [dx, dy] = [(tip.x - before.x) / length, (tip.y - before.y) / length];
  const wing = (side: number): string =>
    `${round(tip.x - dx * HEAD - dy * side)} ${round(tip.y - dy * HEAD + dx * side)}`;
  return `M${wing(3)}L${round(tip.x)} ${round(tip.y)} ${wing(-3)}Z`;
}

/** The point so far from a corner on the way to another, at most half of it. */
function toward(corner: Point, other: Point, far: number): Point {
  const distance = Math.hypot(other.x - corner.x, other.y - corner.y) || 1;
  const share = Math.min(far, distance / 2) / distance;
  return { x: corner.x + (other.x - corner.x) * share, y: corner.y + (other.y - corner.y) * share };
}

/** Drawn in a square of 12 with its middle at (6, 8.5). */
const ICONS: Readonly<Record<IconName, string>> = {
  entry: 'M1 8.5H8M5.5 6 8 8.5 5.5 11M11 5V12',
  exit: 'M4 8.5H11M8.5 6 11 8.5 8.5 11M1 5V12',
  invoke: 'M2 5.5H10V11.5H2ZM4.5 8.5H7.5M6 7V10',
  stay: 'M10 6.5A4.3 4.3 0 1 0 10.5 9M10.6 4.2V6.8H8',
  again: 'M10 6.5A4.3 4.3 0 1 0 10.5 9M10.6 4.2V6.8H8M6 8.5H6.1',
  out: 'M2 11.5V8.5H9M6.5 6 9 8.5 6.5 11',
  clock: 'M6 4A4.5 4.5 0 1 0 6.01 4M6 6V8.8L8 10',
  bolt: 'M7 3.5 3 9.2H6L5.2 13.5 9.5 7.6H6.4Z',
  check: 'M2 9 4.8 11.8 10 5.5',
  cross: 'M2.5 5 9.5 12M9.5 5 2.5 12',
};
