import { contextFactoryOf, familyOf, functionsOf, functionsOn, type MachineFunction } from '@synod/protocol';
import type { AnyStateMachine } from 'xstate';
import { keysOf, lookupIn } from '../lookup.ts';
import { ARGUMENTS, termOf, withNames } from './bind.ts';
import { Facts, type FieldFacts, type Flow, type Kind, within } from './facts.ts';
import type { Lookup } from './lens.ts';
import { SAME } from './lens.ts';
import type { Plans, Wish } from './plan.ts';
import { record } from './record.ts';
import { resolve } from './resolve.ts';
import { solveFunction } from './solve.ts';
import { syntaxOf } from './source.ts';
import { type Field, keyOf, type Root, type Term, undo } from './term.ts';
import { factsOf } from './walk.ts';

/** What is known of the values that a machine takes in one place: of an event of one type, of an output, of the input. */
export interface Model {
  readonly fields: readonly Pick<FieldFacts, 'path' | 'kinds'>[];
  readonly ways: readonly Plans[];
  /** Whether values that lie in the context may matter. */
  readonly usesContext: boolean;
  /** Whether a field names another, as in forms: then it takes more values to see what matters. */
  readonly names: boolean;
}

/** The model of what stands at `at` in an event of `type`: nowhere for the event itself, `output` for that of an actor. */
export function modelOfEvent(machine: AnyStateMachine, type: string, at: readonly string[], context: unknown): Model {
  const facts = new Facts();
  for (const member of familyOf(machine)) {
    const own = new Facts();
    for (const each of functionsOn(member, type)) own.add(read(each, context));
    facts.add(flowing(own, contextFacts(member), 'event', context));
  }
  return modelOf(facts, 'event', at);
}

/** The model of a machine's input. */
export function modelOfInput(machine: AnyStateMachine): Model {
  const factory = contextFactoryOf(machine);
  if (!factory) return { fields: [], ways: [], usesContext: false, names: false };
  const syntax = syntaxOf(factory);
  const own = syntax ? factsOf(syntax, [ARGUMENTS], []) : new Facts();
  for (const { path, kinds } of record((input) => factory({ input })).values())
    own.read({ root: 'input', path }, ...kinds);
  return modelOf(flowing(own, contextFacts(machine), 'input', undefined), 'input', []);
}

const texts = new WeakMap<MachineFunction['fn'], Map<unknown, Facts>>();

function read({ fn, params, field, role }: MachineFunction, context: unknown): Facts {
  const of = texts.get(fn) ?? new Map<unknown, Facts>();
  texts.set(fn, of);
  const known = of.get(params);
  if (known) return known;
  const facts = new Facts();
  of.set(params, facts);
  const to = role === 'assign' ? (field === undefined ? [] : [field]) : undefined;
  const syntax = syntaxOf(fn);
  if (syntax) {
    const args = [ARGUMENTS, paramsTerm(params, facts)];
    if (role === 'guard') {
      const ways = [true, false].map((want) => solveFunction(syntax, new Map(), args, want));
      facts.ways.push(...ways.map((plans) => plans.filter((plan) => plan.length > 0)));
    }
    facts.add(factsOf(syntax, args, to));
  }
  // Where a text cannot be followed, running it on a value that takes notes shows at least what it reads. Actions are not run.
  if ((!syntax || facts.escapes) && (role === 'guard' || role === 'assign')) {
    const run = fn as unknown as (args: unknown, params: unknown) => unknown;
    const seen = record((event) =>
      run({ context, event }, typeof params === 'function' ? params({ context, event }) : params),
    );
    for (const { path, kinds } of seen.values()) facts.read({ root: 'event', path }, ...kinds);
  }
  return facts;
}

function paramsTerm(params: unknown, facts: Facts): Term {
  if (typeof params !== 'function') return termOf(params);
  const syntax = syntaxOf(params as MachineFunction['fn']);
  if (!syntax) return undefined;
  facts.add(factsOf(syntax, [ARGUMENTS]));
  const names = withNames(new Map(), syntax.params[0], ARGUMENTS);
  const result = syntax.body.type === 'BlockStatement' ? syntax.body.body.at(-1) : syntax.body;
  const value = result?.type === 'ReturnStatement' ? result.argument : result;
  return value ? resolve(value, names) : undefined;
}

