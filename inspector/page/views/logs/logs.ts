import { brief, type LogView } from '@synod/protocol';
import { byName } from '../../../src/world/by-name.ts';
import type { ActorView, World } from '../../../src/world/world.ts';
import { isFields, listOf } from './lists.ts';

/** An entry in one replica's log. */
export interface Entry {
  /** What it is coloured by: its term or ballot. Empty where there is nothing. */
  readonly group: string;
  /** One of eight colours; the same for the same group everywhere. */
  readonly hue: number;
  /** Whether most replicas that have something at this index have the same. */
  readonly agrees: boolean;
  /** All of it, for a person. */
  readonly text: string;
}

/** An index into the log that the protocol marks: how far it is committed. */
export interface Mark {
  readonly name: string;
  readonly index: number;
}

/** One replica's log. */
export interface LogRow {
  readonly node: string;
  readonly address: string;
  readonly isUp: boolean;
  /** The index of its last entry; one before the first where there is none. */
  readonly last: number;
  readonly entries: ReadonlyMap<number, Entry>;
  readonly marks: readonly Mark[];
}

/** The logs of all replicas of one protocol, side by side. */
export interface LogTable {
  readonly name: string;
  /** The names of the marks. */
  readonly marks: readonly string[];
  /** The columns, the newest last. */
  readonly indices: readonly number[];
  /** Indices at which replicas have different entries. */
  readonly disputed: readonly number[];
  readonly rows: readonly LogRow[];
}

/** Columns of a table, at most: of longer logs, the last. */
const MAX_COLUMNS = 40;
const MAX_TEXT = 300;
const HUES = 8;

/** A table for each protocol that declares a log. */
export function logTables(world: World): LogTable[] {
  const tables = new Map<
    string,
    { readonly view: LogView; readonly name: string; readonly actors: [string, boolean, ActorView][] }
  >();
  for (const { node, up, actors } of Object.values(world)) {
    for (const actor of Object.values(actors)) {
      const view = logViewOf(actor);
      if (!view) continue;
      const key = `${actor.protocol} ${actor.address.slice(0, actor.address.indexOf('@'))}`;
      const table = tables.get(key) ?? { view, name: actor.protocol, actors: [] };
      tables.set(key, table);
      table.actors.push([node, up && actor.phase === 'running', actor]);
    }
  }
  return [...tables.values()].map(({ view, name, actors }) => {
    actors.sort(([a], [b]) => byName(a, b));
    return tableOf(name, view, actors);
  });
}

/** The log that an actor's protocol declares, as far as what came from outside makes sense. */
function logViewOf({ chart, context }: ActorView): LogView | undefined {
  const log = isFields(chart.view) ? (chart.view.log as unknown) : undefined;
  if (!isFields(log) || typeof log.field !== 'string' || !Object.hasOwn(context, log.field)) return undefined;
  const { field, first, group, agreed, marks } = log;
  return {
    field,
    first: typeof first === 'number' && Number.isSafeInteger(first) ? first : 1,
    ...(typeof group === 'string' && { group }),
    ...(typeof agreed === 'string' && { agreed }),
    marks: Array.isArray(marks) ? marks.filter((mark) => typeof mark === 'string') : [],
  };
}

function tableOf(name: string, view: LogView, actors: readonly [string, boolean, ActorView][]): LogTable {
  const { field, first = 1, marks = [] } = view;
  const told = actors.map(([, , { context }]) => listOf(context[field]) ?? { hidden: 0, items: [] });
  const end = Math.max(...told.map(({ hidden, items }) => first + hidden + items.length));
  const begin = Math.max(Math.min(...told.map(({ hidden }) => first + hidden)), end - MAX_COLUMNS);
  const indices = Array.from({ length: Math.max(0, end - begin) }, (_, at) => begin + at);
  const itemAt = (row: number, index: number): unknown => {
    const { hidden, items } = told[row] as (typeof told)[number];
    return items[index - first - hidden];
  };
  const usual = new Map(
    indices.map((index) => [index, mostUsual(actors.map((_, row) => key(itemAt(row, index), view)))]),
  );
  const rows = actors.map(([node, isUp, { address, context }], row): LogRow => {
    const { hidden, items } = told[row] as (typeof told)[number];
    const entries = indices.flatMap((index): [number, Entry][] => {
      const item = itemAt(row, index);
      return item === undefined ? [] : [[index, entryOf(item, view, usual.get(index))]];
    });
    const shown = marks.flatMap((mark): Mark[] => {
      const index = context[mark];
      return typeof index === 'number' ? [{ name: mark, index }] : [];
    });
    return { node, address, isUp, last: first + hidden + items.length - 1, entries: new Map(entries), marks: shown };
  });
  const isDisputed = (index: number): boolean => rows.some(({ entries }) => entries.get(index)?.agrees === false);
  return { name, marks, indices, disputed: indices.filter(isDisputed), rows };
}

/** What replicas are to agree in; undefined where there is nothing. */
function key(item: unknown, { agreed }: LogView): string | undefined {
  if (item === undefined || item === null) return undefined;
  return JSON.stringify(agreed !== undefined && isFields(item) ? item[agreed] : item);
}

/** The text that stands there most often; of two that do, the one that came first. */
function mostUsual(texts: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

function entryOf(item: unknown, view: LogView, usual: string | undefined): Entry {
  const own = key(item, view);
  const value = view.group !== undefined && isFields(item) ? item[view.group] : undefined;
  const group = value === undefined || value === null ? '' : shortGroup(value);
  const text = brief(item);
  return {
    group,
    hue: hueOf(group),
    agrees: own === undefined || own === usual,
    text: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text,
  };
}

/** A term or ballot as short as a cell wants it: of an object, its numbers. */
function shortGroup(value: unknown): string {
  if (!isFields(value)) return brief(value).slice(0, 12);
  const numbers = Object.values(value).filter((part) => typeof part === 'number');
  return (numbers.length > 0 ? numbers.join('.') : brief(value)).slice(0, 12);
}

function hueOf(group: string): number {
  const number = Number(group);
  if (group !== '' && Number.isSafeInteger(number)) return Math.abs(number) % HUES;
  let sum = 0;
  for (let at = 0; at < group.length; at++) sum = (sum * 31 + group.charCodeAt(at)) % 65_521;
  return sum % HUES;
}
