import { kindNumber } from '../../../story/read.ts';
import { densityOf } from '../density.ts';
import { edges, type Frame } from '../frame.ts';
import type { Lane } from '../marks.ts';
import type { Course, Ink } from '../pen.ts';
import { placeAt } from '../viewport.ts';
import { cross } from './messages.ts';

/** Of more events than these, lanes show how many there are, and not each. */
export const MOST_EVENTS = 3_000;
/** Height of a bar that stands for several events, in pixels. */
const BAR = 3;
/** Timers are drawn while events on a lane are this far apart on average, in pixels. */
const ROOMY = 7;

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
  const most = each.reduce((max, counts) => counts.reduce((a, b) => Math.max(a, b), max), 1);
  const half = Math.max(1, spacing * 0.42);
  const widthOf = (count: number) => Math.max(0.75, (Math.log1p(count) / Math.log1p(most)) * half);
  pen.fill('accent', 0.5, (to) => {
    for (const [at, counts] of each.entries()) {
      const x = xOf((lanes[at] as Lane).key) as number;
      for (let bin = 0; bin <= bins; bin++) {
        const count = counts[bin] as number;
        if (count > 0) to.rect(x - widthOf(count), top + bin * BAR, 2 * widthOf(count), BAR - 0.75);
      }
    }
  });
  pen.fill('bad', 1, (to) => {
    for (const { key, losses } of lanes) {
      const x = xOf(key) as number;
      const counts = densityOf(losses, scale, from, size, bins + 1);
      // To the right only, as a mark of its own: the colour alone would not tell.
      for (let bin = 0; bin <= bins; bin++)
        if ((counts[bin] as number) > 0)
          to.rect(x + half * 0.55, top + bin * BAR, Math.max(2, half * 0.45), BAR - 0.75);
    }
  });
}

type Sign = (to: Course, x: number, y: number) => void;

const ring =
  (radius: number): Sign =>
  (to, x, y) =>
    to.circle(x, y, radius);
const diamond: Sign = (to, x, y) => {
  to.move(x, y - 5);
  to.line(x + 5, y);
  to.line(x, y + 5);
  to.line(x - 5, y);
  to.close();
};
const wedge: Sign = (to, x, y) => {
  to.move(x - 10, y - 4);
  to.line(x - 3, y);
  to.line(x - 10, y + 4);
  to.close();
};
const square: Sign = (to, x, y) => to.rect(x + 4, y - 2.5, 5, 5);
const flag: Sign = (to, x, y) => {
  to.move(x, y);
  to.line(x + 9, y - 4);
  to.line(x, y - 8);
  to.close();
};
const tick: Sign = (to, x, y) => to.rect(x - 7, y - 0.5, 5, 1);

/** What each kind of record looks like on its lane; what is not here is told by its arrow. */
const SIGNS: ReadonlyMap<number, { readonly sign: Sign; readonly ink: Ink; readonly hollow?: boolean }> = new Map([
  [kindNumber('send'), { sign: ring(1.8), ink: 'edge' }],
  [kindNumber('receive'), { sign: wedge, ink: 'good' }],
  [kindNumber('transition'), { sign: diamond, ink: 'text' }],
  [kindNumber('emit'), { sign: square, ink: 'edge' }],
  [kindNumber('timer.set'), { sign: tick, ink: 'timer' }],
  [kindNumber('timer.fired'), { sign: ring(3.4), ink: 'timer', hollow: true }],
  [kindNumber('spawn'), { sign: ring(4.5), ink: 'good', hollow: true }],
  [kindNumber('restart'), { sign: ring(4.5), ink: 'good', hollow: true }],
  [kindNumber('stop'), { sign: square, ink: 'quiet' }],
  [kindNumber('note'), { sign: flag, ink: 'span' }],
] as const);
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
      if (y >= head - 6 && y <= height + 6) found.push({ index, kind: marks.story.cell('kind', index), x, y });
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
  const draw = (to: Course): void => {
    for (const { x, y } of marks) look.sign(to, x, y);
  };
  if (look.hollow) {
    pen.fill('panel', alpha, draw);
    pen.stroke({ ink: look.ink, width: 1.5, alpha }, draw);
  } else pen.fill(look.ink, alpha * 0.9, draw);
}
