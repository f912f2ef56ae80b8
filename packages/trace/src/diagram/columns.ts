import { actorOf, cut, nodeOf } from '@synod/protocol';

/** Where the columns stand, and what they are called. */
export interface Columns {
  readonly names: readonly string[];
  /** The column of the lifeline of each. */
  readonly at: readonly number[];
  /** From where text stands beside the columns; undefined when it stands in them. */
  readonly textAt: number | undefined;
  /** How wide each is. */
  readonly cell: number;
  /** Lines that tell what the names stand for. */
  readonly legend: readonly string[];
  /** The number of an actor's column. */
  indexOf(actor: string): number | undefined;
  /** Its column's name, or its own where it has no column of its own. */
  nameOf(actor: string): string;
}

/** So wide a column has room for what happens in it. */
const ROOMY = 16;
const WIDEST = 30;
const NARROWEST = 3;

export interface ColumnOptions {
  readonly width: number;
  /** What the times take on the left. */
  readonly margin: number;
  readonly by: 'actor' | 'node';
}

/**
 * Puts the actors into columns. While each has room, text stands in the columns; else the columns stand close together and the
 * text beside them. Where even that is too wide, the last column has all actors that find no other.
 */
export function columnsOf(actors: readonly string[], { width, margin, by }: ColumnOptions): Columns {
  const keyOf = (actor: string) => (by === 'node' ? nodeOf(actor as `${string}@${string}`) : actor);
  const keys = [...new Set(actors.map(keyOf))];
  const room = width - margin;
  const isRoomy = Math.floor(room / Math.max(1, keys.length)) >= ROOMY;
  const forText = isRoomy ? 0 : Math.max(16, Math.floor(room * 0.4));
  const most = Math.max(1, Math.floor((room - forText) / NARROWEST));
  const own = keys.length <= most ? keys : keys.slice(0, most - 1);
  const rest = keys.slice(own.length);
  const count = own.length + (rest.length > 0 ? 1 : 0);
  const cell = Math.min(isRoomy ? WIDEST : 6, Math.max(NARROWEST, Math.floor((room - forText) / Math.max(1, count))));
  const { names, legend } = namesFor(own, cell - 1, by);
  const indexOf = (actor: string): number | undefined => {
    const key = keyOf(actor);
    const index = own.indexOf(key);
    return index >= 0 ? index : rest.includes(key) ? own.length : undefined;
  };
  return {
    names: rest.length > 0 ? [...names, cut(`+${rest.length}`, cell)] : names,
    at: Array.from({ length: count }, (_, index) => margin + index * cell),
    textAt: isRoomy ? undefined : margin + count * cell + 1,
    cell,
    legend,
    indexOf,
    nameOf: (actor) => names[indexOf(actor) ?? names.length] ?? actor,
  };
}

/** The longest names that fit and tell all columns apart; else letters, with what they stand for. */
function namesFor(
  keys: readonly string[],
  room: number,
  by: ColumnOptions['by'],
): { readonly names: readonly string[]; readonly legend: readonly string[] } {
  const isAddress = by === 'actor';
  const choices = isAddress
    ? [
        keys,
        keys.map((key) => nodeOf(key as `${string}@${string}`)),
        keys.map((key) => actorOf(key as `${string}@${string}`)),
      ]
    : [keys];
  for (const names of choices) {
    const fits = names.every((name) => name.length <= room) && new Set(names).size === names.length;
    if (fits) return { names, legend: [] };
  }
  const names = keys.map((_, index) => letters(index));
  return { names, legend: [names.map((name, index) => `${name} ${keys[index]}`).join('  ')] };
}

/** A, B, … Z, AA, … */
const letters = (index: number): string =>
  (index >= 26 ? letters(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));
