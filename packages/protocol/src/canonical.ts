import { SynodError } from './errors.ts';

/**
 * A text that two values share exactly when they are equal by value: objects, maps and sets whatever the order in which they
 * were filled, lists in order, numbers with NaN and −0 told apart, dates, bigints, bytes, class instances with their class.
 * Immutable.js collections and `Sequence` count by what they hold; functions and symbols by identity.
 * @throws SynodError `STATE_CYCLIC` when a value contains itself.
 */
export const canonical = (value: unknown): string => new Canonical().of(value);

type Pairs = Iterable<readonly [unknown, unknown]>;
type Flagged = { readonly [flag: string]: unknown };

const identities = new WeakMap<object, number>();
const symbols = new Map<symbol, number>();
let lastIdentity = 0;

const identityOf = (value: object): number => {
  const known = identities.get(value);
  if (known !== undefined) return known;
  identities.set(value, ++lastIdentity);
  return lastIdentity;
};

const symbolOf = (value: symbol): number => {
  const known = symbols.get(value);
  if (known !== undefined) return known;
  symbols.set(value, ++lastIdentity);
  return lastIdentity;
};

class Canonical {
  readonly #around: object[] = [];

  of(value: unknown): string {
    switch (typeof value) {
      case 'string':
        return JSON.stringify(value);
      case 'number':
        return Object.is(value, -0) ? '-0' : String(value);
      case 'bigint':
        return `${value}n`;
      case 'function':
        return `function#${identityOf(value)}`;
      case 'symbol':
        return `symbol#${symbolOf(value)}`;
      case 'object':
        return value === null ? 'null' : this.#object(value);
      default:
        return String(value);
    }
  }

  #object(value: object): string {
    if (this.#around.includes(value)) {
      throw new SynodError(
        'STATE_CYCLIC',
        'A state contains itself, so it cannot be compared; refer to its parts by name.',
      );
    }
    this.#around.push(value);
    const text = this.#inside(value);
    this.#around.pop();
    return text;
  }

  #inside(value: object): string {
    if (Array.isArray(value)) return this.#list('', value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#record('', value);
    if (value instanceof Date) return `Date(${value.getTime()})`;
    if (value instanceof RegExp) return `RegExp(${String(value)})`;
    if (value instanceof Error) return `Error(${JSON.stringify(value.name)},${JSON.stringify(value.message)})`;
    if (value instanceof Map) return this.#pairs('Map', value);
    if (value instanceof Set) return `Set{${this.#items(value).sort().join()}}`;
    if (ArrayBuffer.isView(value)) return this.#bytes(value);
    return this.#instance(value as Flagged & object);
  }

  /** Instances of classes: Immutable.js by its flags, then what iterates, what says itself how it is written, and plain fields. */
  #instance(value: Flagged & object): string {
    const name = value.constructor?.name ?? '';
    const ordered = value['@@__IMMUTABLE_ORDERED__@@'] === true;
    if (value['@@__IMMUTABLE_KEYED__@@'] === true) {
      return ordered
        ? this.#list('OrderedMap', value as unknown as Iterable<unknown>)
        : this.#pairs('Map', value as unknown as Pairs);
    }
    const isSet = value['@@__IMMUTABLE_SET__@@'] === true;
    if (isSet && !ordered)
      return `Set{${this.#items(value as unknown as Iterable<unknown>)
        .sort()
        .join()}}`;
    if (Symbol.iterator in value) return this.#list(name, value as unknown as Iterable<unknown>);
    if (typeof value.toJSON === 'function') return `${name}(${this.of((value.toJSON as () => unknown).call(value))})`;
    return this.#record(name, value);
  }

  #items(values: Iterable<unknown>): string[] {
    const items: string[] = [];
    for (const item of values) items.push(this.of(item));
    return items;
  }

  #list(name: string, values: Iterable<unknown>): string {
    return `${name}[${this.#items(values).join()}]`;
  }

  #pairs(name: string, pairs: Pairs): string {
    const items: string[] = [];
    for (const [key, item] of pairs) items.push(`${this.of(key)}:${this.of(item)}`);
    return `${name}{${items.sort().join()}}`;
  }

  /** Fields that are undefined count as absent, as they do wherever a state is written down. */
  #record(name: string, value: object): string {
    let text = '';
    for (const key of Object.keys(value).sort()) {
      const item = (value as Record<string, unknown>)[key];
      if (item !== undefined) text += `${text && ','}${JSON.stringify(key)}:${this.of(item)}`;
    }
    return `${name}{${text}}`;
  }

  #bytes(view: ArrayBufferView): string {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    return `${view.constructor.name}(${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')})`;
  }
}
