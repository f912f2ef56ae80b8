import type { AnyNode } from 'acorn';
import { type Lens, type Lookup, SAME } from './lens.ts';

/** Whose field it is: of the event, of the context, or of the machine's input. */
export type Root = 'event' | 'context' | 'input';

/** A field, or an expression made of one field: `event.name.length` is the field `name` seen through its length. */
export interface Field {
  readonly kind: 'field';
  readonly root: Root;
  readonly path: readonly string[];
  /** What was done to the field, in that order. */
  readonly through: readonly Lens[];
}

export interface Known {
  readonly kind: 'known';
  readonly value: unknown;
}

/** An object or a list whose parts are terms. */
export interface Shape {
  readonly kind: 'shape';
  readonly fields: ReadonlyMap<string, Term>;
  readonly list: boolean;
}

/** An expression that was given a name, to be looked into where the name is used. */
export interface Named {
  readonly kind: 'named';
  readonly node: AnyNode;
  readonly names: Names;
}

/** What an expression is known to be; undefined where nothing is known. */
export type Term = Field | Known | Shape | Named | undefined;

/** What names stand for in a function. */
export type Names = ReadonlyMap<string, Term>;

export const known = (value: unknown): Known => ({ kind: 'known', value });
export const fieldOf = (root: Root, path: readonly string[] = []): Field => ({
  kind: 'field',
  root,
  path,
  through: [],
});

/** A part of a field. A part of what was computed from a field, such as `name.split(' ')[0]`, is no field any more. */
export const partOf = (field: Field, key: string): Field | undefined =>
  field.through.every((lens) => lens === SAME) ? fieldOf(field.root, [...field.path, key]) : undefined;

export const seenThrough = (field: Field, lens: Lens): Field => ({ ...field, through: [...field.through, lens] });

/** The values that the field itself may have for the expression to come to one of `values`. */
export const undo = (field: Field, values: readonly unknown[], look: Lookup): readonly unknown[] =>
  field.through.reduceRight<readonly unknown[]>(
    (wanted, lens) => wanted.flatMap((value) => lens.back(value, look)),
    values,
  );

/** What an expression of a context's field comes to. */
export const valuesOf = (field: Field, look: Lookup): readonly unknown[] =>
  field.through.reduce<readonly unknown[]>(
    (values, lens) => values.map((value) => lens.forth(value)),
    look(field.path),
  );

/** A path as a key of tables. */
export const keyOf = (path: readonly string[]): string => path.join('\u0000');
export const pathOf = (key: string): readonly string[] => (key === '' ? [] : key.split('\u0000'));
