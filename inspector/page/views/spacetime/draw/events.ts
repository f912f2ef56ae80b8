import { kindNumber } from '../../../../src/world/read.ts';
import { densityOf } from '../density.ts';
import { edges, type Frame } from '../frame.ts';
import type { Lane } from '../marks.ts';
import type { Course } from '../pen.ts';
import { placeAt } from '../viewport.ts';
import { cross } from './messages.ts';
import { SIGNS } from './signs.ts';

/** Of more events than these, lanes show how many there are, and not each. */
export const MOST_EVENTS = 3_000;
/** Height of a bar that stands for several events, in pixels. */
const BAR = 4;
/** Width of a mark for what was lost, in pixels. */
const LOSS = 2;
/** Timers are drawn while events on a lane are this far apart on average, in pixels. */
const ROOMY = 7;

/** How wide a bar is, in whole pixels and by the logarithm of how many events it stands for; of most of them, once and for all. */
function widthsOf(each: readonly Uint32Array[], half: number): (count: number) => number {
  let most = 1;
  for (const counts of each) for (let bin = 0; bin < counts.length; bin++) most = Math.max(most, counts[bin] as number);
  const known = new Uint16Array(Math.min(most + 1, 4_096));
  const widthOf = (count: number) => Math.max(1, Math.round(((2 * half) / Math.log1p(most)) * Math.log1p(count)));
  for (let count = 1; count < known.length; count++) known[count] = widthOf(count);
  return (count) => known[count] ?? widthOf(count);
}

/** How many events are in sight, on the lanes that are shown or not. */
export function inSight(frame: Frame): number {
  const [first, last] = frame.scale.range(...edges(frame));
  return frame.marks.all.placeOf(last) - frame.marks.all.placeOf(first);
}

/** Bars as wide as events are many, for each lane; beside them where something was lost. */
export function drawDensity(frame: Frame): void {
  const { pen, lanes, scale, head, height, view, spacing, xOf } = frame;
  const bins = Math.ceil((height - head) / BAR);
  const size = BAR * view.perPx;
  const from = Math.floor(placeAt(view, 0) / size) * size;
  const top = frame.y(from);
  const each = lanes.map(({ marks }) => densityOf(marks, scale, from, size, bins + 1));
  const half = Math.max(1, spacing * 0.42);
  const wide = widthsOf(each, half);
  // On whole pixels, which a canvas fills many times faster than parts of them; bars of one width are one.
  const rowOf = (bin: number) => Math.round(top + bin * BAR);
  pen.bars('accent', 0.5, (bar) => {
    for (const [at, counts] of each.entries()) {
      const x = xOf((lanes[at] as Lane).key) as number;
      for (let bin = 0, next = 0; bin <= bins; bin = next) {
        const width = wide(counts[bin] as number);
        for (next = bin + 1; next <= bins && wide(counts[next] as number) === width; ) next++;
        if (width > 0) bar(Math.round(x - width / 2), rowOf(bin), width, rowOf(next) - rowOf(bin));
      }
    }
  });
  pen.bars('bad', 1, (bar) => {
    for (const { key, losses } of lanes) {
      const x = xOf(key) as number;
      const counts = densityOf(losses, scale, from, size, bins + 1);
      // To the right only, as a mark of its own: the colour alone would not tell.
      for (let bin = 0; bin <= bins; bin++)
        if ((counts[bin] as number) > 0) bar(Math.round(x + half) - LOSS, rowOf(bin), LOSS, BAR);
    }
  });
}

const CRASH = kindNumber('crash');
const DROP = kindNumber('drop');
const TIMERS = new Set([kindNumber('timer.set'), kindNumber('timer.fired')]);

interface Mark {
  readonly index: number;
  readonly kind: number;
  readonly x: number;
  readonly y: number;
}

/** Each event by its sign. */
export function drawEvents(frame: Frame): void {
  const { causality, hits } = frame;
  const byKind = new Map<string, { kind: number; dim: boolean; marks: Mark[] }>();
  const found = marksOf(frame);
  const isRoomy = ((frame.height - frame.head) * frame.lanes.length) / Math.max(1, found.length) >= ROOMY;
  for (const mark of found) {
    if (TIMERS.has(mark.kind) && !isRoomy) continue;
    const relation = causality?.isClocked ? causality.relation(mark.index) : 'self';
    const dim = relation === 'concurrent' || relation === 'unknown';
    const group = byKind.get(`${mark.kind} ${dim}`);
    if (group) group.marks.push(mark);
    else byKind.set(`${mark.kind} ${dim}`, { kind: mark.kind, dim, marks: [mark] });
    hits.point(mark.index, mark.x, mark.y);
  }
  for (const { kind, dim, marks } of byKind.values()) drawSigns(frame, kind, dim ? 0.25 : 1, marks);
}

function marksOf(frame: Frame): Mark[] {
  const { lanes, scale, marks, xOf, yOf, head, height } = frame;
  const [first, last] = scale.range(...edges(frame));
  const found: Mark[] = [];
  for (const lane of lanes) {
    const x = xOf(lane.key) as number;
    for (let place = lane.marks.placeOf(first); place < lane.marks.length; place++) {
      const index = lane.marks.at(place);
      if (index >= last) break;
      const y = yOf(index);
      if (y >= head - 6 && y <= height + 6) found.push({ index, kind: marks.story.number('kind', index), x, y });
    }
  }
  return found;
}

function drawSigns({ pen, marks: { story } }: Frame, kind: number, alpha: number, marks: readonly Mark[]): void {
  if (kind === CRASH) {
    pen.stroke({ ink: 'bad', width: 2.5, alpha }, (to) => {
      for (const { x, y } of marks) cross(to, x, y, 5);
    });
    return;
  }
  if (kind === DROP) {
    // Without its send there is no arrow to tell of it.
    pen.stroke({ ink: 'bad', width: 1.75, alpha }, (to) => {
      for (const { x, y, index } of marks) if (story.link(index) < story.first) cross(to, x + 7, y, 3);
    });
    return;
  }
  const look = SIGNS.get(kind);
  if (!look) return;
  const { bar, sign } = look;
  if (bar) {
    pen.bars(look.ink, alpha * 0.9, (rect) => {
      for (const { x, y } of marks) bar(rect, Math.round(x), Math.round(y));
    });
    return;
  }
  const draw = (to: Course): void => {
    for (const { x, y } of marks) sign(to, x, y);
  };
  if (look.hollow) {
    pen.fill('panel', alpha, draw);
    pen.stroke({ ink: look.ink, width: 1.5, alpha }, draw);
  } else pen.fill(look.ink, alpha * 0.9, draw);
}
