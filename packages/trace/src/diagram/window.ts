import type { Row } from './rows.ts';

export interface WindowOptions {
  /** At most so many rows, from the end, or with `around` closest to that moment. Default all, with `around` 40. */
  readonly last?: number;
  /** A moment, in the trace's milliseconds. */
  readonly around?: number;
}

/** The rows to be shown, and how many there are before and after them. */
export interface Shown {
  readonly rows: readonly Row[];
  readonly before: number;
  readonly after: number;
}

const AROUND = 40;

/** Cuts a part out of a long diagram. */
export function cutOut(rows: readonly Row[], { last, around }: WindowOptions): Shown {
  const size = last ?? (around === undefined ? rows.length : AROUND);
  const middle = around === undefined ? rows.length : rows.findIndex(({ at }) => at >= around);
  const centre = middle < 0 ? rows.length : middle;
  const wanted = around === undefined ? rows.length - size : centre - Math.floor(size / 2);
  const from = Math.max(0, Math.min(wanted, rows.length - size));
  const shown = rows.slice(from, from + size);
  return { rows: shown, before: from, after: rows.length - from - shown.length };
}

/** A message that arrives right after it was sent needs no row for its sending: the arrow tells. */
export function withoutPlainSends(rows: readonly Row[]): readonly Row[] {
  return rows.filter((row, index) => {
    const next = rows[index + 1];
    const isPlain =
      row.kind === 'sent' &&
      row.to.length === 1 &&
      next?.kind === 'arrow' &&
      next.id === row.to[0]?.id &&
      next.at - row.at <= 1;
    return !isPlain;
  });
}

/** Numbers the messages whose sending and arrival are both shown, so that one finds the other. */
export function withTags(rows: readonly Row[]): readonly Row[] {
  const sent = new Set(rows.flatMap((row) => (row.kind === 'sent' ? row.to.map(({ id }) => id) : [])));
  const tags = new Map<string, number>();
  for (const row of rows)
    if (row.kind === 'arrow' && row.id !== undefined && sent.has(row.id) && !tags.has(row.id)) tags.set(row.id, 0);
  let count = 0;
  for (const row of rows) if (row.kind === 'sent') for (const { id } of row.to) if (tags.has(id)) tags.set(id, ++count);
  return rows.map((row) => {
    if (row.kind === 'arrow') {
      const tag = row.id === undefined ? undefined : tags.get(row.id);
      return tag === undefined ? row : { ...row, tag };
    }
    if (row.kind !== 'sent') return row;
    const to = row.to.map((receiver) => {
      const tag = tags.get(receiver.id);
      return tag === undefined ? receiver : { ...receiver, tag };
    });
    return { ...row, to };
  });
}
