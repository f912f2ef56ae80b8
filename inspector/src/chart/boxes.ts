import type { ChartState } from '@synod/protocol';
import type { Badge, Box, Detail, Label, Row } from './drawing.ts';
import type { Folded } from './fold.ts';
import type { Line, Routes } from './routes.ts';
import { compactRow, LINE, labelRow, ownRows, stack, stackInColumns, stayingRow } from './rows.ts';
import { clip, type Measure } from './text.ts';

// The boxes before they are placed: of states, and of labels.

/** Everything that decides how large a box is. */
export interface Sizing {
  readonly routes: Routes;
  readonly detail: Detail;
  readonly measure: Measure;
  readonly folded?: ReadonlyMap<string, Folded> | undefined;
}

const TITLE = 31;
const SIDE = 12;
const BADGE_GAP = 10;

const HISTORY = 28;

/** The kind and tags of a state, as its badges say them, and how many states are folded in it. */
function badgesOf(
  { kind, tags, output }: ChartState,
  folded: number | undefined,
  { detail, measure }: Sizing,
): Badge[] {
  // A final state says so by its double frame.
  const kinds = kind === 'parallel' ? [kind] : [];
  const facts = [...kinds, ...(output ? ['output'] : []), ...tags.map((tag) => clip(tag, 16))];
  const count = folded === undefined ? [] : [folded === 1 ? '1 state' : `${folded} states`];
  const texts = [...new Set([...count, ...(detail !== 'full' ? [] : facts)])];
  return texts.map((text) => ({ text, width: Math.ceil(measure(text, 'plain') * 0.9 + 14) }));
}

/** The box of `state` with nothing in it but its own rows, at the origin; a compound state's header. */
export function boxOf(state: ChartState, depth: number, region: boolean, sizing: Sizing): Box {
  const { routes, detail, measure } = sizing;
  const folded = sizing.folded?.get(state.id);
  const common = {
    id: state.id,
    key: clip(state.key),
    kind: state.kind,
    ...(state.history ? { history: state.history } : {}),
    ...(state.source ? { source: state.source } : {}),
    folds: depth > 0 && (state.states.length > 0 || folded !== undefined),
    ...(folded ? { folded: folded.states } : {}),
    region,
    depth,
    x: 0,
    y: 0,
  };
  const words = [state.kind === 'history' ? state.key : '', state.description ?? ''].filter(Boolean).join('\n');
  const description = words === '' ? {} : { description: words };
  if (state.kind === 'history') {
    const size = { width: HISTORY, height: HISTORY, header: HISTORY };
    return { ...common, ...description, ...size, badges: [], rows: [], hidden: [] };
  }
  const isWide = state.states.length > 0;
  const { rows, width, height } = (isWide ? stackInColumns : stack)(rowsOf(state, sizing), SIDE, TITLE + 5);
  const badges = badgesOf(state, folded?.states, sizing);
  const badgeRoom = badges.reduce((sum, { width }) => sum + width + BADGE_GAP, 0);
  const title = measure(clip(state.key), 'title') + badgeRoom;
  const header = rows.length > 0 ? TITLE + 5 + height + 6 : TITLE;
  const hidden = [...(folded?.refs ?? []), ...(detail !== 'full' ? hiddenRefs(state, routes, detail) : [])];
  return {
    ...common,
    ...description,
    badges,
    header,
    rows,
    hidden,
    width: Math.ceil(Math.max(title, width) + 2 * SIDE),
    height: header,
  };
}

function rowsOf(state: ChartState, { routes, detail, measure }: Sizing): Row[] {
  if (detail !== 'full') return [];
  const staying = routes.staying.get(state.id) ?? [];
  return [
    ...ownRows(state, measure),
    ...staying.map(({ transition, target }) => stayingRow(transition, target, measure)),
  ];
}

/** Transitions of a state without a row and without a line of their own. */
function hiddenRefs(state: ChartState, routes: Routes, detail: Detail): string[] {
  const lines = routes.lines.filter((line) => line.from === state.id && (detail === 'names' || isLoop(line)));
  const staying = routes.staying.get(state.id) ?? [];
  return [...staying, ...lines.flatMap((line) => line.members)].map(({ transition }) => transition.ref);
}

export const isLoop = (line: Line): boolean => line.from === line.to;

const LABEL_SIDE = 8;
const LABEL_TOP = 3;
const MOST_EVENTS = 3;

/** The label of a line, at the origin. */
export function labelOf(line: Line, { detail, measure }: Sizing): Label | undefined {
  if (detail === 'outline' || detail === 'names') return undefined;
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
