import { canonical, Sequence } from '@synod/protocol';
import { anything, instance } from './instance.ts';

/** Columns of a line of generated source, as this project's formatter has them. */
export const WIDTH = 120;

/** Something that source text cannot make again. */
export interface Unwritable {
  /** Where it stands, for example `event.card.owner`. */
  readonly place: string;
  /** What it is: `an instance of Card`, `a function`. */
  readonly what: string;
}

/** What generated source may import: what this package says expectations with, and classes whose instances machines are handed. */
export type Helper = 'instance' | 'anything' | 'immutable' | 'Sequence';

/** How a value is written, and what in it could not be. */
export interface Written {
  readonly text: string;
  readonly unwritable: readonly Unwritable[];
  /** The helpers of this package that the text uses. */
  readonly helpers: ReadonlySet<Helper>;
}

export interface LiteralOptions {
  /** Where the value stands, for `Unwritable.place`. */
  readonly place?: string;
  /** Columns that the value is indented by, and those that stand before it on its first line. */
  readonly indent?: number;
  readonly before?: number;
  /**
   * Whether the value is one that is expected, and not one that is handed to a machine: an instance of a class may then be written as
   * `instance('Card', { … })`, and what cannot be written as `anything`.
   */
  readonly expected?: boolean;
}

/**
 * A value as TypeScript source: dates, maps, sets, bigints, bytes, errors and numbers that JSON has not, included. What cannot be made
 * again from text shows as `undefined`, or as `anything` where it is expected, and is listed.
 */
export function literal(value: unknown, options: LiteralOptions = {}): Written {
  const writer = new Writer(options.expected === true);
  const text = writer.of(value, options.indent ?? 0, options.before ?? 0, options.place ?? '');
  return { text, unwritable: writer.unwritable, helpers: writer.helpers };
}

/** A value as text for people: what cannot be written is named in its place. */
export const shown = (value: unknown, before = 0): string => literal(value, { before, expected: true }).text;

