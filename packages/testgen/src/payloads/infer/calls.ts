import type { AnyNode, CallExpression } from 'acorn';
import fc from 'fast-check';
import { keysOf } from '../lookup.ts';
import { withNames } from './bind.ts';
import { PLAIN, unlike } from './candidate.ts';
import type { Lookup } from './lens.ts';
import { always, either, NEVER, type Plans, wish } from './plan.ts';
import { elements, keyText, operands, resolve } from './resolve.ts';
import { type FunctionNode, isFunction } from './source.ts';
import { type Field, type Names, partOf, type Term, valuesOf } from './term.ts';

type Solve = (node: AnyNode, names: Names, want: boolean) => Plans;
type Values = (look: Lookup) => readonly unknown[];

/** How many texts are tried for a pattern. */
const TEXTS = 3;
const SEED = 1;

/** Ways to make a call come out as `want`; undefined for calls of which nothing is known. */
export function solveCall(node: CallExpression, names: Names, want: boolean, solve: Solve): Plans | undefined {
  const { callee } = node;
  const [first, second] = node.arguments;
  if (first?.type === 'SpreadElement' || second?.type === 'SpreadElement') return undefined;
  const argument = first && resolve(first, names);
  if (callee.type === 'Identifier') return ofFunction(callee.name, argument, want);
  if (callee.type !== 'MemberExpression' || callee.object.type === 'Super') return undefined;
  const method = keyText(callee.property) ?? '';
  if (callee.object.type === 'Identifier' && !names.has(callee.object.name)) {
    const { name } = callee.object;
    if (name === 'Object' && method === 'hasOwn') return has(argument, second && resolve(second, names), want);
    return name === 'Array' || name === 'Number' ? ofFunction(`${name}.${method}`, argument, want) : undefined;
  }
  const object = resolve(callee.object, names);
  if (method === 'every' || method === 'some') return quantified(object, method, first, names, want, solve);
  if ((method === 'test' || method === 'exec') && object?.kind === 'known')
    return matches(argument, object.value, want);
  if (method === 'match' && argument?.kind === 'known') return matches(object, argument.value, want);
  if (method === 'hasOwnProperty') return has(object, argument, want);
  return ofMethod(object, method, argument, want);
}

const chosen = (field: Field, want: boolean, good: Values, bad: Values): Plans => [[wish(field, want ? good : bad)]];

/** What some functions of the language tell of their argument: what makes them true, and what does not. */
const FUNCTIONS: Readonly<Record<string, readonly [readonly unknown[], readonly unknown[]]>> = {
  Boolean: [[PLAIN], ['', 0, false, undefined]],
  isNaN: [[Number.NaN, 'a'], [1]],
  isFinite: [[1], [Number.POSITIVE_INFINITY, Number.NaN]],
  'Array.isArray': [[[]], ['a']],
  'Number.isInteger': [[1], [1.5, 'a']],
  'Number.isSafeInteger': [[1], [1.5, 2 ** 53]],
  'Number.isFinite': [[1], [Number.POSITIVE_INFINITY, 'a']],
  'Number.isNaN': [[Number.NaN], [1]],
};

function ofFunction(name: string, argument: Term, want: boolean): Plans | undefined {
  const values = FUNCTIONS[name];
  if (!values || argument?.kind !== 'field') return undefined;
  return chosen(
    argument,
    want,
    () => values[0],
    () => values[1],
  );
}

/** `hasOwn(table, key)`. */
function has(owner: Term, key: Term, want: boolean): Plans | undefined {
  if (key?.kind === 'known' && owner?.kind === 'field') {
    const part = partOf(owner, String(key.value));
    return (
      part &&
      chosen(
        part,
        want,
        () => [PLAIN],
        () => [undefined],
      )
    );
  }
  return key?.kind === 'field' ? among(key, (look) => contents(owner, look, keysOf), want) : undefined;
}

const among = (field: Field, members: Values, want: boolean): Plans =>
  chosen(field, want, members, (look) => ['nothing', ...members(look).slice(0, 1).flatMap(unlike)]);

