import type { AnyNode, BinaryExpression, Statement, SwitchStatement } from 'acorn';
import { keysOf } from '../lookup.ts';
import { withNames } from './bind.ts';
import { solveCall } from './calls.ts';
import { comparable, FALSY, INSTANCES, numbers, OF_TYPE, PLAIN, TRUTHY, turned, unlike } from './candidate.ts';
import { always, both, either, NEVER, type Plan, type Plans, wish } from './plan.ts';
import { operands, resolve } from './resolve.ts';
import type { FunctionNode } from './source.ts';
import { type Field, known, type Names, type Term, valuesOf } from './term.ts';

/** Ways to make a condition come out as `want`. None where nothing is known of it that a field could change. */
export function solve(node: AnyNode, names: Names, want: boolean): Plans {
  switch (node.type) {
    case 'ChainExpression':
    case 'ParenthesizedExpression':
      return solve(node.expression, names, want);
    case 'UnaryExpression':
      return node.operator === '!' ? solve(node.argument, names, !want) : truth(resolve(node, names), want);
    case 'LogicalExpression':
      if (node.operator === '??') return solve(node.left, names, want);
      return logical(node.left, node.right, names, want, node.operator === '&&');
    case 'ConditionalExpression':
      return either(
        both(solve(node.test, names, true), solve(node.consequent, names, want)),
        both(solve(node.test, names, false), solve(node.alternate, names, want)),
      );
    case 'BinaryExpression':
      return binary(node, names, want);
    case 'CallExpression':
      return solveCall(node, names, want, solve) ?? truth(resolve(node, names), want);
    case 'SequenceExpression':
      return solve(node.expressions.at(-1) ?? node, names, want);
    case 'Identifier': {
      const term = names.get(node.name);
      return term?.kind === 'named' ? solve(term.node, term.names, want) : truth(term, want);
    }
    default:
      return truth(resolve(node, names), want);
  }
}

/** `a && b` is true when both are; false when the first is, or the second though the first is true. `a || b` the other way round. */
function logical(left: AnyNode, right: AnyNode, names: Names, want: boolean, and: boolean): Plans {
  const onward = both(solve(left, names, and), solve(right, names, want));
  return want === and ? onward : either(solve(left, names, want), onward);
}

function truth(term: Term, want: boolean): Plans {
  if (term?.kind === 'known') return Boolean(term.value) === want ? always : NEVER;
  if (term?.kind === 'shape') return want ? always : NEVER;
  if (term?.kind !== 'field') return always;
  if (isType(term)) return always;
  if (term.through.length === 0) return [[wish(term, () => (want ? TRUTHY : FALSY))]];
  return [[wish(term, () => (want ? [1, 'a', true, PLAIN] : [0, '', false]))]];
}

/** An event's type is given. */
const isType = ({ root, path }: Field): boolean => root === 'event' && path.length === 1 && path[0] === 'type';

function binary(node: BinaryExpression, names: Names, want: boolean): Plans {
  const { operator } = node;
  if (node.left.type === 'PrivateIdentifier') return always;
  if (operator === 'instanceof') return instance(resolve(node.left, names), node.right, want);
  if (operator === 'in') return membership(resolve(node.left, names), resolve(node.right, names), want);
  for (const [asked, other] of [
    [node.left, node.right],
    [node.right, node.left],
  ] as const) {
    if (asked.type === 'UnaryExpression' && asked.operator === 'typeof')
      return typed(resolve(asked.argument, names), resolve(other, names), operator.startsWith('!') ? !want : want);
  }
  const found = search(node, names, want);
  return found ?? compare(operator, resolve(node.left, names), resolve(node.right, names), want);
}

/** A call that finds something or nothing: `text.match(…) !== null`, `list.indexOf(…) >= 0`. */
function search({ operator, left, right }: BinaryExpression, names: Names, want: boolean): Plans | undefined {
  const named = left.type === 'Identifier' ? names.get(left.name) : undefined;
  const [call, inside] = named?.kind === 'named' ? [named.node, named.names] : [left, names];
  const nothing = resolve(right, names);
  if (call.type !== 'CallExpression' || nothing?.kind !== 'known') return undefined;
  const { value } = nothing;
  const none = value === null || value === undefined || value === -1;
  if (none && /^[!=]==?$/.test(operator)) return solveCall(call, inside, operator.startsWith('!') === want, solve);
  if ((operator === '>=' && value === 0) || (operator === '>' && value === -1))
    return solveCall(call, inside, want, solve);
  return undefined;
}

function compare(operator: string, left: Term, right: Term, want: boolean): Plans {
  const a = left?.kind === 'field' ? left : undefined;
  const b = right?.kind === 'field' ? right : undefined;
  if (a && b && a.root !== 'context' && b.root !== 'context') return between(operator, a, b, want);
  const turn = !a || (a.root === 'context' && b !== undefined && b.root !== 'context');
  const [field, other] = turn ? [b, left] : [a, right];
  if (!field || isType(field)) return always;
  const seen = turn ? turned(operator) : operator;
  if (comparable(seen, 0, true).length === 0) return truth(field, want);
  return [
    [
      wish(field, (look) => {
        const found = operands(other, look);
        if (found.length > 0) return found.flatMap((value) => comparable(seen, value, want));
        return other?.kind === 'shape' || /=/.test(seen.slice(0, 1)) || seen.startsWith('!') ? [PLAIN] : numbers();
      }),
    ],
  ];
}