/** A value as text for people, on one line whatever its length. */
export const shownFlat = (value: unknown): string =>
  shown(value)
    .replaceAll(/,\n\s*\}/g, ' }')
    .replaceAll(/,\n\s*([\])])/g, '$1')
    .replaceAll(/([[(])\n\s*/g, '$1')
    .replaceAll(/\n\s*/g, ' ');

/** A text as a single-quoted literal, or a double-quoted one where that needs no escapes. */
export function quoted(text: string): string {
  const json = JSON.stringify(text);
  if (text.includes("'") && !text.includes('"')) return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A property's name, quoted where it must be. */
export const propertyName = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key));

interface Part {
  readonly open: string;
  readonly items: readonly string[];
  readonly close: string;
  /** Whether a space stands inside the brackets of a short one. */
  readonly spaced: boolean;
}

class Writer {
  readonly unwritable: Unwritable[] = [];
  readonly helpers = new Set<Helper>();
  readonly #expected: boolean;
  readonly #around: object[] = [];

  constructor(expected: boolean) {
    this.#expected = expected;
  }

  of(value: unknown, indent: number, before: number, place: string): string {
    switch (typeof value) {
      case 'string':
        return quoted(value);
      case 'number':
        return Object.is(value, -0) ? '-0' : String(value);
      case 'bigint':
        return `${value}n`;
      case 'symbol':
        return this.#symbol(value, place);
      case 'function':
        return this.#not(place, value.name === '' ? 'a function' : `the function ${value.name}`);
      case 'object':
        if (value === anything) return this.#anything();
        return value === null ? 'null' : this.#object(value, indent, before, place);
      default:
        return String(value);
    }
  }

  #anything(): string {
    this.helpers.add('anything');
    return 'anything';
  }

  #symbol(value: symbol, place: string): string {
    const key = Symbol.keyFor(value);
    return key === undefined ? this.#not(place, `the symbol ${String(value)}`) : `Symbol.for(${quoted(key)})`;
  }

  #not(place: string, what: string): string {
    this.unwritable.push({ place, what });
    if (!this.#expected) return 'undefined';
    this.helpers.add('anything');
    return 'anything';
  }

  #object(value: object, indent: number, before: number, place: string): string {
    if (this.#around.includes(value)) return this.#not(place, 'an object that contains itself');
    this.#around.push(value);
    try {
      return this.#inside(value, indent, before, place);
    } finally {
      this.#around.pop();
    }
  }

  #inside(value: object, indent: number, before: number, place: string): string {
    const at = (inner: number) => (part: unknown, key: string, taken: number) =>
      this.of(part, inner, taken, place === '' ? key : `${place}.${key}`);
    if (Array.isArray(value)) return this.#list('[', value, ']', indent, before, at(indent + 2));
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#record('{', value, '}', indent, before, at);
    if (value instanceof Date) {
      return Number.isNaN(value.getTime()) ? 'new Date(Number.NaN)' : `new Date(${quoted(value.toISOString())})`;
    }
    if (value instanceof RegExp) return String(value);
    if (value instanceof URL) return `new URL(${quoted(value.href)})`;
    if (value instanceof Map) return this.#list('new Map([', [...value], '])', indent, before, at(indent + 2));
    if (value instanceof Set) return this.#list('new Set([', [...value], '])', indent, before, at(indent + 2));
    if (value instanceof Error) return this.#error(value, place);
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      const items = [...(value as unknown as Iterable<unknown>)];
      return this.#list(`new ${value.constructor.name}([`, items, '])', indent, before, at(indent + 2));
    }
    return this.#instance(value, indent, before, place);
  }

  #error(value: Error, place: string): string {
    const known: readonly ErrorConstructor[] = [Error, TypeError, RangeError, SyntaxError, ReferenceError];
    const made = known.find((each) => Object.getPrototypeOf(value) === each.prototype);
    if (made && value.name === made.name) return `new ${made.name}(${quoted(value.message)})`;
    if (this.#expected) return `Object.assign(new Error(${quoted(value.message)}), { name: ${quoted(value.name)} })`;
    return this.#not(place, `an instance of ${value.constructor.name}`);
  }

  /** An instance of a class, where a stand-in is as good and equal by value. */
  #instance(value: object, indent: number, before: number, place: string): string {
    const name = value.constructor?.name ?? '';
    const flags = value as Readonly<Record<string, unknown>> & Iterable<unknown>;
    // Immutable.js's maps and sets count by what they hold, so JavaScript's own are equal to them.
    if (this.#expected && flags['@@__IMMUTABLE_KEYED__@@'] === true && flags['@@__IMMUTABLE_ORDERED__@@'] !== true)
      return this.#inside(new Map(flags as Iterable<[unknown, unknown]>), indent, before, place);
    if (this.#expected && flags['@@__IMMUTABLE_SET__@@'] === true && flags['@@__IMMUTABLE_ORDERED__@@'] !== true)
      return this.#inside(new Set(flags), indent, before, place);
    const holds = Symbol.iterator in value ? [...flags] : { ...value };
    const call = this.#expected ? undefined : madeBy(value, name);
    if (call) {
      this.helpers.add(call.helper);
      return this.#list(`${call.text}([`, holds as unknown[], '])', indent, before, (part, key, taken) =>
        this.of(part, indent + 2, taken, `${place}.${key}`),
      );
    }
    if (this.#expected && name !== '' && isSame(value, instance(name, holds))) {
      this.helpers.add('instance');
      const open = `instance(${quoted(name)}, `;
      const inner = this.of(holds, indent, before + open.length, place);
      return `${open}${inner})`;
    }
    return this.#not(place, name === '' ? 'an object of no known class' : `an instance of ${name}`);
  }

  #list(
    open: string,
    values: readonly unknown[],
    close: string,
    indent: number,
    before: number,
    of: (part: unknown, key: string, taken: number) => string,
  ): string {
    const empty = open.startsWith('new ') && values.length === 0;
    if (empty && (open === 'new Map([' || open === 'new Set([')) return open.replace('([', '()');
    const items = values.map((part, index) => of(part, String(index), indent + 2));
    return layOut({ open, items, close, spaced: false }, indent, before);
  }

  #record(
    open: string,
    value: object,
    close: string,
    indent: number,
    before: number,
    at: (inner: number) => (part: unknown, key: string, taken: number) => string,
  ): string {
    const items = Object.entries(value).map(([key, part]) => {
      const name = `${propertyName(key)}: `;
      return `${name}${at(indent + 2)(part, key, indent + 2 + name.length)}`;
    });
    return layOut({ open, items, close, spaced: true }, indent, before);
  }
}

/** On one line where it fits, else an item a line. */
export function layOut({ open, items, close, spaced }: Part, indent: number, before: number): string {
  if (items.length === 0) return open + close;
  const space = spaced ? ' ' : '';
  const flat = `${open}${space}${items.join(', ')}${space}${close}`;
  // What follows on the line: a comma or a bracket.
  if (!flat.includes('\n') && Math.max(indent, before) + flat.length + 2 <= WIDTH) return flat;
  const margin = ' '.repeat(indent + 2);
  return `${open}\n${items.map((item) => `${margin}${item},\n`).join('')}${' '.repeat(indent)}${close}`;
}

/** The call that makes collections of classes that are known here. */
function madeBy(value: object, name: string): { readonly helper: Helper; readonly text: string } | undefined {
  if (value instanceof Sequence) return { helper: 'Sequence', text: 'Sequence.from' };
  const known = ['Map', 'List', 'Set', 'OrderedMap', 'OrderedSet', 'Stack'];
  const isImmutable = '@@__IMMUTABLE_ITERABLE__@@' in value && !('@@__IMMUTABLE_RECORD__@@' in value);
  return isImmutable && known.includes(name) ? { helper: 'immutable', text: `immutable.${name}` } : undefined;
}

function isSame(a: object, b: object): boolean {
  return canonical(a) === canonical(b);
}
