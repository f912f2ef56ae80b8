import type { ChartState } from '@synod/protocol';
import type { Badge, Box, Detail, Label, Row } from './drawing.ts';
import type { Line, Routes } from './routes.ts';
import { compactRow, LINE, labelRow, ownRows, stack, stayingRow } from './rows.ts';
import { clip, type Measure } from './text.ts';

// The boxes before they are placed: of states, and of labels.

/** Everything that decides how large a box is. */
export interface Sizing {
  readonly routes: Routes;
  readonly detail: Detail;
  readonly measure: Measure;
}

const TITLE = 31;
const SIDE = 12;
const BADGE_GAP = 10;

/** The kind and tags of a state, as its badges say them. */
function badgesOf({ kind, tags }: ChartState, { detail, measure }: Sizing): Badge[] {
  const kinds = kind === 'parallel' || kind === 'history' || kind === 'final' ? [kind] : [];
  const texts = detail === 'compact' ? [] : [...new Set([...kinds, ...tags.map((tag) => clip(tag, 16))])];
  return texts.map((text) => ({ text, width: Math.ceil(measure(text, 'plain') * 0.9 + 14) }));
}

/** The box of `state` with nothing in it but its own rows, at the origin; a compound state's header. */
export function boxOf(state: ChartState, depth: number, region: boolean, { routes, detail, measure }: Sizing): Box {
  const staying = routes.staying.get(state.id) ?? [];
  const unstacked: Row[] =
    detail === 'compact'
      ? []
      : [
          ...ownRows(state, measure),
          ...staying.map(({ transition, target }) => stayingRow(transition, target, measure)),
        ];
  const { rows, width, height } = stack(unstacked, SIDE, TITLE + 5);
  const badges = badgesOf(state, { routes, detail, measure });
  const badgeRoom = badges.reduce((sum, { width }) => sum + width + BADGE_GAP, 0);
  const title = measure(clip(state.key), 'title') + badgeRoom;
  const header = rows.length > 0 ? TITLE + 5 + height + 6 : TITLE;
  return {
    id: state.id,
    key: clip(state.key),
    kind: state.kind,
    ...(state.description ? { description: state.description } : {}),
    badges,
    header,
    region,
    depth,
    rows,
    hidden: detail === 'compact' ? hiddenRefs(state, routes) : [],
    x: 0,
    y: 0,
    width: Math.ceil(Math.max(title, width) + 2 * SIDE),
    height: header,
  };
}

function hiddenRefs(state: ChartState, routes: Routes): string[] {
  const loops = routes.lines.filter(isLoop).filter((line) => line.from === state.id);
  const staying = routes.staying.get(state.id) ?? [];
  return [...staying, ...loops.flatMap((line) => line.members)].map(({ transition }) => transition.ref);
}

export const isLoop = (line: Line): boolean => line.from === line.to;

const LABEL_SIDE = 8;
const LABEL_TOP = 3;
const MOST_EVENTS = 3;

/** The label of a line, at the origin. */
export function labelOf(line: Line, { detail, measure }: Sizing): Label | undefined {
  const unstacked = detail === 'compact' ? compactRows(line, measure) : fullRows(line, measure);
  if (unstacked.length === 0) return undefined;
  const { rows, width, height } = stack(unstacked, LABEL_SIDE, LABEL_TOP);
  return { x: 0, y: 0, width: Math.ceil(width + 2 * LABEL_SIDE), height: height + 2 * LABEL_TOP, rows };
}

const fullRows = (line: Line, measure: Measure): Row[] =>
  line.members.map(({ transition, target }) => labelRow(transition, target, measure));

function compactRows(line: Line, measure: Measure): Row[] {
  const byEvent = new Map(line.members.map(({ transition }) => [transition.kind + transition.event, transition]));
  const rows = [...byEvent.values()].map((transition) => compactRow(transition, measure));
  if (rows.length <= MOST_EVENTS) return rows;
  const text = `+ ${rows.length - MOST_EVENTS + 1} more`;
  const more: Row = {
    kind: 'event',
    x: 0,
    y: 0,
    width: measure(text, 'plain'),
    height: LINE,
    spans: [{ text, role: 'action', x: 0, y: 12.5 }],
  };
  return [...rows.slice(0, MOST_EVENTS - 1), more];
}
