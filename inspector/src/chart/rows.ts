import type { ChartState, ChartTransition } from '@synod/protocol';
import type { IconName, Rect, Row, Span } from './drawing.ts';
import { clip, type Font, type Measure } from './text.ts';

// Rows of text: entry and exit actions, transitions that stay in their state, the labels of those that do not.

export const LINE = 17;
const ICON = 17;
/** Where a text's baseline lies below the top of its line. */
const BASELINE = 12.5;

interface Word {
  readonly text: string;
  readonly role: Span['role'];
  /** Begins a new line whatever room is left. */
  readonly fresh?: boolean;
}

const fontOf = (role: Span['role']): Font => (role === 'event' || role === 'target' ? 'event' : 'plain');

/** Sets `words` in lines of at most `width`, continued lines indented. */
function set(words: readonly Word[], width: number, left: number, measure: Measure): Rect & { spans: Span[] } {
  const space = 4;
  const spans: Span[] = [];
  let x = left;
  let line = 0;
  let right = left;
  for (const { text, role, fresh } of words) {
    const wide = measure(text, fontOf(role));
    if (spans.length > 0 && (fresh || x + wide > width)) {
      line += 1;
      x = left + 8;
    }
    const last = spans.at(-1);
    // What follows in the same style is one text: how wide a space is, the font knows best.
    const joined = last?.role === role && last.y === line * LINE + BASELINE ? `${last.text} ${text}` : undefined;
    if (last && joined !== undefined) {
      spans[spans.length - 1] = { ...last, text: joined };
      x = last.x + measure(joined, fontOf(role));
    } else {
      spans.push({ text, role, x, y: line * LINE + BASELINE });
      x += wide;
    }
    right = Math.max(right, x);
    x += space;
  }
  return { x: 0, y: 0, width: right, height: (line + 1) * LINE, spans };
}

function actionWords(actions: readonly string[], fresh: boolean): Word[] {
  return actions.map((action, index) => ({
    text: `${index === 0 ? '/ ' : ''}${clip(action)}${index < actions.length - 1 ? ',' : ''}`,
    role: 'action' as const,
    fresh: fresh && index === 0,
  }));
}

/** Entry or exit actions of a state; nothing when there are none. */
function actionRows(kind: 'entry' | 'exit', actions: readonly string[], measure: Measure): Row[] {
  if (actions.length === 0) return [];
  const words = actions.map((action, index) => ({
    text: `${clip(action)}${index < actions.length - 1 ? ',' : ''}`,
    role: 'action' as const,
  }));
  return [{ kind, icon: kind, ...set(words, 300, ICON, measure) }];
}

/** The actors that live as long as the state is active: each by its logic, and by its id where that is another. */
const invokeRows = (state: ChartState, measure: Measure): Row[] =>
  (state.invoke ?? []).map(({ id, src }) => {
    const words: Word[] = [{ text: clip(src), role: 'event' }];
    if (id !== src && !id.endsWith(state.id)) words.push({ text: `as ${clip(id)}`, role: 'action' });
    return { kind: 'invoke', icon: 'invoke', ...set(words, 300, ICON, measure) };
  });

const DONE = /^xstate\.done\.(state|actor)\.(.+)$/;
const FAILED = /^xstate\.error\.actor\.(.+)$/;

/** The kind of a transition to a reader: what XState raises by itself is not an event of the author's. */
const rowKind = ({ kind, event }: ChartTransition): Row['kind'] =>
  kind !== 'event' ? kind : DONE.test(event) ? 'done' : FAILED.test(event) ? 'failed' : 'event';

/** The words for a transition's event: `always` is spelt out, so that no label is empty. */
function eventText({ kind, event }: ChartTransition): string {
  if (kind === 'always') return 'always';
  const [, whose, name = ''] = DONE.exec(event) ?? [];
  if (whose !== undefined) return whose === 'state' ? 'done' : clip(`${name} done`);
  const failed = FAILED.exec(event)?.[1];
  return clip(failed === undefined ? event : `${failed} failed`);
}