/** Two fields of one event. */
function between(operator: string, a: Field, b: Field, want: boolean): Plans {
  const pairs = (ours: unknown, theirs: unknown): Plan => [wish(a, () => [ours]), wish(b, () => [theirs])];
  if (operator.includes('==')) {
    const same = operator.startsWith('!') ? !want : want;
    return same ? [pairs('a', 'a'), pairs(1, 1)] : [pairs('a', 'b'), pairs(1, 2)];
  }
  const holds = (x: number, y: number) => ({ '<': x < y, '<=': x <= y, '>': x > y, '>=': x >= y })[operator] === want;
  return [
    [1, 1],
    [1, 2],
    [2, 1],
  ].flatMap(([x = 0, y = 0]) => (holds(x, y) ? [pairs(x, y)] : []));
}

function typed(term: Term, name: Term, want: boolean): Plans {
  if (term?.kind !== 'field' || name?.kind !== 'known') return always;
  const wanted = String(name.value);
  const others = Object.entries(OF_TYPE).flatMap(([type, values]) => (type === wanted ? [] : values));
  return [[wish(term, () => (want ? [...(OF_TYPE[wanted] ?? [])] : others))]];
}

function instance(term: Term, type: AnyNode, want: boolean): Plans {
  if (term?.kind !== 'field' || type.type !== 'Identifier') return always;
  const make = INSTANCES[type.name];
  return [[wish(term, () => (want ? (make ? [make()] : []) : ['a', {}]))]];
}

/** `'name' in event`, `event.key in context.table`. */
function membership(key: Term, owner: Term, want: boolean): Plans {
  if (key?.kind === 'known' && owner?.kind === 'field') {
    const part = { ...owner, path: [...owner.path, String(key.value)] };
    return [[wish(part, () => (want ? [PLAIN] : [undefined]))]];
  }
  if (key?.kind !== 'field') return always;
  return [
    [
      wish(key, (look) => {
        const keys =
          owner?.kind === 'shape'
            ? [...owner.fields.keys()]
            : owner?.kind === 'field'
              ? valuesOf(owner, look).flatMap(keysOf)
              : [];
        return want ? keys : ['nothing', ...keys.slice(0, 1).flatMap(unlike)];
      }),
    ],
  ];
}

/** Ways to make a function return something true, or false. */
export function solveFunction(
  { body, params }: FunctionNode,
  names: Names,
  args: readonly Term[],
  want: boolean,
): Plans {
  const inner = params.reduce((before, pattern, index) => withNames(before, pattern, args[index]), names);
  return body.type === 'BlockStatement' ? statements(body.body, inner, want) : solve(body, inner, want);
}

function statements(list: readonly Statement[], names: Names, want: boolean): Plans {
  const [first, ...rest] = list;
  if (!first) return want ? NEVER : always;
  switch (first.type) {
    case 'ReturnStatement':
      return first.argument ? solve(first.argument, names, want) : want ? NEVER : always;
    case 'BlockStatement':
      return statements([...first.body, ...rest], names, want);
    case 'TryStatement':
      return statements([...first.block.body, ...rest], names, want);
    case 'ThrowStatement':
      return NEVER;
    case 'IfStatement':
      return either(
        both(solve(first.test, names, true), statements([first.consequent, ...rest], names, want)),
        both(
          solve(first.test, names, false),
          statements(first.alternate ? [first.alternate, ...rest] : rest, names, want),
        ),
      );
    case 'SwitchStatement':
      return cases(first, rest, names, want);
    case 'VariableDeclaration': {
      const inner = first.declarations.reduce(
        (before, { id, init }) => withNames(before, id, init ? declared(init, before) : known(undefined)),
        names,
      );
      return statements(rest, inner, want);
    }
    default:
      return statements(rest, names, want);
  }
}

/** What a name is declared as: a term where it is one, else the expression for conditions to look into. */
export const declared = (node: AnyNode, names: Names): Term => resolve(node, names) ?? { kind: 'named', node, names };

function cases(
  { discriminant, cases }: SwitchStatement,
  rest: readonly Statement[],
  names: Names,
  want: boolean,
): Plans {
  const term = resolve(discriminant, names);
  const literals = cases.flatMap(({ test }) => (test ? [resolve(test, names)] : []));
  return cases.reduce<Plans>((found, { test, consequent }, index) => {
    const after = cases.slice(index + 1).flatMap((each) => each.consequent);
    const body = statements(
      [...consequent, ...after, ...rest].filter(({ type }) => type !== 'BreakStatement'),
      names,
      want,
    );
    const others = () => literals.flatMap((each) => (each?.kind === 'known' ? unlike(each.value) : []));
    const chosen = test
      ? compare('===', term, resolve(test, names), true)
      : term?.kind === 'field'
        ? [[wish(term, others)]]
        : always;
    return either(found, both(chosen, body));
  }, NEVER);
}
