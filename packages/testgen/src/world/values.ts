import { canonical } from '@synod/protocol';

/** Deeper than this a value is taken to contain itself, which `canonical` finds out. */
const DEEP = 200;

/** Of plain objects of one shape: their fields in order of name. */
interface Shape {
  readonly names: readonly string[];
  readonly fields: readonly { readonly name: string; readonly mark: string }[];
}

/** Shapes that are kept in mind. */
const MOST_SHAPES = 16;

/** Numbers for values: two have the same exactly when `canonical` writes them alike. */
export class Values {
  readonly #objects = new WeakMap<object, number>();
  readonly #primitives = new Map<unknown, number>();
  readonly #texts = new Map<string, number>();
  readonly #pairs = new Map<number, Map<number, number>>();
  readonly #shapes: Shape[] = [];
  #last = 0;

  /** Objects are taken never to change. @throws SynodError `STATE_CYCLIC` when a value contains itself. */
  of(value: unknown): number {
    return this.#of(value, 0, false);
  }

  ofText(text: string): number {
    let number = this.#texts.get(text);
    if (number === undefined) {
      number = ++this.#last;
      this.#texts.set(text, number);
    }
    return number;
  }

  ofPair(first: number, second: number): number {
    let seconds = this.#pairs.get(first);
    if (!seconds) {
      seconds = new Map();
      this.#pairs.set(first, seconds);
    }
    let number = seconds.get(second);
    if (number === undefined) {
      number = ++this.#last;
      seconds.set(second, number);
    }
    return number;
  }

  /** Whether a value that was numbered is still the same. */
  isKept(value: unknown): boolean {
    return typeof value !== 'object' || value === null || this.#objects.get(value) === this.#of(value, 0, true);
  }

  #of(value: unknown, depth: number, isAnew: boolean): number {
    if (typeof value !== 'object' || value === null) return this.#primitive(value);
    const known = isAnew ? undefined : this.#objects.get(value);
    if (known !== undefined) return known;
    const number = this.ofText(this.#written(value, depth, isAnew));
    if (!isAnew) this.#objects.set(value, number);
    return number;
  }

  #primitive(value: unknown): number {
    if (value === 0 && Object.is(value, -0)) return this.ofText('-0');
    let number = this.#primitives.get(value);
    if (number === undefined) {
      number = ++this.#last;
      this.#primitives.set(value, number);
    }
    return number;
  }

  #written(value: object, depth: number, isAnew: boolean): string {
    if (depth > DEEP) {
      canonical(value);
      return this.#written(value, 0, isAnew);
    }
    if (Array.isArray(value)) {
      let text = '[';
      for (let at = 0; at < value.length; at++) text += `${this.#of(value[at], depth + 1, isAnew)},`;
      return text;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return `=${canonical(value)}`;
    let text = '{';
    for (const { name, mark } of this.#fieldsOf(value)) {
      const item = (value as Record<string, unknown>)[name];
      if (item !== undefined) text += `${mark}${this.#of(item, depth + 1, isAnew)},`;
    }
    return text;
  }

  #fieldsOf(value: object): Shape['fields'] {
    const names = Object.keys(value);
    const known = this.#shapes.find((shape) => isSame(shape.names, names));
    if (known) return known.fields;
    const fields = [...names].sort().map((name) => ({ name, mark: `${this.#primitive(name)}:` }));
    if (this.#shapes.length < MOST_SHAPES) this.#shapes.push({ names, fields });
    return fields;
  }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
};
