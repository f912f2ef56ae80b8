import type { AnyNode, CallExpression, MemberExpression } from 'acorn';
import { arithmetic, compute, DATE, KEYS, LENGTH, type Lens, NUMBER, SAME, SIZE, split, TEXT, TIME } from './lens.ts';
import {
  type Field,
  type Known,
  known,
  type Names,
  partOf,
  type Shape,
  seenThrough,
  type Term,
  valuesOf,
} from './term.ts';

/** Methods that give their object back, or what is enough like it. */
const SAME_METHODS = new Set(
  'trim trimStart trimEnd toLowerCase toUpperCase normalize toString valueOf replace replaceAll slice substring filter sort toSorted reverse map flat concat padStart padEnd values keys entries toFixed'.split(
    ' ',
  ),
);
const ELEMENT_METHODS = new Set(['find', 'findLast', 'at', 'pop', 'shift', 'get']);
const SAME_FUNCTIONS = new Set(['structuredClone', 'Boolean']);

/** What an expression is, as far as it can be told from its text. */
export function resolve(node: AnyNode, names: Names): Term {
  switch (node.type) {
    case 'Identifier':
      return identifier(node.name, names);
    case 'Literal':
      return known(node.value);
    case 'TemplateLiteral':
      return template(node.quasis, node.expressions, names);
    case 'ChainExpression':
    case 'ParenthesizedExpression':
      return resolve(node.expression, names);
    case 'AwaitExpression':
      return resolve(node.argument, names);
    case 'AssignmentExpression':
      return resolve(node.right, names);
    case 'MemberExpression':
      return member(node, names);
    case 'UnaryExpression':
      return unary(node.operator, resolve(node.argument, names));
    case 'BinaryExpression':
      return node.left.type === 'PrivateIdentifier'
        ? undefined
        : binary(node.operator, resolve(node.left, names), resolve(node.right, names));
    case 'LogicalExpression':
      return node.operator === '&&'
        ? resolve(node.right, names)
        : (resolve(node.left, names) ?? resolve(node.right, names));
    case 'ArrayExpression':
      return shape(
        node.elements.map((item, index) => [
          String(index),
          item && item.type !== 'SpreadElement' ? resolve(item, names) : undefined,
        ]),
        true,
      );
    case 'ObjectExpression':
      return shape(
        node.properties.flatMap((property) => {
          if (property.type !== 'Property' || property.computed) return [];
          return [[keyText(property.key) ?? '', resolve(property.value, names)] as const];
        }),
        false,
      );
    case 'CallExpression':
      return call(node, names);
    case 'NewExpression': {
      const [first] = node.arguments;
      if (node.callee.type !== 'Identifier' || !first || first.type === 'SpreadElement') return undefined;
      if (node.callee.name === 'Date') return through(resolve(first, names), DATE);
      return ['Set', 'Map'].includes(node.callee.name) ? resolve(first, names) : undefined;
    }
    default:
      return undefined;
  }
}

/** A property's name where the text says it. */
export function keyText(key: AnyNode): string | undefined {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' ? String(key.value) : undefined;
}

function identifier(name: string, names: Names): Term {
  const term = names.get(name);
  if (term?.kind === 'named') return resolve(term.node, term.names);
  if (term || names.has(name)) return term;
  if (name === 'undefined') return known(undefined);
  if (name === 'NaN') return known(Number.NaN);
  return name === 'Infinity' ? known(Number.POSITIVE_INFINITY) : undefined;
}

function template(
  quasis: readonly { readonly value: { readonly cooked?: string | null } }[],
  expressions: readonly AnyNode[],
  names: Names,
): Term {
  if (expressions.length === 0) return known(quasis[0]?.value.cooked ?? '');
  const [only] = expressions;
  return expressions.length === 1 && only ? through(resolve(only, names), TEXT) : undefined;
}

const shape = (fields: Iterable<readonly [string, Term]>, list: boolean): Shape => ({
  kind: 'shape',
  fields: new Map(fields),
  list,
});

/** The values in a list whose elements are all known; undefined for others. */
export function elements(term: Term): readonly unknown[] | undefined {
  if (term?.kind === 'known') return Array.isArray(term.value) ? term.value : undefined;
  if (term?.kind !== 'shape' || !term.list) return undefined;
  const items = [...term.fields.values()];
  return items.every((item): item is Known => item?.kind === 'known') ? items.map((item) => item.value) : undefined;
}

const through = (term: Term, lens: Lens): Term => (term?.kind === 'field' ? seenThrough(term, lens) : term);

