import type { Plans } from './plan.ts';
import { type Field, keyOf, type Root } from './term.ts';

/** What a value of a field must be like: a type of `typeof`, a list, a date, or `digits` for text that is read as a number. */
export type Kind = 'string' | 'number' | 'boolean' | 'bigint' | 'list' | 'object' | 'date' | 'digits';

export interface FieldFacts {
  readonly root: Root;
  readonly path: readonly string[];
  readonly kinds: Set<Kind>;
}

/** A field of the event goes into the context. */
export interface Flow {
  readonly from: Field;
  readonly to: readonly string[];
  /** The field that names the last key of `to`, as in `[event.name]: event.value`; that key is `*` then. */
  readonly key?: Field;
}

/** What the texts of some functions tell of the fields that they read. */
export class Facts {
  readonly #fields = new Map<string, FieldFacts>();
  /** Ways to make each condition true, and ways to make it false, in the order of the text. */
  readonly ways: Plans[] = [];
  readonly flows: Flow[] = [];
  /** Whether a field went where its text cannot be followed. */
  escapes = false;

  get fields(): readonly FieldFacts[] {
    return [...this.#fields.values()];
  }

  read({ root, path }: Pick<Field, 'root' | 'path'>, ...kinds: readonly Kind[]): void {
    const key = `${root}\u0000${keyOf(path)}`;
    const field = this.#fields.get(key) ?? { root, path, kinds: new Set<Kind>() };
    this.#fields.set(key, field);
    for (const kind of kinds) field.kinds.add(kind);
  }

  add(other: Facts): void {
    for (const { kinds, ...field } of other.fields) this.read(field, ...kinds);
    this.ways.push(...other.ways);
    this.flows.push(...other.flows);
    this.escapes ||= other.escapes;
  }
}

/** Whether `path` begins with `start`. */
export const within = (path: readonly string[], start: readonly string[]): boolean =>
  start.length <= path.length && start.every((key, index) => key === path[index] || key === '*' || path[index] === '*');
