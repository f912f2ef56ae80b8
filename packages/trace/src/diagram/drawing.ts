import { cut } from '@synod/protocol';
import { Line } from './canvas.ts';
import type { Columns } from './columns.ts';
import type { Row, Tone } from './rows.ts';

type RowOf<K extends Row['kind']> = Extract<Row, { kind: K }>;

/** Draws rows one below the other; knows which columns are down. */
export class Drawing {
  readonly #columns: Columns;
  readonly #width: number;
  readonly #down: Set<number>;

  constructor(columns: Columns, width: number, down: ReadonlySet<number>) {
    this.#columns = columns;
    this.#width = width;
    this.#down = new Set(down);
  }

  /** The line of a row, and how many of the rows that follow it tells as well. */
  draw(row: Row, next: Row | undefined): readonly [Line, 0 | 1] {
    const line = this.#lifelines();
    switch (row.kind) {
      case 'mark':
        this.#mark(line, row);
        return [line, 0];
      case 'sent':
        this.#sent(line, row);
        return [line, 0];
      case 'start':
        this.#start(line, row);
        return [line, 0];
      case 'across':
        this.#across(line, row.text);
        return [line, 0];
      default:
        return [line, this.#arrow(line, row, next)];
    }
  }

  #lifelines(): Line {
    const line = new Line(this.#width);
    for (const [index, at] of this.#columns.at.entries()) line.put(at, this.#down.has(index) ? '╎' : '│', 'line');
    return line;
  }

  #x = (index: number): number => this.#columns.at[index] as number;

  /** Text that belongs to a column: in it, or beside all of them with its name before. */
  #tell(line: Line, actor: string, text: string, tone: Tone): void {
    const { textAt, indexOf, nameOf } = this.#columns;
    const index = indexOf(actor) ?? 0;
    if (textAt === undefined) line.put(this.#x(index) + 1, ` ${text} `, tone);
    else line.put(textAt, `${nameOf(actor)}: ${text}`, tone);
  }

  #mark(line: Line, { columns, symbol, text, tone, becomes }: RowOf<'mark'>): void {
    const known = columns.filter((name) => this.#columns.indexOf(name) !== undefined);
    for (const name of known) {
      const index = this.#columns.indexOf(name) as number;
      line.put(this.#x(index), symbol, tone);
      if (becomes) this.#down[becomes === 'down' ? 'add' : 'delete'](index);
    }
    const last = known.at(-1);
    if (last !== undefined) this.#tell(line, last, text, tone);
  }

  #sent(line: Line, { column, text, to }: RowOf<'sent'>): void {
    const index = this.#columns.indexOf(column);
    if (index === undefined) return;
    const receivers = to
      .map(({ name, tag }) => `${this.#columns.nameOf(name)}${tag === undefined ? '' : ` #${tag}`}`)
      .join(', ');
    const suffix = ` → ${receivers}`;
    // The receivers tell more than a message's last fields.
    const room = this.#width - (this.#columns.textAt ?? this.#x(index)) - suffix.length - 4;
    line.put(this.#x(index), '○', 'message');
    this.#tell(line, column, `${cut(text, Math.max(8, room))}${suffix}`, 'message');
  }

  #start(line: Line, { states }: RowOf<'start'>): void {
    const { textAt, cell } = this.#columns;
    const told: string[] = [];
    for (const [actor, state] of states) {
      const index = this.#columns.indexOf(actor);
      if (index === undefined) continue;
      line.put(this.#x(index), '◆', 'state');
      if (textAt === undefined) line.put(this.#x(index) + 2, cut(state, cell - 3), 'state');
      else told.push(state);
    }
    const distinct = new Set(told);
    if (textAt !== undefined)
      line.put(textAt, distinct.size === 1 ? `all: ${told[0]}` : [...distinct].join(', '), 'state');
  }

  #across(line: Line, text: string): void {
    const { at, textAt } = this.#columns;
    const from = at[0] ?? 0;
    const to = textAt ?? this.#width;
    line.put(from, '┄'.repeat(Math.max(0, to - from - 1)), 'note');
    const most = this.#width - from - 6;
    line.put(textAt ?? from + 3, ` ${cut(text, most)} `, 'note');
  }

  /** Returns 1 when the state that the receiver comes to stands in the same line. */
  #arrow(line: Line, row: RowOf<'arrow'>, next: Row | undefined): 0 | 1 {
    const [from, to] = [this.#columns.indexOf(row.from), this.#columns.indexOf(row.to)];
    const tone = row.lost ? 'lost' : 'message';
    const label = `${row.tag === undefined ? '' : `#${row.tag} `}${row.text}`;
    if (from === undefined || to === undefined || from === to) {
      const index = to ?? from;
      if (index === undefined) return 0;
      line.put(this.#x(index), row.lost ? '✗' : from === to ? '↺' : '▷', tone);
      const isOther = row.from !== row.to;
      const others = [
        isOther && (from === undefined || from === to) && ` from ${row.from}`,
        to === undefined && ` to ${row.to}`,
      ];
      this.#tell(line, to === undefined ? row.from : row.to, `${label}${others.filter(Boolean).join('')}`, tone);
      return 0;
    }
    this.#shaft(line, from, to, row.lost);
    const { textAt, names, nameOf } = this.#columns;
    const [left, right] = [this.#x(Math.min(from, to)), this.#x(Math.max(from, to))];
    const hidden = [row.from, row.to].filter((actor) => !names.includes(nameOf(actor)));
    const told = hidden.length > 0 ? `${label} (${hidden.join(' to ')})` : label;
    if (textAt === undefined) {
      const text = ` ${fitted(label, right - left - 6)} `;
      line.put(left + 1 + Math.floor((right - left - 1 - text.length) / 2), text, tone);
    } else line.put(textAt, told, tone);
    const state = stateAfter(row, next);
    if (!state) return 0;
    if (textAt !== undefined) {
      line.put(this.#x(to), state.symbol, state.tone);
      line.put(textAt + told.length + 2, `${state.symbol} ${state.text}`, state.tone);
      return 1;
    }
    if (from > to) return 0;
    line.put(this.#x(to), `${state.symbol} ${state.text} `, state.tone);
    return 1;
  }

  #shaft(line: Line, from: number, to: number, lost: boolean): void {
    const rightwards = from < to;
    const [left, right] = [this.#x(Math.min(from, to)), this.#x(Math.max(from, to))];
    const tone = lost ? 'lost' : 'message';
    line.put(left + 1, (lost ? '╌' : '─').repeat(right - left - 1), tone);
    for (let index = Math.min(from, to) + 1; index < Math.max(from, to); index++) line.put(this.#x(index), '┼', tone);
    if (!this.#down.has(from)) line.put(this.#x(from), rightwards ? '├' : '┤', 'line');
    line.put(rightwards ? right - 1 : left + 1, lost ? '✗' : rightwards ? '▶' : '◀', tone);
  }
}

/** A message's label in so much room: all of it, or as much of its fields as says something, or its type alone. */
function fitted(label: string, room: number): string {
  const brace = label.indexOf('{');
  if (label.length <= room || brace < 0 || room >= brace + 12) return cut(label, room);
  return cut(label.slice(0, brace), room);
}

/** What the receiver of a message came to by it. */
function stateAfter(arrow: RowOf<'arrow'>, next: Row | undefined): RowOf<'mark'> | undefined {
  if (arrow.lost || next?.kind !== 'mark' || next.tone !== 'state') return undefined;
  return next.columns[0] === arrow.to && next.at === arrow.at ? next : undefined;
}