/** What a list, map, set or object holds that is known or lies in the context. */
function contents(owner: Term, look: Lookup, of: (value: unknown) => readonly unknown[]): readonly unknown[] {
  const listed = elements(owner);
  if (listed) return listed.map((item) => (of === keysOf && Array.isArray(item) ? item[0] : item));
  if (owner?.kind === 'shape')
    return owner.list
      ? [...owner.fields.values()].flatMap((item) => {
          // A map's pairs.
          const key = item?.kind === 'shape' ? item.fields.get('0') : item;
          return key?.kind === 'known' ? [key.value] : [];
        })
      : [...owner.fields.keys()];
  return owner?.kind === 'field' ? valuesOf(owner, look).flatMap(of) : [];
}

const itemsOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];

function ofMethod(object: Term, method: string, argument: Term, want: boolean): Plans | undefined {
  const ours = object?.kind === 'field' && object.root !== 'context' ? object : undefined;
  const theirs = argument?.kind === 'field' ? argument : undefined;
  if (method === 'includes' || method === 'indexOf' || method === 'has') {
    if (theirs && !ours) {
      if (object?.kind === 'known' && typeof object.value === 'string')
        return among(theirs, () => [object.value], want);
      return among(theirs, (look) => contents(object, look, method === 'has' ? keysOf : itemsOf), want);
    }
    if (object?.kind !== 'field') return undefined;
    const values: Values = (look) => operands(argument, look);
    const holding = (value: unknown): readonly unknown[] =>
      method === 'has'
        ? [new Set([value]), new Map([[value, true]])]
        : [[value], ...(typeof value === 'string' ? [`a${value}a`, value] : [])];
    return chosen(
      object,
      want,
      (look) => values(look).flatMap(holding),
      () => (method === 'has' ? [new Set(), new Map()] : [['b'], 'b', [], '']),
    );
  }
  if ((method === 'startsWith' || method === 'endsWith') && object?.kind === 'field')
    return chosen(
      object,
      want,
      (look) =>
        operands(argument, look).flatMap((value) => [value, method === 'startsWith' ? `${value}a` : `a${value}`]),
      () => ['', '~'],
    );
  return undefined;
}

/** `list.every(item => …)`: an empty list holds every condition and no one. */
function quantified(
  object: Term,
  method: 'every' | 'some',
  callback: AnyNode | undefined,
  names: Names,
  want: boolean,
  solve: Solve,
): Plans | undefined {
  if (!isFunction(callback)) return undefined;
  const item = object?.kind === 'field' ? partOf(object, '*') : undefined;
  const within = inBody(callback, withNames(names, callback.params[0], item), want, solve);
  const empty: Plans = object?.kind === 'field' ? [[wish(object, () => [[]])]] : NEVER;
  return want === (method === 'every') ? either(within, empty) : within;
}

/** A callback's condition: its expression, or what its last statement returns. */
export function inBody({ body }: FunctionNode, names: Names, want: boolean, solve: Solve): Plans {
  if (body.type !== 'BlockStatement') return solve(body, names, want);
  const last = body.body.at(-1);
  return last?.type === 'ReturnStatement' && last.argument ? solve(last.argument, names, want) : always;
}

function matches(term: Term, pattern: unknown, want: boolean): Plans | undefined {
  if (term?.kind !== 'field') return undefined;
  const expression =
    pattern instanceof RegExp ? pattern : typeof pattern === 'string' ? new RegExp(pattern) : undefined;
  if (!expression) return undefined;
  const texts = matching(expression);
  return chosen(
    term,
    want,
    () => texts,
    () => ['', '~', 'a', '1', ...texts.map((text) => `${text}~`)],
  );
}

/** Texts that match a pattern, the shortest first; none for a pattern that cannot be generated from. */
export function matching(pattern: RegExp): readonly string[] {
  const flags = pattern.flags.replace(/[gyi]/g, '');
  try {
    const texts = fc.sample(fc.stringMatching(new RegExp(pattern.source, flags)), { seed: SEED, numRuns: 30 });
    return [...new Set(texts.filter((text) => new RegExp(pattern.source, pattern.flags).test(text)))]
      .sort((a, b) => readability(a) - readability(b) || (a < b ? -1 : 1))
      .slice(0, TEXTS);
  } catch {
    return [];
  }
}

/** Short texts of printable characters come first. */
const readability = (text: string): number => text.length + 1_000 * (text.match(/[^\x20-\x7e]/g)?.length ?? 0);
