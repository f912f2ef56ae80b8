import { SynodError, type TraceHeader, type TraceRecord } from '@synod/protocol';
import { Line, type Paint } from './canvas.ts';
import { type Columns, columnsOf } from './columns.ts';
import { Drawing } from './drawing.ts';
import { actorsOf, type Row, type RowOptions, rowsOf } from './rows.ts';
import { cutOut, type WindowOptions, withoutPlainSends, withTags } from './window.ts';

export interface SpaceTimeOptions extends RowOptions, WindowOptions {
  /** Characters in a line; default 100, at least 40. */
  readonly width?: number;
  /** A column for each actor (default), or one for each node. */
  readonly by?: 'actor' | 'node';
  /** Colours the diagram; without it, it is plain text. */
  readonly paint?: Paint;
}

/**
 * A trace as a space-time diagram in text (Lamport, *Time, Clocks, and the Ordering of Events in a Distributed System*, 1978, figure 1):
 * a column for each actor, time runs down, a message is an arrow from its sender's column to its receiver's at the moment at which it is
 * taken up. `○` a message leaves, and `#n` tells where it arrives; `✗` it is lost; `▷` a request; `◷` a timer fires; `◆` a new
 * state, `·` a change within it; `»` the embedder is told something; `✖` a crash; `↻` a restart.
 * @throws SynodError `DIAGRAM_WIDTH` when the width is below 40.
 */
export function spaceTime(trace: readonly (TraceRecord | TraceHeader)[], options: SpaceTimeOptions = {}): string {
  const { width = 100, by = 'actor', paint } = options;
  if (!(width >= 40))
    throw new SynodError('DIAGRAM_WIDTH', `A diagram cannot be ${width} characters wide; give it 40 or more.`);
  const records = trace.filter((record): record is TraceRecord => record.type !== 'header');
  const all = withoutPlainSends(rowsOf(records, options));
  const shown = cutOut(all, options);
  const rows = withTags(shown.rows);
  if (rows.length === 0) return '(nothing happened)';
  const times = rows.map(({ at }) => timeOf(at));
  const margin = Math.max(2, ...times.map((time) => time.length)) + 2;
  const actors = actorsOf(records);
  const columns = columnsOf(actors, { width, margin, by });

  const drawing = new Drawing(columns, width, downBefore(all.slice(0, shown.before), columns));
  const lines = [...legendOf(columns, margin, width), header(columns, width)];
  if (shown.before > 0) lines.push(ellipsis(margin, width, shown.before, 'before'));
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as Row;
    const isSame = index > 0 && times[index - 1] === times[index];
    const [line, taken] = drawing.draw(row, rows[index + 1]);
    if (!isSame) line.put(0, (times[index] as string).padStart(margin - 2), 'time');
    lines.push(line);
    index += taken;
  }
  if (shown.after > 0) lines.push(ellipsis(margin, width, shown.after, 'after'));
  return lines.map((line) => line.text(paint)).join('\n');
}

const timeOf = (at: number): string => String(Number(at.toFixed(3)));

function header({ names, at }: Columns, width: number): Line {
  const line = new Line(width);
  for (const [index, name] of names.entries()) line.put(at[index] as number, name, 'name');
  return line;
}

function legendOf({ legend }: Columns, margin: number, width: number): readonly Line[] {
  const room = width - margin;
  return legend.flatMap((text) => {
    const lines: string[] = [];
    for (const word of text.split('  ')) {
      const last = lines.at(-1);
      if (last !== undefined && last.length + word.length + 2 <= room) lines[lines.length - 1] = `${last}  ${word}`;
      else lines.push(word);
    }
    return lines.map((each) => {
      const line = new Line(width);
      line.put(margin, each, 'name');
      return line;
    });
  });
}

function ellipsis(margin: number, width: number, count: number, where: string): Line {
  const line = new Line(width);
  line.put(margin, `⋮ ${count} ${count === 1 ? 'row' : 'rows'} ${where}`, 'note');
  return line;
}

/** Which columns are down where the shown part begins. */
function downBefore(rows: readonly Row[], columns: Columns): ReadonlySet<number> {
  const down = new Set<number>();
  for (const row of rows) {
    if (row.kind !== 'mark' || !row.becomes) continue;
    for (const name of row.columns) {
      const index = columns.indexOf(name);
      if (index !== undefined) down[row.becomes === 'down' ? 'add' : 'delete'](index);
    }
  }
  return down;
}