const ICON_OF: Partial<Record<Row['kind'], IconName>> = {
  after: 'clock',
  always: 'bolt',
  done: 'check',
  failed: 'cross',
};
const kindIcon = (transition: ChartTransition): IconName | undefined => ICON_OF[rowKind(transition)];

function transitionRow(
  transition: ChartTransition,
  words: readonly Word[],
  icon: IconName | undefined,
  width: number,
  measure: Measure,
): Row {
  const { ref, description, source } = transition;
  const placed = set(words, width, icon ? ICON : 0, measure);
  return {
    kind: rowKind(transition),
    ref,
    ...(icon ? { icon } : {}),
    ...(description ? { description } : {}),
    ...(source ? { source } : {}),
    ...placed,
  };
}

const head = (transition: ChartTransition): Word[] => [
  { text: eventText(transition), role: 'event' },
  ...(transition.guard === undefined ? [] : [{ text: `[${clip(transition.guard)}]`, role: 'guard' as const }]),
];

/** A transition written inside its state; `target` when it leads away without a line of its own. */
export function stayingRow(transition: ChartTransition, target: string | undefined, measure: Measure): Row {
  const icon = target !== undefined ? 'out' : (kindIcon(transition) ?? (transition.reenter ? 'again' : 'stay'));
  const words = [...head(transition), ...actionWords(transition.actions, false)];
  if (target !== undefined) words.push({ text: `→ ${clip(target)}`, role: 'target' });
  return transitionRow(transition, words, icon, 370, measure);
}

/** A transition as a row of the label on its line; `target` when the line ends at a box around the true target. */
export function labelRow(transition: ChartTransition, target: string | undefined, measure: Measure): Row {
  const words = [...head(transition), ...actionWords(transition.actions, true)];
  if (target !== undefined) words.push({ text: `→ ${clip(target)}`, role: 'target' });
  return transitionRow(transition, words, kindIcon(transition), 230, measure);
}

/** The rows of a compact label: each event once, its refs together. */
export function compactRow(transition: ChartTransition, measure: Measure): Row {
  const word = { text: clip(eventText(transition), 24), role: 'event' } as const;
  return transitionRow(transition, [word], kindIcon(transition), 400, measure);
}

/** Puts rows below each other, `left` from the edge and from `top` on; returns them and the room they take. */
export function stack(rows: readonly Row[], left: number, top: number): { rows: Row[]; width: number; height: number } {
  let y = top;
  const placed = rows.map((row) => {
    const moved = { ...row, x: left, y };
    y += row.height;
    return moved;
  });
  return { rows: placed, width: Math.max(0, ...rows.map((row) => row.width)), height: y - top };
}

/** Rows in one column, from which on a state with others in it has them side by side. */
const TALL = 9;
const COLUMN_GAP = 28;

/** Puts many rows in columns of about the same height, `left` from the edge and from `top` on. */
export function stackInColumns(rows: readonly Row[], left: number, top: number): ReturnType<typeof stack> {
  const columns = Math.min(3, Math.ceil(rows.length / TALL));
  const each = rows.reduce((sum, row) => sum + row.height, 0) / columns;
  const parts = Array.from({ length: columns }, (): Row[] => []);
  let before = 0;
  for (const row of rows) {
    parts[Math.min(columns - 1, Math.floor(before / each))]?.push(row);
    before += row.height;
  }
  let x = left;
  const placed = parts.map((part) => {
    const column = stack(part, x, top);
    x += column.width + COLUMN_GAP;
    return column;
  });
  return {
    rows: placed.flatMap((column) => column.rows),
    width: x - COLUMN_GAP - left,
    height: Math.max(...placed.map((column) => column.height)),
  };
}

/** What stands in a state's box below its title, transitions apart. */
export const ownRows = (state: ChartState, measure: Measure): Row[] => [
  ...actionRows('entry', state.entry, measure),
  ...invokeRows(state, measure),
  ...actionRows('exit', state.exit, measure),
];
