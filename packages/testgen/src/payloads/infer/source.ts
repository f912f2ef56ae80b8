import { type AnyNode, parseExpressionAt } from 'acorn';

/** The syntax of a function. */
export type FunctionNode = Extract<
  AnyNode,
  { type: 'ArrowFunctionExpression' } | { type: 'FunctionExpression' } | { type: 'FunctionDeclaration' }
>;

export const isFunction = (node: AnyNode | undefined): node is FunctionNode =>
  node?.type === 'ArrowFunctionExpression' ||
  node?.type === 'FunctionExpression' ||
  node?.type === 'FunctionDeclaration';

const parsed = new WeakMap<object, FunctionNode | null>();

/**
 * The syntax of a function, from its own text; undefined for what has none that can be read: built-ins, bound functions, classes. A method's
 * text is no expression by itself, so it is read once more as part of an object.
 */
export function syntaxOf(fn: (...args: never[]) => unknown): FunctionNode | undefined {
  const known = parsed.get(fn);
  if (known !== undefined) return known ?? undefined;
  const text = Function.prototype.toString.call(fn);
  const found = asFunction(parse(`(${text})`)) ?? method(parse(`({${text}})`)) ?? null;
  parsed.set(fn, found);
  return found ?? undefined;
}

function parse(text: string): AnyNode | undefined {
  try {
    return parseExpressionAt(text, 0, { ecmaVersion: 'latest' });
  } catch {
    return undefined;
  }
}

const asFunction = (node: AnyNode | undefined): FunctionNode | undefined => (isFunction(node) ? node : undefined);

function method(node: AnyNode | undefined): FunctionNode | undefined {
  const [property] = node?.type === 'ObjectExpression' ? node.properties : [];
  return property?.type === 'Property' ? asFunction(property.value) : undefined;
}

/** The nodes directly within a node, in the order of the text. */
export function childrenOf(node: AnyNode): readonly AnyNode[] {
  const found: AnyNode[] = [];
  for (const part of Object.values(node) as unknown[])
    for (const each of Array.isArray(part) ? part : [part]) if (isNode(each)) found.push(each);
  return found.sort((a, b) => a.start - b.start);
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as AnyNode).type === 'string' && 'start' in value;
