import type { ClientOperation } from '../../../src/world/verdicts.ts';

// Operations as intervals on rows, without a drawing: which row each is on, and what of it falls into a window of time.

/** A part of the time axis. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** An operation on its row. */
export interface Laid {
  readonly operation: ClientOperation;
  /** Counted over all clients, from 0. */
  readonly row: number;
  /** Where it ends; of one without an answer, the end of the history. */
  readonly end: number;
}

export interface Lanes {
  readonly laid: readonly Laid[];
  /** Each client with its first row and how many it has: more than one where it does several things at once. */
  readonly clients: readonly { readonly name: string; readonly row: number; readonly rows: number }[];
  readonly rows: number;
  readonly whole: Window;
}

/** All operations on rows, a client's own side by side only where they overlap. */
export function lanesOf(operations: readonly ClientOperation[]): Lanes {
  const times = operations.flatMap(({ invokedAt, returnedAt = invokedAt }) => [invokedAt, returnedAt]);
  const first = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const last = times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  const whole = operations.length > 0 ? { from: first, to: Math.max(last, first + 1) } : { from: 0, to: 1 };
  const byClient = new Map<string, ClientOperation[]>();
  for (const operation of operations) {
    const own = byClient.get(operation.client);
    if (own) own.push(operation);
    else byClient.set(operation.client, [operation]);
  }
  const laid: Laid[] = [];
  const clients: Lanes['clients'][number][] = [];
  let row = 0;
  for (const name of [...byClient.keys()].sort()) {
    const ends: number[] = [];
    for (const operation of (byClient.get(name) ?? []).toSorted((a, b) => a.invokedAt - b.invokedAt)) {
      const end = operation.returnedAt ?? whole.to;
      const free = ends.findIndex((taken) => taken <= operation.invokedAt);
      const own = free < 0 ? ends.length : free;
      ends[own] = end;
      laid.push({ operation, row: row + own, end });
    }
    clients.push({ name, row, rows: ends.length });
    row += ends.length;
  }
  return { laid, clients, rows: row, whole };
}

/** Those that are to be seen in a window. */
export const within = ({ laid }: Lanes, { from, to }: Window): readonly Laid[] =>
  laid.filter(({ operation, end }) => operation.invokedAt <= to && end >= from);

/** Operations around a place in time, that many at most. */
const AROUND = 24;

/** The window that shows best what matters: what offends; else the operations around a moment, all where they are few. */
export function bestWindow({ laid, whole }: Lanes, around: number | undefined): Window {
  const offending = laid.filter(({ operation: { offends, stuck } }) => offends || stuck);
  if (offending.length > 0) return padded(offending, whole);
  if (laid.length <= AROUND) return padded(laid, whole);
  const moment = around ?? whole.to;
  const near = laid.toSorted((a, b) => distance(a, moment) - distance(b, moment)).slice(0, AROUND);
  return padded(near, whole);
}

/** A window that is so many times as long, about a place between 0 and 1 of it, and stays within `whole`. */
export function zoomed({ from, to }: Window, factor: number, about: number, whole: Window): Window {
  const length = Math.min((to - from) * factor, (whole.to - whole.from) * 1.1);
  const pivot = from + (to - from) * about;
  return kept({ from: pivot - length * about, to: pivot + length * (1 - about) }, whole);
}

/** A window that is moved by a part of its length. */
export const moved = ({ from, to }: Window, part: number, whole: Window): Window =>
  kept({ from: from + (to - from) * part, to: to + (to - from) * part }, whole);

function kept({ from, to }: Window, whole: Window): Window {
  const margin = (whole.to - whole.from) * 0.05;
  const length = to - from;
  const start = Math.max(whole.from - margin, Math.min(from, whole.to + margin - length));
  return { from: start, to: start + length };
}

function padded(shown: readonly Laid[], whole: Window): Window {
  const from = Math.min(...shown.map(({ operation }) => operation.invokedAt));
  const to = Math.max(...shown.map(({ operation }) => operation.returnedAt ?? operation.invokedAt));
  const margin = Math.max((to - from) * 0.08, (whole.to - whole.from) * 0.002);
  return { from: from - margin, to: to + margin };
}

const distance = ({ operation, end }: Laid, moment: number): number =>
  moment < operation.invokedAt ? operation.invokedAt - moment : Math.max(0, moment - end);

/** Round places for marks of the axis, some `count` of them. */
export function ticks({ from, to }: Window, count: number): readonly number[] {
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, index) => (first + index) * step);
}
