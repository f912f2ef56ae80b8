import { eventWords } from '../../story/record-text.ts';
import { type Arrow, arrowOf, arrowsIn, NONE } from '../arrows.ts';
import type { Relation } from '../causality.ts';
import { edges, type Frame } from '../frame.ts';
import type { Course, Ink, Stroke } from '../pen.ts';

/** Arrows that are drawn at most; of more, a sample is. Where events are bars, it is a hint of who speaks to whom, and thin. */
const MOST_ARROWS = { each: 1_000, dense: 250 } as const;
const DENSE = { width: 1, alpha: 0.4 } as const;
/** Where more arrows than these share a screen's height, in pixels, none has its type beside it. */
const MOST_LABELS = { arrows: 60, each: 900 } as const;
/** How far the stub of a message goes of which no end is known, as a share of its way. */
const STUB = 0.22;
/** How far a message comes that is lost. */
const LOST = 0.72;

/** An arrow as it lies in the picture. */
interface Line {
  readonly arrow: Arrow;
  readonly index: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly isLoop: boolean;
}

/** How the arrows of one kind look. */
interface Look extends Stroke {
  readonly head: boolean;
}

/** The messages. Answers how many were drawn, and of how many each is one. */
export function drawMessages(frame: Frame, isDense: boolean): { readonly drawn: number; readonly sampled: number } {
  const [from, to] = edges(frame);
  const { all, sampled } = arrowsIn(frame.marks, frame.scale, from, to, isDense ? MOST_ARROWS.dense : MOST_ARROWS.each);
  const lines = all.flatMap((arrow) => {
    const line = lineOf(frame, arrow);
    return line ? cut(frame, line) : [];
  });
  const groups = new Map<string, { look: Look; lines: Line[] }>();
  for (const line of lines) {
    const look = isDense ? faint(lookOf(frame, line.arrow)) : lookOf(frame, line.arrow);
    const key = `${look.ink} ${look.alpha} ${look.width} ${look.dash?.[0] ?? 0}`;
    const group = groups.get(key);
    if (group) group.lines.push(line);
    else groups.set(key, { look, lines: [line] });
  }
  // What is dimmed lies below what is not.
  const ordered = [...groups.values()].sort((a, b) => (a.look.alpha ?? 1) - (b.look.alpha ?? 1));
  for (const group of ordered) drawGroup(frame, group.look, group.lines);
  if (lines.length <= MOST_LABELS.arrows * Math.max(1, frame.height / MOST_LABELS.each)) drawLabels(frame, lines);
  for (const { index, x1, y1, x2, y2, isLoop } of lines)
    if (!isLoop) frame.hits.line(index, x1, y1, x2, y2);
    else frame.hits.line(index, x1 + 12, y1, x2 + 12, y2);
  drawSelected(frame);
  return { drawn: lines.length, sampled };
}

/** The message of the selected record, above all others, also where it was not in the sample. */
function drawSelected(frame: Frame): void {
  const { selected } = frame.shown;
  const arrow = selected === undefined ? undefined : arrowOf(frame.marks, selected);
  const line = arrow && lineOf(frame, arrow);
  if (!arrow || !line) return;
  drawGroup(
    frame,
    { ink: arrow.isLost ? 'bad' : 'text', width: 2.75, head: arrow.end !== NONE, ...(arrow.isLost && dashed) },
    [line],
  );
  drawLabel(frame, line);
}

const faint = (look: Look): Look => ({ ...look, width: DENSE.width, alpha: (look.alpha ?? 1) * DENSE.alpha });

const dashed = { dash: [5, 4] } as const;

function lookOf(frame: Frame, arrow: Arrow): Look {
  const { causality } = frame;
  const label = frame.marks.story.number('label', arrow.send === NONE ? arrow.end : arrow.send);
  const plain: Look = arrow.isLost
    ? { ink: 'bad', width: 1.25, alpha: 0.95, head: true, ...dashed }
    : arrow.end === NONE
      ? { ink: 'quiet', width: 1, alpha: 0.8, head: false, dash: [1.5, 3] }
      : { ink: frame.inkOf(label), width: 1.25, alpha: 0.9, head: true };
  if (!causality?.isClocked) return plain;
  const relation = relationOf(frame, arrow);
  if (relation === 'past' || relation === 'future' || relation === 'self')
    return { ...plain, ink: inkOfRelation(relation, plain.ink), width: 1.75, alpha: 1 };
  return { ...plain, alpha: 0.16 };
}