const machines = new WeakMap<AnyStateMachine, Facts>();

/** What all functions of a machine tell of its context. */
function contextFacts(machine: AnyStateMachine): Facts {
  const known = machines.get(machine);
  if (known) return known;
  const facts = new Facts();
  machines.set(machine, facts);
  for (const each of functionsOf(machine)) facts.add(read(each, undefined));
  return facts;
}

/** What is asked of a field of the context is asked of the field that goes there. */
function flowing(own: Facts, all: Facts, root: Root, context: unknown): Facts {
  const facts = new Facts();
  facts.add(own);
  const look = lookupIn(context);
  for (const flow of own.flows.filter(({ from }) => from.root === root)) {
    const plain = flow.from.through.every((lens) => lens === SAME);
    const { from, to } = flow;
    facts.read(from, ...(plain ? look(to).flatMap(kindsOf) : []));
    for (const field of all.fields) {
      if (!plain || field.root !== 'context' || !within(field.path, to) || to.length === 0) continue;
      facts.read({ root, path: [...from.path, ...field.path.slice(to.length)] }, ...field.kinds);
    }
    if (flow.key) {
      facts.read(flow.key, 'string');
      facts.ways.push(named(flow.key, to));
    }
    for (const plans of all.ways) {
      const carried = plans
        .map((plan) => plan.flatMap((wish) => carry(wish, flow, plain)))
        .filter((plan) => plan.length > 0);
      if (carried.length > 0) facts.ways.push(carried);
    }
  }
  return facts;
}

function carry(wish: Wish, { from, to, key }: Flow, plain: boolean): readonly Wish[] {
  if (wish.root !== 'context' || !within(wish.path, to)) return [];
  const rest = wish.path.slice(to.length);
  if (rest.length > 0 && !plain) return [];
  const carried = { ...from, path: [...from.path, ...rest], draw: (look: Lookup) => undo(from, wish.draw(look), look) };
  const name = wish.path[to.length - 1];
  return key && name !== undefined && name !== '*' ? [{ ...key, draw: () => [name] }, carried] : [carried];
}

/** The field that names a key of the context takes the keys that are there. */
const named = (key: Field, to: readonly string[]): Plans => [
  [{ ...key, draw: (look) => look(to.slice(0, -1)).flatMap(keysOf) }],
];

function kindsOf(value: unknown): readonly Kind[] {
  const type = typeof value;
  if (type === 'string' || type === 'number' || type === 'boolean' || type === 'bigint') return [type];
  if (value instanceof Date) return ['date'];
  return Array.isArray(value) ? ['list'] : [];
}

/** The part of some facts that is about one place. */
function modelOf(facts: Facts, root: Root, at: readonly string[]): Model {
  const here = (each: { readonly root: Root; readonly path: readonly string[] }) =>
    each.root === root && at.every((key, index) => each.path[index] === key) && !isEnvelope(each.path, at);
  const fields = new Map<string, { path: readonly string[]; kinds: Set<Kind> }>();
  const add = (path: readonly string[], kinds: Iterable<Kind>): void => {
    const inner = path.slice(at.length);
    const known = fields.get(keyOf(inner)) ?? { path: inner, kinds: new Set<Kind>() };
    fields.set(keyOf(inner), known);
    for (const kind of kinds) known.kinds.add(kind);
  };
  for (const { path, kinds } of facts.fields.filter(here)) add(path, kinds);
  const ways = facts.ways.flatMap((plans) => {
    const relevant = plans.map((plan) => plan.filter(here)).filter((plan) => plan.length > 0);
    for (const wish of relevant.flat()) add(wish.path, []);
    const shifted = relevant.map((plan) => plan.map((wish) => ({ ...wish, path: wish.path.slice(at.length) })));
    return shifted.length > 0 ? [shifted] : [];
  });
  const usesContext = facts.fields.some((field) => field.root === 'context');
  const names = facts.flows.some(({ key }) => key !== undefined);
  return { fields: [...fields.values()], ways, usesContext, names };
}

/** An event's type is no payload. */
const isEnvelope = (path: readonly string[], at: readonly string[]): boolean =>
  at.length === 0 && (path.length === 0 || path[0] === 'type');
