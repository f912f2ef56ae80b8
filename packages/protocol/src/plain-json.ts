import { describeError } from './errors.ts';

/** How much of a value goes into a line of JSON. */
export interface TraceLimits {
  /** Levels below a record's own fields. Default: no limit. */
  readonly depth?: number;
  /** Items of a list, and entries of an object or map. Default: no limit. */
  readonly items?: number;
  /** Characters of a string. Default: no limit. */
  readonly characters?: number;
  /** Values in all, at whatever depth. Default: no limit. */
  readonly values?: number;
}

/** Fields whose values never leave the process. */
const SECRET = /(token|secret|password|authorization|cookie)$/i;

/** Whether the value of a field of this name never leaves the process. */
export const isSecret = (field: string): boolean => SECRET.test(field);

/**
 * A value as plain JSON within limits: maps as objects, sets and sequences as lists, bytes by their length, cycles and secrets
 * by those words. An object that has a form of its own for JSON is told in it, as XState's actors are. Of a list too long, its end is kept:
 * the newest entries of a log are those of interest.
 */
export function plainJson(value: unknown, limits: TraceLimits): unknown {
  return new PlainJson(limits).of(value, 0);
}

type MapLike = Iterable<[unknown, unknown]> & { readonly size: number };
type ListLike = Iterable<unknown> & { readonly length: number; slice(start: number): unknown[] };

const isIterable = (value: object): value is Iterable<unknown> => Symbol.iterator in value;
const isMapLike = (value: object): value is MapLike =>
  isIterable(value) && 'get' in value && 'size' in value && 'has' in value && 'set' in value && !('push' in value);
const isListLike = (value: object): value is ListLike => 'length' in value && 'slice' in value;

/** To look at one uses it up, and what it belongs to would go on otherwise. */
const isIterator = (value: object): boolean => 'next' in value && typeof value.next === 'function';

/** Only what is shown is looked at: of a million fields the first few, and no getter beyond them runs. */
function* entriesOf(value: object, keys: readonly string[]): Generator<[string, unknown]> {
  for (const key of keys) yield [key, fieldOf(value, key)];
}

function fieldOf(value: object, key: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[key];
  } catch (error) {
    return unreadable(error);
  }
}

/** In the place of what throws as it is looked at, such as a draft of Immer that was given back. */
const unreadable = (error: unknown): string => `(unreadable: ${describeError(error)})`;

class PlainJson {
  readonly #depth: number;
  readonly #items: number;
  readonly #characters: number;
  #left: number;
  /** The objects that the present one stands in. */
  readonly #around = new Set<object>();

  constructor({ depth, items, characters, values }: TraceLimits) {
    this.#depth = depth ?? Number.POSITIVE_INFINITY;
    this.#items = items ?? Number.POSITIVE_INFINITY;
    this.#characters = characters ?? Number.POSITIVE_INFINITY;
    this.#left = values ?? Number.POSITIVE_INFINITY;
  }

  of(value: unknown, depth: number): unknown {
    this.#left--;
    if (typeof value === 'string')
      return value.length > this.#characters ? `${value.slice(0, this.#characters)}…` : value;
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (typeof value === 'function' || typeof value === 'symbol') return undefined;
    if (typeof value !== 'object' || value === null) return value;
    try {
      return this.#shown(value, depth);
    } catch (error) {
      this.#around.delete(value);
      return this.of(unreadable(error), depth);
    }
  }

  #shown(value: object, depth: number): unknown {
    if (value instanceof Uint8Array) return `(${value.byteLength} bytes)`;
    if (value instanceof Error) return describeError(value);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
    if (this.#around.has(value)) return '(cycle)';
    if (depth > this.#depth || this.#left <= 0) return '…';
    this.#around.add(value);
    const json = this.#inside(value, depth + 1);
    this.#around.delete(value);
    return json;
  }

  #inside(value: object, depth: number): unknown {
    if (isMapLike(value)) return this.#object(value, value.size, depth);
    if (isIterable(value)) return isIterator(value) ? '(iterator)' : this.#list(value, depth);
    if ('toJSON' in value && typeof value.toJSON === 'function') return this.of(value.toJSON(), depth);
    const keys = Object.keys(value);
    return this.#object(entriesOf(value, keys), keys.length, depth);
  }

  #object(entries: Iterable<[unknown, unknown]>, size: number, depth: number): unknown {
    const shown: [string, unknown][] = [];
    for (const [name, value] of entries) {
      const key = String(name);
      shown.push([key, isSecret(key) ? '(secret)' : this.of(value, depth)]);
      if (shown.length >= this.#items && size > shown.length) {
        shown.push(['…', `${size - shown.length} more`]);
        break;
      }
    }
    return Object.fromEntries(shown);
  }

  #list(list: Iterable<unknown>, depth: number): unknown[] {
    if (isListLike(list) && list.length > this.#items) {
      const hidden = list.length - this.#items;
      return [`… ${hidden} more`, ...list.slice(hidden).map((item) => this.of(item, depth))];
    }
    const shown: unknown[] = [];
    for (const item of list) {
      if (shown.length >= this.#items) {
        shown.push('… more');
        break;
      }
      shown.push(this.of(item, depth));
    }
    return shown;
  }
}