const inkOfRelation = (relation: Relation, ink: Ink): Ink =>
  relation === 'past' ? 'past' : relation === 'future' ? 'future' : ink;

/** A message belongs to the past when its end does, to the future when its send does. */
function relationOf({ causality }: Frame, { send, end, isLost }: Arrow): Relation {
  if (!causality) return 'unknown';
  const begun = send === NONE ? 'unknown' : causality.relation(send);
  const ended = end === NONE ? 'unknown' : causality.relation(end);
  if (begun === 'self' || ended === 'self') return 'self';
  if (begun === 'future') return 'future';
  // Of what was lost, only that it was sent is known to anybody.
  if (ended === 'past' || (begun === 'past' && (isLost || end === NONE))) return 'past';
  return 'concurrent';
}

function lineOf(frame: Frame, arrow: Arrow): Line | undefined {
  const { marks, xOf, yOf } = frame;
  const { story } = marks;
  const { send, end } = arrow;
  const index = send === NONE ? end : send;
  const source = send === NONE ? marks.laneOfAddress(story.number('other', end)) : marks.laneOf(send);
  const target = end === NONE || arrow.isLost ? marks.laneOfAddress(targetOf(frame, arrow)) : marks.laneOf(end);
  const [x1, x2] = [xOf(source), xOf(target)];
  if (x1 === undefined || x2 === undefined) return undefined;
  const y1 = yOf(index);
  const [whole, full] = [end === NONE ? y1 + 14 : yOf(end), x2];
  const share = end === NONE ? STUB : arrow.isLost && x1 !== x2 ? LOST : 1;
  if (send === NONE) {
    // Where it came from is known, and not when: only its last part is drawn.
    return { arrow, index, x1: full + (x1 - full) * STUB, y1: whole, x2: full, y2: whole, isLoop: false };
  }
  const y2 = end === NONE ? y1 + 6 : whole;
  return { arrow, index, x1, y1, x2: x1 + (full - x1) * share, y2, isLoop: x1 === x2 };
}

/** Lines that are drawn in one stroke: of very many, a browser without a graphics card looks for where they cross. */
const TOGETHER = 16;
/** How far beyond its edges a picture is drawn, in pixels. */
const BEYOND = 40;

/** The part of a line that is to be seen: to dash a line of a million pixels takes seconds. */
function cut({ head, height }: Frame, line: Line): readonly Line[] {
  const { x1, y1, x2, y2 } = line;
  const [top, bottom] = [head - BEYOND, height + BEYOND];
  if (Math.max(y1, y2) < top || Math.min(y1, y2) > bottom) return [];
  if (Math.min(y1, y2) >= top && Math.max(y1, y2) <= bottom) return [line];
  const xAt = (y: number): number => x1 + ((x2 - x1) * (y - y1)) / (y2 - y1);
  const within = (x: number, y: number): readonly [x: number, y: number] =>
    y < top ? [xAt(top), top] : y > bottom ? [xAt(bottom), bottom] : [x, y];
  const [from, to] = [within(x1, y1), within(x2, y2)];
  return [{ ...line, x1: from[0], y1: from[1], x2: to[0], y2: to[1] }];
}

/** To whom a message was to go that did not come there. */
function targetOf({ marks: { story } }: Frame, { send, end }: Arrow): number {
  return send === NONE ? story.number('actor', end) : story.number('other', send);
}

