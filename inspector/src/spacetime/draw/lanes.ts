import { shortState } from '../../chart/active.ts';
import { edges, type Frame } from '../frame.ts';
import type { Lane } from '../marks.ts';
import type { Ink } from '../pen.ts';
import { DOWN, type Phases, STOPPED } from '../phases.ts';

/** Half the width of a lane at most, in pixels. */
const HALF = 2.5;
/** Names of states are written where they have this much room, in pixels. */
const NAMED = { wide: 58, high: 13 } as const;

/** How far lanes go on after all that has happened, so that what happened last can be read, in pixels. */
const PAST = 14;

/** About how wide a character of a state's name is, in pixels, and how many of one are written at most. */
const CHARACTER = 5.9;
const MOST_CHARACTERS = 44;

/** A stretch of a lane in one state. */
interface Stretch {
  readonly top: number;
  readonly bottom: number;
  readonly state: number;
  /** Whether it begins here, and not above what is to be seen. */
  readonly begins: boolean;
}

/** Each lane in the colours of its states; where its actor is down, in red, broken and thin. */
export function drawLanes(frame: Frame): void {
  const bars = new Map<Ink, (readonly [x: number, stretch: Stretch])[]>();
  const ends: (readonly [x: number, stretch: Stretch])[] = [];
  const names: (() => void)[] = [];
  for (const lane of frame.lanes) {
    const x = frame.xOf(lane.key);
    const actor = actorOf(frame, lane);
    const phases = actor === undefined ? undefined : frame.marks.phases.of(actor);
    if (x === undefined) continue;
    for (const stretch of stretchesOf(frame, phases)) {
      if (stretch.state === DOWN || stretch.state === STOPPED) {
        ends.push([x, stretch]);
        continue;
      }
      const ink = stretch.state === 0 || actor === undefined ? 'line-strong' : frame.hueOf(actor, stretch.state);
      const bar = bars.get(ink);
      if (bar) bar.push([x, stretch]);
      else bars.set(ink, [[x, stretch]]);
      if (stretch.begins && stretch.state > 0 && stretch.bottom - stretch.top >= NAMED.high)
        names.push(() => nameState(frame, x, stretch.top, frame.marks.story.states.text(stretch.state), ink));
    }
  }
  drawBars(frame, bars, ends);
  if (frame.spacing >= NAMED.wide) for (const name of names) name();
}

function drawBars(
  { pen, spacing }: Frame,
  bars: ReadonlyMap<Ink, readonly (readonly [x: number, stretch: Stretch])[]>,
  ends: readonly (readonly [x: number, stretch: Stretch])[],
): void {
  const half = Math.max(0.75, Math.min(HALF, spacing / 6));
  for (const [ink, stretches] of bars) {
    // The plainest state, which most lanes are in, leaves the others to be seen.
    pen.bars(ink, ink === 'hue-0' || ink === 'line-strong' ? 0.55 : 1, (bar) => {
      for (const [x, { top, bottom }] of stretches) bar(x - half, top, 2 * half, bottom - top);
    });
  }
  for (const [state, ink] of [
    [DOWN, 'bad'],
    [STOPPED, 'quiet'],
  ] as const) {
    const those = ends.filter(([, stretch]) => stretch.state === state);
    if (those.length === 0) continue;
    pen.stroke({ ink, width: Math.max(1, half), dash: [2, 5], alpha: 0.8 }, (to) => {
      for (const [x, { top, bottom }] of those) {
        to.move(x, top);
        to.line(x, bottom);
      }
    });
    for (const [x, { top, bottom, begins }] of those)
      if (begins && spacing >= NAMED.wide && bottom - top >= 12)
        pen.text(state === DOWN ? 'down' : 'stopped', x + 8, top + 8, { ink, size: 10.5, halo: 'panel', bold: true });
  }
}

function nameState({ pen, spacing, width }: Frame, x: number, top: number, name: string, ink: Ink): void {
  const room = Math.min(spacing - 14, width - x - 12);
  pen.text(shortState(name, Math.min(MOST_CHARACTERS, Math.floor(room / CHARACTER))), x + 8, top + 7, {
    ink,
    size: 10.5,
    halo: 'panel',
  });
}

const actorOf = ({ mainActor, marks }: Frame, { key }: Lane): number | undefined =>
  marks.choice.by === 'actor' ? key : mainActor(key);

/** The states that are to be seen, no stretch less than a pixel: what is shorter is taken together with what follows. */
function stretchesOf(frame: Frame, phases: Phases | undefined): Stretch[] {
  const { yOf, head, height, scale } = frame;
  const [from] = edges(frame);
  const [start, end] = [
    Math.max(head, frame.y(Math.max(from, scale.start))),
    Math.min(height, frame.y(scale.end) + PAST),
  ];
  if (!phases || phases.index.length === 0)
    return start < end ? [{ top: start, bottom: end, state: 0, begins: false }] : [];
  const { index, at, state } = phases;
  const yAt = (place: number): number =>
    (at[place] as number) === Number.NEGATIVE_INFINITY
      ? Number.NEGATIVE_INFINITY
      : yOf(index[place] as number, at[place]);
  const found: Stretch[] = [];
  let place = Math.max(0, after(index.length, (each) => yAt(each) <= head) - 1);
  for (let top = yAt(place); place < index.length && top < height; ) {
    const next = after(index.length, (each) => yAt(each) < top + 1, place + 1);
    const bottom = next < index.length ? yAt(next) : end;
    const stretch = { top: Math.max(head, top), bottom: Math.min(height, bottom), begins: top >= head };
    if (stretch.bottom > stretch.top) found.push({ ...stretch, state: state[next - 1] as number });
    place = next;
    top = bottom;
  }
  return found;
}

/** The first place, from `from` on, at which `isBefore` no longer holds. */
function after(length: number, isBefore: (place: number) => boolean, from = 0): number {
  let [low, high] = [from, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
