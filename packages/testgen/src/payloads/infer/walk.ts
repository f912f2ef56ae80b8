import type { AnyNode, CallExpression } from 'acorn';
import { bind, withNames } from './bind.ts';
import { inBody } from './calls.ts';
import { Facts, type Kind } from './facts.ts';
import { enqueued, flowsOf } from './flow.ts';
import { NUMBER, SAME } from './lens.ts';
import { keyText, resolve } from './resolve.ts';
import { declared, solve } from './solve.ts';
import { childrenOf, type FunctionNode, isFunction } from './source.ts';
import { type Field, type Names, partOf, type Term } from './term.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
const OF_TEXT = words(
  'trim trimStart trimEnd toLowerCase toUpperCase startsWith endsWith charAt charCodeAt codePointAt padStart padEnd split replace replaceAll match normalize localeCompare repeat',
);
const OF_LIST = words(
  'map filter some every find findLast findIndex forEach reduce flatMap join push sort toSorted reverse flat fill pop shift',
);
const OF_ITEMS = words(
  'map filter some every find findLast findIndex findLastIndex forEach flatMap reduce sort toSorted',
);
const ASKED = words(
  'every some test exec match includes has hasOwn hasOwnProperty startsWith endsWith isArray isInteger isSafeInteger isFinite isNaN',
);
const COMPARED = words('=== == !== != < <= > >= in instanceof');
const NUMERIC = words('- * / % **');
const TESTED = words('IfStatement ConditionalExpression WhileStatement DoWhileStatement ForStatement');

/** Reads a function's text. `args` is what it is called with; `to` is where in the context its result goes, the empty path for all of it. */
export function factsOf(node: FunctionNode, args: readonly Term[], to?: readonly string[]): Facts {
  const walk = new Walk();
  const names = node.params.reduce<Names>(
    (before, pattern, index) => withNames(before, pattern, args[index]),
    new Map(),
  );
  walk.visit(node.body, new Map(names));
  walk.facts.flows.push(...(to ? flowsOf(node, names, to) : enqueued(node.body, names)));
  return walk.facts;
}

class Walk {
  readonly facts = new Facts();

  visit(node: AnyNode, names: Map<string, Term>): void {
    this.#conditions(node, names);
    switch (node.type) {
      case 'VariableDeclarator':
        if (!node.init) return;
        this.visit(node.init, names);
        return bind(node.id, declared(node.init, names), names);
      case 'ForOfStatement':
        return this.#loop(node, names);
      case 'CallExpression':
        return this.#call(node, names);
      case 'Identifier':
      case 'MemberExpression':
        return this.#read(node, names);
      case 'Property':
        if (node.computed) this.visit(node.key, names);
        return this.visit(node.value, names);
      case 'SpreadElement':
        return this.visit(node.argument, names);
      default:
        if (isFunction(node)) return this.visit(node.body, hiding(node, names));
        if (node.type === 'BinaryExpression') this.#operands(node, names);
        for (const child of childrenOf(node)) this.visit(child, names);
    }
  }