function drawGroup({ pen, head: top, spacing }: Frame, look: Look, lines: readonly Line[]): void {
  const size = Math.max(3.5, Math.min(7, spacing / 4)) + ((look.width ?? 1) > 2 ? 2 : 0);
  for (let at = 0; at < lines.length; at += TOGETHER)
    pen.stroke(look, (to) => {
      for (const line of lines.slice(at, at + TOGETHER)) drawCourse(to, line);
    });
  if (!look.head) return;
  pen.fill(look.ink, look.alpha ?? 1, (to) => {
    for (const line of lines) if (!line.arrow.isLost && line.y2 > top - 10) arrowHead(to, line, size);
  });
  // A cross for what was lost: a sign besides the colour.
  const lost = lines.filter(({ arrow }) => arrow.isLost);
  if (lost.length > 0)
    pen.stroke({ ...look, dash: [], width: 1.75 }, (to) => {
      for (const { x2, y2 } of lost) cross(to, x2, y2, 3.5);
    });
}

export function cross(to: Course, x: number, y: number, half: number): void {
  to.move(x - half, y - half);
  to.line(x + half, y + half);
  to.move(x - half, y + half);
  to.line(x + half, y - half);
}

function drawCourse(to: Course, { arrow, x1, y1, x2, y2, isLoop }: Line): void {
  if (isLoop) {
    const out = 16;
    to.move(x1, y1);
    to.line(x1 + out, y1 + (y2 - y1) * 0.3);
    to.line(x1 + out, y1 + (y2 - y1) * 0.7);
    to.line(x2, y2);
    return;
  }
  if (!arrow.isDuplicate) {
    to.move(x1, y1);
    to.line(x2, y2);
    return;
  }
  // Delivered once more: a double line.
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [(-(y2 - y1) / length) * 1.8, ((x2 - x1) / length) * 1.8];
  for (const side of [-1, 1]) {
    to.move(x1 + side * dx, y1 + side * dy);
    to.line(x2 + side * dx, y2 + side * dy);
  }
}

function arrowHead(to: Course, { x1, y1, x2, y2, isLoop }: Line, size: number): void {
  const [fromX, fromY] = isLoop ? [x1 + 16, y1 + (y2 - y1) * 0.7] : [x1, y1];
  const length = Math.hypot(x2 - fromX, y2 - fromY);
  if (length < size) return;
  const [ux, uy] = [(x2 - fromX) / length, (y2 - fromY) / length];
  // It ends at the edge of the lane, not within it.
  const [tipX, tipY] = [x2 - ux * 2, y2 - uy * 2];
  const [baseX, baseY] = [tipX - ux * size, tipY - uy * size];
  to.move(tipX, tipY);
  to.line(baseX - uy * size * 0.45, baseY + ux * size * 0.45);
  to.line(baseX + uy * size * 0.45, baseY - ux * size * 0.45);
  to.close();
}

/** The types of messages, each unless another one is written there already. */
function drawLabels(frame: Frame, lines: readonly Line[]): void {
  const taken: { readonly x: number; readonly y: number; readonly half: number }[] = [];
  for (const line of lines) {
    const [x, y] = [(line.x1 + line.x2) / 2, (line.y1 + line.y2) / 2];
    const half = (labelOf(frame, line).length * LETTER) / 2 + 2;
    if (taken.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 12)) continue;
    if (drawLabel(frame, line)) taken.push({ x, y, half });
  }
}

/** The width of a letter, about, in pixels. */
const LETTER = 5.6;

function labelOf({ marks: { story } }: Frame, { arrow }: Line): string {
  const text = eventWords(story.label(arrow.send === NONE ? arrow.end : arrow.send));
  return text.length > 26 ? `${text.slice(0, 25)}…` : text;
}

/** The type of a message along its way, where there is room. Whether there is. */
function drawLabel(frame: Frame, line: Line): boolean {
  const { arrow, x1, y1, x2, y2, isLoop } = line;
  const text = labelOf(frame, line);
  const length = Math.hypot(x2 - x1, y2 - y1);
  const look = lookOf(frame, arrow);
  if (isLoop || length < text.length * LETTER + 24 || (look.alpha ?? 1) < 0.5) return false;
  const turn = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  const upright = turn > 90 ? turn - 180 : turn < -90 ? turn + 180 : turn;
  const style = { ink: look.ink, size: 10, align: 'center', halo: 'panel', turn: upright } as const;
  frame.pen.text(text, (x1 + x2) / 2, (y1 + y2) / 2, style);
  return true;
}
