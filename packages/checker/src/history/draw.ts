import { describeOperation, groupBy, type Operation } from './operations.ts';

export interface DrawOptions {
  /** Columns; default 100. What needs more is drawn in bands, one below the other. */
  readonly width?: number;
}

const LONGEST_NAME = 24;
const LONGEST_LABEL = 48;

/**
 * A history as text, as Herlihy & Wing draw it: a row for each client (more where it does several things at once), its operations as
 * intervals, time to the right but not to scale. One of unknown outcome has no end. Where the operations themselves do not fit into the
 * width, their numbers stand in the picture, and they below it.
 */
export function drawHistory(operations: readonly Operation[], { width = 100 }: DrawOptions = {}): string {
  if (operations.length === 0) return '(no operations)';
  const sorted = operations.toSorted((a, b) => a.invokedAt - b.invokedAt);
  const clients = groupBy(sorted, ({ client }) => client);
  const margin = Math.min(LONGEST_NAME, Math.max('time'.length, ...[...clients.keys()].map((name) => name.length)));
  const room = Math.max(20, width - margin - 2);
  const whole = new Picture(sorted, (operation) => cut(describeOperation(operation), LONGEST_LABEL));
  if (whole.width <= room) return whole.lines(margin, room).join('\n');
  const numbers = new Map(sorted.map((operation, index) => [operation, `#${index + 1}`]));
  const picture = new Picture(sorted, (operation) => numbers.get(operation) ?? '');
  const legend = sorted.map(
    (operation) => `${numbers.get(operation)?.padStart(margin)}  ${cut(describeOperation(operation), room)}`,
  );
  return [...picture.lines(margin, room), '', ...legend].join('\n');
}

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

/** A moment at which something begins or ends. What takes no time ends just after. */
interface Moment {
  readonly time: number;
  readonly after: boolean;
}

class Picture {
  readonly width: number;
  readonly #columns = new Map<string, number>();
  readonly #rows: { readonly name: string; readonly cells: string[] }[] = [];

  constructor(operations: readonly Operation[], labelOf: (operation: Operation) => string) {
    const moments = new Map<string, Moment>();
    for (const operation of operations)
      for (const moment of [startOf(operation), endOf(operation)]) if (moment) moments.set(keyOf(moment), moment);
    const inOrder = [...moments].sort(([, a], [, b]) => a.time - b.time || Number(a.after) - Number(b.after));
    const endingAt = groupBy(operations, (operation) => {
      const end = endOf(operation);
      return end && keyOf(end);
    });
    let column = -1;
    let last = 0;
    for (const [key] of inOrder) {
      column++;
      for (const operation of endingAt.get(key) ?? [])
        column = Math.max(column, this.#start(operation) + labelOf(operation).length + 4);
      this.#columns.set(key, column);
      last = column;
    }
    for (const operation of endingAt.get(undefined) ?? [])
      last = Math.max(last, this.#start(operation) + labelOf(operation).length + 4);
    this.width = last + 1;
    for (const [client, own] of groupBy(operations, ({ client }) => client)) this.#draw(client, own, labelOf);
  }

  #start(operation: Operation): number {
    return this.#columns.get(keyOf(startOf(operation))) as number;
  }

  /** One client's operations, in as many rows as overlap. */
  #draw(client: string, operations: readonly Operation[], labelOf: (operation: Operation) => string): void {
    const rows: string[][] = [];
    for (const operation of operations) {
      const start = this.#start(operation);
      const end = endOf(operation);
      const stop = end ? (this.#columns.get(keyOf(end)) as number) : this.width;
      let row = rows.find((cells) => cells.length <= start);
      if (!row) {
        row = [];
        rows.push(row);
        this.#rows.push({ name: rows.length === 1 ? client : '', cells: row });
      }
      while (row.length < start) row.push(' ');
      const line = end ? '─' : '╌';
      const inside = ` ${labelOf(operation)} `;
      const space = stop - start - 2 - inside.length + (end ? 0 : 1);
      const text = line.repeat(Math.floor(space / 2)) + inside + line.repeat(Math.ceil(space / 2));
      row.push(...`├${text}${end ? '┤' : ''}`);
    }
  }

  lines(margin: number, room: number): string[] {
    const rows = [...this.#rows, { name: 'time', cells: this.#axis() }];
    const lines: string[] = [];
    for (let from = 0; from < this.width; from += room) {
      if (from > 0) lines.push('');
      for (const { name, cells } of rows) {
        const part = cells.slice(from, from + room).join('');
        lines.push(`${cut(name, margin).padEnd(margin)}  ${part}`.trimEnd());
      }
    }
    return lines;
  }

  /** The times, as many as do not run into each other. */
  #axis(): string[] {
    const cells: string[] = [];
    for (const [key, column] of this.#columns) {
      if (key.endsWith('+') || column < cells.length + (cells.length > 0 ? 1 : 0)) continue;
      while (cells.length < column) cells.push(' ');
      cells.push(...String(Number(Number(key).toFixed(3))));
    }
    return cells;
  }
}

const startOf = ({ invokedAt }: Operation): Moment => ({ time: invokedAt, after: false });

const endOf = ({ invokedAt, returnedAt }: Operation): Moment | undefined =>
  returnedAt === undefined ? undefined : { time: returnedAt, after: returnedAt === invokedAt };

const keyOf = ({ time, after }: Moment): string => `${time}${after ? '+' : ''}`;
