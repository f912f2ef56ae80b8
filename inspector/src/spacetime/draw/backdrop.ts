import { edges, type Frame, GUTTER } from '../frame.ts';
import type { Break } from '../scale.ts';
import { durationWords, momentWords, type Tick, ticksOf } from '../ticks.ts';

/** Between two marks of the axis at least, in pixels. */
const APART = 56;
/** What stands closer than this to the mark before it is left out, in pixels. */
const CLOSE = 18;

/** Ground, axis, and where idle time was left out. */
export function drawBackdrop(frame: Frame): void {
  const { pen, width, height, head } = frame;
  pen.fill('panel', 1, (to) => to.rect(0, 0, width, height));
  // Of nothing there is no time.
  if (frame.lanes.length === 0) return;
  const breaks = frame.scale.breaks(...edges(frame));
  pen.within(0, head, width, height - head, () => {
    drawAxis(frame, breaks);
    drawBreaks(frame, breaks);
  });
}

interface Row extends Tick {
  readonly at: number;
}

function drawAxis(frame: Frame, breaks: readonly Break[]): void {
  const { pen, width, head } = frame;
  const rows = axisRows(frame, breaks);
  pen.stroke({ ink: 'line', alpha: 0.7 }, (to) => {
    for (const { at } of rows) {
      to.move(GUTTER - 5, at);
      to.line(width, at);
    }
  });
  for (const { at, label, isMain } of rows)
    if (at > head + 7)
      pen.text(label, GUTTER - 9, at, { ink: isMain ? 'text' : 'quiet', size: 10.5, align: 'right', alpha: 0.85 });
}

function axisRows(frame: Frame, breaks: readonly Break[]): Row[] {
  const { scale, view, unit, y } = frame;
  const [from, to] = edges(frame);
  const apart = APART * view.perPx;
  if (unit === 'record') {
    const label = (place: number) => momentWords(Number(scale.moment(place).toFixed(1)), frame.storyUnit);
    return ticksOf(Math.max(0, from), Math.min(scale.end, to), apart, unit).map((tick) => ({
      ...tick,
      label: label(tick.value),
      at: y(tick.value),
    }));
  }
  // Marks count true time: those within what is left out are left out with it.
  const bounds = [from, ...breaks.flatMap(({ place, length }) => [place, place + length]), to];
  const rows: Row[] = [];
  for (let at = 0; at + 1 < bounds.length; at += 2) {
    const [start, end] = [bounds[at] as number, bounds[at + 1] as number];
    if (end <= start) continue;
    for (const tick of ticksOf(scale.moment(start), scale.moment(end), apart, unit)) {
      const here = y(scale.place(-1, tick.value));
      const last = rows.at(-1);
      if (!last || here - last.at >= CLOSE) rows.push({ ...tick, at: here });
    }
  }
  return rows;
}

/** A torn edge across the axis, with how much was left out. */
function drawBreaks({ pen, y, width }: Frame, breaks: readonly Break[]): void {
  let last = Number.NEGATIVE_INFINITY;
  for (const { place, length, ms } of breaks) {
    const [top, bottom] = [y(place), y(place + length)];
    const middle = (top + bottom) / 2;
    pen.fill('raised', 0.7, (to) => to.rect(GUTTER, top, width - GUTTER, bottom - top));
    if (middle - last < CLOSE) continue;
    last = middle;
    pen.stroke({ ink: 'quiet', width: 1.25 }, (to) => {
      for (const shift of [-3, 3]) {
        to.move(GUTTER - 14, middle + shift + 3);
        to.line(GUTTER - 9, middle + shift - 3);
        to.line(GUTTER - 4, middle + shift + 3);
        to.line(GUTTER + 1, middle + shift - 3);
      }
    });
    if (bottom - top >= 10) pen.text(`${durationWords(ms)} idle`, GUTTER + 8, middle, { ink: 'quiet', size: 10 });
  }
}
