import type { Lane } from '../../../src/spacetime/marks.ts';
import type { SpaceTime } from '../../../src/spacetime/spacetime.ts';

/** What a key asks for; undefined of one that is none of the diagram's. */
export type Ask =
  | { readonly do: 'zoom'; readonly factor: number }
  | { readonly do: 'pan'; readonly pages: number }
  | { readonly do: 'fit' | 'follow' | 'select' | 'node' | 'leave' }
  | { readonly do: 'walk'; readonly by: 1 | -1 }
  | { readonly do: 'lane'; readonly by: 1 | -1 }
  | { readonly do: 'edge'; readonly last: boolean };

const STEP = 0.15;

const ASKS: Readonly<Record<string, Ask>> = {
  '+': { do: 'zoom', factor: 1.5 },
  '=': { do: 'zoom', factor: 1.5 },
  '-': { do: 'zoom', factor: 1 / 1.5 },
  '0': { do: 'fit' },
  f: { do: 'follow' },
  n: { do: 'node' },
  PageDown: { do: 'pan', pages: 0.8 },
  PageUp: { do: 'pan', pages: -0.8 },
  ArrowDown: { do: 'walk', by: 1 },
  ArrowUp: { do: 'walk', by: -1 },
  ArrowRight: { do: 'lane', by: 1 },
  ArrowLeft: { do: 'lane', by: -1 },
  Home: { do: 'edge', last: false },
  End: { do: 'edge', last: true },
  Enter: { do: 'select' },
  ' ': { do: 'select' },
  Escape: { do: 'leave' },
};

export function askOf({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): Ask | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  if (shiftKey && (key === 'ArrowDown' || key === 'ArrowUp'))
    return { do: 'pan', pages: key === 'ArrowDown' ? STEP : -STEP };
  return Object.hasOwn(ASKS, key) ? ASKS[key] : undefined;
}

/** The record on which the keyboard is: the one it was at, or the selected one, or the last before the present. */
export function startOf({ marks, shown, lanes }: SpaceTime): number | undefined {
  const { story, all } = marks;
  for (const index of [shown.focused, shown.selected]) {
    if (index !== undefined && index >= story.first && index < story.length) return index;
  }
  if (all.length === 0 || lanes.lanes.length === 0) return undefined;
  return all.at(Math.max(0, Math.min(all.length - 1, all.placeOf(shown.cursor ?? story.length) - 1)));
}

/** The next or previous event of the lane on which a record stands. */
export function walked(spaceTime: SpaceTime, from: number, by: 1 | -1): number | undefined {
  const list = laneOf(spaceTime, from)?.marks;
  if (!list) return undefined;
  const place = by > 0 ? list.placeOf(from + 1) : list.placeOf(from) - 1;
  return place >= 0 && place < list.length ? list.at(place) : undefined;
}

/** The first or last event of a lane. */
export function edgeOf(spaceTime: SpaceTime, from: number, last: boolean): number | undefined {
  const list = laneOf(spaceTime, from)?.marks;
  return list && list.length > 0 ? list.at(last ? list.length - 1 : 0) : undefined;
}

/** The event of a lane beside that is nearest in time; lanes without any are passed over. */
export function across(spaceTime: SpaceTime, from: number, by: 1 | -1): number | undefined {
  const { lanes } = spaceTime.lanes;
  const { story } = spaceTime;
  const key = spaceTime.marks.laneOf(from);
  for (let at = lanes.findIndex((lane) => lane.key === key) + by; at >= 0 && at < lanes.length; at += by) {
    const { marks } = lanes[at] as Lane;
    if (marks.length === 0) continue;
    const place = marks.placeOf(from);
    const near = [place - 1, place].filter((each) => each >= 0 && each < marks.length).map((each) => marks.at(each));
    return near.sort((a, b) => Math.abs(story.at(a) - story.at(from)) - Math.abs(story.at(b) - story.at(from)))[0];
  }
  return undefined;
}

const laneOf = ({ marks }: SpaceTime, index: number): Lane | undefined => marks.lanes.get(marks.laneOf(index));