function member(node: MemberExpression, names: Names): Term {
  if (node.object.type === 'Super' || node.property.type === 'PrivateIdentifier') return undefined;
  const object = resolve(node.object, names);
  const key = node.computed ? computedKey(node.property, names) : keyText(node.property);
  if (object?.kind === 'shape') return key === undefined ? undefined : object.fields.get(key);
  if (object?.kind === 'known')
    return key === 'length' && typeof object.value === 'string' ? known(object.value.length) : undefined;
  if (object?.kind !== 'field') return undefined;
  // What stands at the root itself may be called so: an event has a `size`, but no list of events comes in.
  if (key === 'length' && (object.path.length > 0 || object.through.length > 0)) return seenThrough(object, LENGTH);
  if (key === 'size' && object.root === 'context' && object.path.length > 0) return seenThrough(object, SIZE);
  return partOf(object, key === undefined || /^\d+$/.test(key) ? '*' : key);
}

function computedKey(node: AnyNode, names: Names): string | undefined {
  const key = resolve(node, names);
  return key?.kind === 'known' ? String(key.value) : undefined;
}

function unary(operator: string, term: Term): Term {
  if (term?.kind === 'known') {
    if (operator === '-' && typeof term.value === 'number') return known(-term.value);
    if (operator === '-' && typeof term.value === 'bigint') return known(-term.value);
    return operator === '!' ? known(!term.value) : operator === 'void' ? known(undefined) : undefined;
  }
  if (operator === '+') return through(term, NUMBER);
  return operator === '-'
    ? through(
        term,
        arithmetic('-', () => [0], false),
      )
    : undefined;
}

const ARITHMETIC = new Set(['+', '-', '*', '/', '%', '**']);

function binary(operator: string, left: Term, right: Term): Term {
  if (!ARITHMETIC.has(operator)) return undefined;
  if (left?.kind === 'known' && right?.kind === 'known') {
    const [a, b] = [left.value, right.value];
    if (typeof a === 'number' && typeof b === 'number') return known(compute(operator, a, b));
    return operator === '+' && typeof a === 'string' ? known(`${a}${String(b)}`) : undefined;
  }
  const leftField = left?.kind === 'field' ? left : undefined;
  const rightField = right?.kind === 'field' ? right : undefined;
  // The field that a test can choose is the one to solve for; what the context holds is given.
  if (rightField && (!leftField || (leftField.root === 'context' && rightField.root !== 'context')))
    return seenThrough(
      rightField,
      arithmetic(operator, (look) => operands(left, look), false),
    );
  return (
    leftField &&
    seenThrough(
      leftField,
      arithmetic(operator, (look) => operands(right, look), true),
    )
  );
}

type LookOf = Parameters<typeof valuesOf>[1];

/** The values of an operand that is known or lies in the context. */
export function operands(term: Term, look: LookOf): readonly unknown[] {
  if (term?.kind === 'known') return [term.value];
  return term?.kind === 'field' && term.root === 'context' ? valuesOf(term, look) : [];
}

function call(node: CallExpression, names: Names): Term {
  const [first] = node.arguments;
  const argument = first && first.type !== 'SpreadElement' ? resolve(first, names) : undefined;
  if (node.callee.type === 'Identifier') {
    const { name } = node.callee;
    if (name === 'Number' || name === 'parseInt' || name === 'parseFloat') return through(argument, NUMBER);
    if (name === 'BigInt')
      return through(argument, { forth: (value) => value, back: (value) => [value, String(value)] });
    if (name === 'String') return through(argument, TEXT);
    return SAME_FUNCTIONS.has(name) ? argument : undefined;
  }
  if (node.callee.type !== 'MemberExpression' || node.callee.object.type === 'Super') return undefined;
  const method = keyText(node.callee.property) ?? '';
  if (node.callee.object.type === 'Identifier' && !names.has(node.callee.object.name))
    return ofGlobal(node.callee.object.name, method, argument);
  const object = resolve(node.callee.object, names);
  return object?.kind === 'field' ? methodOf(object, method, argument) : undefined;
}

function ofGlobal(owner: string, method: string, argument: Term): Term {
  if (owner === 'Object' && ['keys', 'values', 'entries'].includes(method)) return through(argument, KEYS);
  if (owner === 'Math') return through(argument, SAME);
  if (owner === 'Number' && method.startsWith('parse')) return through(argument, NUMBER);
  return owner === 'Array' && method === 'from' ? argument : undefined;
}

function methodOf(object: Field, method: string, argument: Term): Term {
  if (method === 'getTime' || (method === 'valueOf' && object.path.at(-1)?.match(/date/i)))
    return seenThrough(object, TIME);
  if (method === 'split' && argument?.kind === 'known') return seenThrough(object, split(String(argument.value)));
  if (ELEMENT_METHODS.has(method)) return partOf(object, '*');
  return SAME_METHODS.has(method) ? seenThrough(object, SAME) : undefined;
}
