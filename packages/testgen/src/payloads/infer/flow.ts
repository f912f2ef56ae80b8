import type { AnyNode, Property } from 'acorn';
import { ARGUMENTS, withNames } from './bind.ts';
import type { Flow } from './facts.ts';
import { keyText, resolve } from './resolve.ts';
import { childrenOf, type FunctionNode, isFunction } from './source.ts';
import type { Names } from './term.ts';

/** Which fields go into which fields of the context, of a function whose result is assigned to the context's field `to`, or to all of it. */
export function flowsOf(node: FunctionNode, names: Names, to: readonly string[]): readonly Flow[] {
  const results = node.body.type === 'BlockStatement' ? returned(node.body) : [node.body];
  return results.flatMap((result) => into(result, names, to));
}

/** What a block's own `return` statements return. */
function returned(node: AnyNode): readonly AnyNode[] {
  if (node.type === 'ReturnStatement') return node.argument ? [node.argument] : [];
  return isFunction(node) ? [] : childrenOf(node).flatMap(returned);
}

/** What a function assigns through `enqueue.assign`. */
export function enqueued(node: AnyNode, names: Names): readonly Flow[] {
  const own =
    node.type === 'CallExpression' &&
    node.callee.type === 'MemberExpression' &&
    keyText(node.callee.property) === 'assign' &&
    node.callee.object.type === 'Identifier' &&
    node.callee.object.name !== 'Object'
      ? node.arguments.flatMap((argument) => into(argument, names, []))
      : [];
  return [...own, ...childrenOf(node).flatMap((child) => enqueued(child, names))];
}

function into(node: AnyNode, names: Names, to: readonly string[]): readonly Flow[] {
  switch (node.type) {
    case 'ObjectExpression':
      return node.properties.flatMap((property) =>
        property.type === 'Property' ? ofProperty(property, names, to) : into(property.argument, names, to),
      );
    case 'ArrayExpression':
      return node.elements.flatMap((item) =>
        item === null
          ? []
          : item.type === 'SpreadElement'
            ? into(item.argument, names, to)
            : into(item, names, [...to, '*']),
      );
    case 'ConditionalExpression':
      return [...into(node.consequent, names, to), ...into(node.alternate, names, to)];
    case 'LogicalExpression':
      return [...into(node.left, names, to), ...into(node.right, names, to)];
    case 'SequenceExpression':
      return node.expressions.slice(-1).flatMap((last) => into(last, names, to));
    default:
      break;
  }
  if (isFunction(node)) return flowsOf(node, withNames(names, node.params[0], ARGUMENTS), to);
  const term = resolve(node, names);
  if (term?.kind === 'field') return term.root === 'context' ? [] : [{ from: term, to }];
  if (term?.kind === 'shape')
    return [...term.fields].flatMap(([key, part]) =>
      part?.kind === 'field' && part.root !== 'context' ? [{ from: part, to: [...to, term.list ? '*' : key] }] : [],
    );
  if (term?.kind === 'named') return into(term.node, term.names, to);
  // `context.items.concat(event.item)`, `new Map(context.map).set(event.id, event.item)`
  if (node.type === 'CallExpression')
    return node.arguments.flatMap((argument) =>
      argument.type === 'SpreadElement' ? into(argument.argument, names, to) : into(argument, names, [...to, '*']),
    );
  return [];
}

const ofProperty = (property: Property, names: Names, to: readonly string[]): readonly Flow[] => {
  if (!property.computed) return into(property.value, names, [...to, keyText(property.key) ?? '']);
  const key = resolve(property.key, names);
  const flows = into(property.value, names, [...to, key?.kind === 'known' ? String(key.value) : '*']);
  return key?.kind === 'field' && key.root !== 'context' ? flows.map((flow) => ({ ...flow, key })) : flows;
};
