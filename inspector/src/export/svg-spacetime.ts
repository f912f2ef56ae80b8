import { assert, SynodError, type TraceRecord } from '@synod/protocol';
import { plainSettings, type Settings } from '../spacetime/choices.ts';
import { geometryOf } from '../spacetime/frame.ts';
import type { Marks } from '../spacetime/marks.ts';
import type { Palette } from '../spacetime/pen.ts';
import { spacetimeSvg } from '../spacetime/picture.ts';
import { SpaceTime } from '../spacetime/spacetime.ts';
import { MARGIN } from '../spacetime/viewport.ts';
import { Story } from '../story/story.ts';
import { type Theme, themeValues } from '../theme.ts';

export interface SvgSpacetimeOptions {
  readonly theme: Theme;
  /** The style sheet with the themes' colours, as `chartStyles()` of `@synod/inspector/chart` reads it. */
  readonly css: string;
  /** A lane for each node (default), or one for each actor. */
  readonly by?: Settings['by'];
  /** What stands downwards: one event after the other (default), time without what is idle, or time as it is. */
  readonly axis?: Settings['axis'];
  /** What the records' times count; default milliseconds, in a counterexample steps. */
  readonly unit?: 'ms' | 'step';
  /** Events that are drawn at most; default 1,000, a picture of about three metres on paper. */
  readonly events?: number;
}

const MOST = 1_000;
/** Height for each event, for each lane, and of all of a picture at least, in pixels. */
const EACH = 9;
const LANE = { wide: 150, narrow: 26 } as const;
const WIDEST = 1_600;
const LEAST = { width: 480, height: 240 } as const;
/** Room for axis and edge. */
const BESIDE = 80;
/** Records that are read between two looks at how many events there are. */
const STRIDE = 500;

/**
 * A trace as a space-time diagram, as SVG that needs nothing else: lanes side by side, time downwards, messages as arrows. It is as high as its
 * events need; none is left out.
 * @throws SynodError `EXPORT_TOO_LONG`, which tells how many of the records fit.
 */
export function svgSpacetime(records: Iterable<TraceRecord>, options: SvgSpacetimeOptions): string {
  const { by = 'node', axis = 'order', unit = 'ms', theme, css, events = MOST } = options;
  const spaceTime = new SpaceTime(new Story(), { unit, settings: { ...plainSettings, by, axis } });
  spaceTime.shown = { ...spaceTime.shown, cursor: undefined };
  spaceTime.isOver = true;
  for (const lines of inStrides(records)) {
    spaceTime.story.append(lines);
    spaceTime.marks.go();
    refuseLong(spaceTime.marks, events);
  }
  const size = sizeOf(spaceTime);
  spaceTime.resize(size.width, size.height);
  spaceTime.grow();
  spaceTime.fit();
  return spacetimeSvg(spaceTime, paletteOf(css, theme), size);
}

function* inStrides(records: Iterable<TraceRecord>): Generator<string[]> {
  let lines: string[] = [];
  for (const record of records) {
    if (lines.push(JSON.stringify(record)) < STRIDE) continue;
    yield lines;
    lines = [];
  }
  yield lines;
}

function refuseLong({ all }: Marks, most: number): void {
  if (all.length <= most) return;
  const fits = all.at(most);
  throw new SynodError(
    'EXPORT_TOO_LONG',
    `The diagram would have more than ${most} events; ${fits} of the records fit: choose fewer, by range, actor or node.`,
    { details: { events: most, fits } },
  );
}

function sizeOf({ lanes: { lanes }, marks }: SpaceTime): { readonly width: number; readonly height: number } {
  const each = Math.max(LANE.narrow, Math.min(LANE.wide, (WIDEST - BESIDE) / Math.max(1, lanes.length)));
  const width = Math.max(LEAST.width, Math.ceil(BESIDE + each * lanes.length));
  const height = geometryOf(lanes, width).head + 2 * MARGIN + EACH * marks.all.length;
  return { width, height: Math.max(LEAST.height, Math.ceil(height)) };
}

function paletteOf(css: string, theme: Theme): Palette {
  const values = themeValues(css, theme);
  return (ink) => {
    const colour = values.get(`--${ink}`);
    assert(colour !== undefined, `the style sheet has no colour "${ink}"`);
    return colour;
  };
}
