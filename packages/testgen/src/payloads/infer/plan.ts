import type { Lookup } from './lens.ts';
import { type Field, type Root, undo } from './term.ts';

/** What a field should hold: any of some values. */
export interface Wish {
  readonly root: Root;
  readonly path: readonly string[];
  draw(look: Lookup): readonly unknown[];
}

/** Wishes that are to be met together. */
export type Plan = readonly Wish[];
export type Plans = readonly Plan[];

/** Nothing has to be done, or nothing is known that could be. */
export const always: Plans = [[]];
/** It cannot be. */
export const NEVER: Plans = [];

/** More ways than these to meet one condition are not followed. */
const MOST = 48;

export const either = (a: Plans, b: Plans): Plans => (a.length === 0 ? b : [...a, ...b].slice(0, MOST));

/** Each way to do the one with each way to do the other. */
export const both = (a: Plans, b: Plans): Plans =>
  a.flatMap((plan) => b.map((other) => [...plan, ...other])).slice(0, MOST);

/** A wish for an expression made of a field, as a wish for the field. */
export const wish = (field: Field, values: (look: Lookup) => readonly unknown[]): Wish => ({
  root: field.root,
  path: field.path,
  draw: (look) => undo(field, values(look), look),
});