  /** Conditions within a text are to be met both ways, like guards. */
  #conditions(node: AnyNode, names: Names): void {
    if (TESTED.has(node.type) && 'test' in node && node.test) this.#ask(node.test as AnyNode, names);
    else if (node.type === 'LogicalExpression') this.#ask(node.left, names);
    else if (node.type === 'UnaryExpression' && node.operator === '!') this.#ask(node.argument, names);
    else if (node.type === 'BinaryExpression' && COMPARED.has(node.operator)) this.#ask(node, names);
    else if (node.type === 'SwitchStatement')
      for (const { test } of node.cases) {
        if (!test) continue;
        const { start, end } = test;
        const left = node.discriminant;
        this.#ask({ type: 'BinaryExpression', operator: '===', left, right: test, start, end }, names);
      }
  }

  #ask(test: AnyNode, names: Names): void {
    for (const want of [true, false]) {
      const plans = solve(test, names, want).filter((plan) => plan.length > 0);
      if (plans.length > 0) this.facts.ways.push(plans);
    }
  }

  #read(node: AnyNode, names: Names): void {
    const term = resolve(node, names);
    if (term?.kind === 'field') {
      this.facts.read(term);
      // `items.find(item => …).stock` is a field of an item, and the callback is to be looked into as well.
      let inner = node;
      while (inner.type === 'MemberExpression' || inner.type === 'ChainExpression')
        inner = inner.type === 'ChainExpression' ? inner.expression : inner.object;
      if (inner.type === 'CallExpression') this.visit(inner, new Map(names));
      return;
    }
    if (node.type !== 'MemberExpression') return;
    if (node.object.type !== 'Super') this.visit(node.object, new Map(names));
    if (node.computed && node.property.type !== 'PrivateIdentifier') this.visit(node.property, new Map(names));
  }

  #operands({ operator, left, right }: Extract<AnyNode, { type: 'BinaryExpression' }>, names: Names): void {
    if (left.type === 'PrivateIdentifier') return;
    const terms = [resolve(left, names), resolve(right, names)];
    for (const [index, term] of terms.entries()) {
      const other = terms[1 - index];
      if (NUMERIC.has(operator)) this.#kind(term, 'number');
      else if (other?.kind === 'known' && (operator === '+' || COMPARED.has(operator))) {
        const kind = kindOf(other.value);
        if (kind) this.#kind(term, kind);
      }
    }
  }

  #kind(term: Term, kind: Kind): void {
    if (term?.kind !== 'field') return;
    if (term.through.every((lens) => lens === SAME)) this.facts.read(term, kind);
    else if (term.through[0] === NUMBER) this.facts.read(term, 'digits');
  }

  #call(node: CallExpression, names: Map<string, Term>): void {
    const { callee } = node;
    const method = callee.type === 'MemberExpression' ? (keyText(callee.property) ?? '') : '';
    const object =
      callee.type === 'MemberExpression' && callee.object.type !== 'Super' ? resolve(callee.object, names) : undefined;
    if (object?.kind === 'field') {
      if (OF_TEXT.has(method)) this.#kind(object, 'string');
      if (OF_LIST.has(method)) this.#kind(object, 'list');
      if (method === 'getTime' || method === 'toISOString') this.#kind(object, 'date');
    }
    if (ASKED.has(method)) this.#ask(node, names);
    if (callee.type === 'MemberExpression' && callee.object.type !== 'Super') this.visit(callee.object, names);
    else if (callee.type !== 'Super') this.visit(callee, names);
    for (const argument of node.arguments) {
      if (isFunction(argument)) this.#callback(argument, method, object, names);
      else this.#argument(argument, method, callee, names);
    }
  }

  #argument(argument: AnyNode, method: string, callee: AnyNode, names: Map<string, Term>): void {
    const term = resolve(argument, names);
    if (term?.kind === 'field') {
      if (method === 'test' || method === 'exec') this.#kind(term, 'string');
      const { name } = callee as { readonly name?: string };
      if (name === 'Number' || name === 'parseInt' || name === 'parseFloat') this.facts.read(term, 'digits');
      // A function of the user's own: nobody knows what it looks at.
      else if (callee.type === 'Identifier') this.facts.escapes = true;
    }
    this.visit(argument, names);
  }

  #callback(callback: FunctionNode, method: string, object: Term, names: Names): void {
    const item = object?.kind === 'field' && OF_ITEMS.has(method) ? partOf(object, '*') : undefined;
    const inner = new Map(hiding(callback, names));
    const pattern = callback.params[method === 'reduce' ? 1 : 0];
    if (pattern && item) bind(pattern, item, inner);
    if (item) this.facts.read(item);
    if (/^(find|filter|some|every)/.test(method))
      for (const want of [true, false]) {
        const plans = inBody(callback, inner, want, solve).filter((plan) => plan.length > 0);
        if (plans.length > 0) this.facts.ways.push(plans);
      }
    this.visit(callback.body, inner);
  }

  #loop(node: Extract<AnyNode, { type: 'ForOfStatement' }>, names: Map<string, Term>): void {
    this.visit(node.right, names);
    const list = resolve(node.right, names);
    const [declaration] = node.left.type === 'VariableDeclaration' ? node.left.declarations : [];
    const inner = new Map(names);
    if (list?.kind === 'field') {
      this.#kind(list, 'list');
      const item: Field | undefined = partOf(list, '*');
      if (declaration && item) bind(declaration.id, item, inner);
    }
    this.visit(node.body, inner);
  }
}

/** A function's own parameters hide names around it. */
const hiding = (node: FunctionNode, names: Names): Map<string, Term> =>
  new Map(node.params.reduce<Names>((before, pattern) => withNames(before, pattern, undefined), names));

const kindOf = (value: unknown): Kind | undefined => {
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' || type === 'bigint' ? type : undefined;
};
