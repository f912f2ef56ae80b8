import type { AnyNode, Pattern } from 'acorn';
import { keyText } from './resolve.ts';
import { fieldOf, known, type Names, partOf, type Shape, type Term } from './term.ts';

/** The names of a pattern, bound to the parts of a term: `{ event: { value = 1 } }`. */
export function bind(pattern: Pattern | AnyNode, term: Term, names: Map<string, Term>): void {
  switch (pattern.type) {
    case 'Identifier':
      names.set(pattern.name, term);
      return;
    case 'AssignmentPattern':
      return bind(pattern.left, term, names);
    case 'ArrayPattern':
      for (const [index, item] of pattern.elements.entries())
        if (item) bind(item, item.type === 'RestElement' ? term : inside(term, String(index), true), names);
      return;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') bind(property.argument, term, names);
        else if (!property.computed) bind(property.value, inside(term, keyText(property.key) ?? '', false), names);
      }
      return;
    case 'RestElement':
      return bind(pattern.argument, undefined, names);
    default:
      return;
  }
}

function inside(term: Term, key: string, list: boolean): Term {
  if (term?.kind === 'shape') return term.fields.get(key);
  return term?.kind === 'field' ? partOf(term, list ? '*' : key) : undefined;
}

/** What XState hands to a function as its first argument. */
export const ARGUMENTS: Shape = {
  kind: 'shape',
  list: false,
  fields: new Map<string, Term>([
    ['context', fieldOf('context')],
    ['event', fieldOf('event')],
    ['input', fieldOf('input')],
  ]),
};

/** A value that is at hand, as a term. */
export const termOf = (value: unknown): Term => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return known(value);
  return {
    kind: 'shape',
    list: false,
    fields: new Map(Object.entries(value).map(([key, part]) => [key, termOf(part)])),
  };
};

export const withNames = (names: Names, pattern: Pattern | AnyNode | undefined, term: Term): Names => {
  const inner = new Map(names);
  if (pattern) bind(pattern, term, inner);
  return inner;
};
