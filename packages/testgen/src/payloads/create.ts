import { asksOn, contextFactoryOf, familyOf, SynodError } from '@synod/protocol';
import type { AnyStateMachine, EventObject } from 'xstate';
import type { ActorView, Payloads, World } from '../subject.ts';
import { Values } from '../world/values.ts';
import { Cache } from './cache.ts';
import { type Asks, order } from './choose.ts';
import { type Model, modelOfEvent, modelOfInput } from './infer/model.ts';
import { lookupIn } from './lookup.ts';
import { notesOf } from './notes.ts';
import { type Given, givenOf, type MachineSchemas, type PayloadOptions, refuseUnknown, schemasOf } from './options.ts';
import { distinct } from './plainness.ts';
import { propose } from './propose.ts';
import { relayedTypes } from './relay.ts';
import { drawnFrom, type Judge, judged, judgeOf, ofSchema } from './values.ts';

type Kind = 'done' | 'fail' | 'relay' | 'next';

/** Proposals that are thought out for one place; where the context matters they are thought out anew for each. */
const MOST = 240;
const MOST_IN_CONTEXT = 48;
/** Inputs that are tried where none are given. */
const INPUTS = 4;

export interface PayloadSource extends Payloads {
  /** What was inferred for want of cases and schemas, a sentence each with the remedy. */
  readonly notes: readonly string[];
}

/**
 * Values for the events, inputs and actors of a machine: given cases, else values of a schema or a fast-check arbitrary, else values
 * that guards and actions ask for as far as their texts tell. The same options give the same values.
 * @throws SynodError `SCHEMA_INVALID`, `SCHEMA_ASYNC`, `SCHEMA_FAILED`, `SCHEMA_OPAQUE`, `PAYLOAD_UNKNOWN`, `PAYLOAD_INVALID`, `PAYLOAD_REFUSED`.
 */
export function createPayloads(machine: AnyStateMachine, options: PayloadOptions = {}): PayloadSource {
  refuseUnknown(machine, options);
  return new Source(machine, options);
}

/** A place for values, with all that is known of it. */
interface Place {
  readonly what: string;
  readonly model: Model;
  readonly asks: Asks;
  readonly cases?: readonly unknown[];
  readonly drawn?: readonly unknown[];
  readonly judge?: Judge;
  readonly isEvent: boolean;
  readonly cached: Cache;
  /** A value as the machine gets it: an event with its type, an error. */
  shape(value: unknown): unknown;
  /** The event that brings it. */
  eventOf(value: unknown): unknown;
}

const AT: Readonly<Record<Exclude<Kind, 'relay'>, { readonly event: string; readonly at: readonly string[] }>> = {
  done: { event: 'xstate.done.actor.', at: ['output'] },
  fail: { event: 'xstate.error.actor.', at: ['error'] },
  next: { event: 'xstate.snapshot.', at: ['snapshot', 'context'] },
};

class Source implements PayloadSource {
  readonly inputs: readonly unknown[];
  readonly notes: readonly string[];
  readonly #machine: AnyStateMachine;
  readonly #options: PayloadOptions;
  readonly #schemas: MachineSchemas;
  readonly #seed: number;
  /** The machine's first context: of what types its fields are. */
  readonly #context: unknown;
  readonly #places = new Map<string, Place>();
  readonly #contexts = new Values();

  constructor(machine: AnyStateMachine, options: PayloadOptions) {
    this.#machine = machine;
    this.#options = options;
    this.#schemas = schemasOf(machine, options.schemas);
    this.#seed = options.seed ?? 0;
    this.inputs = this.#inputs();
    this.#context = firstContext(machine, this.inputs[0]);
    // What is wrong with what was given is to be known before anything runs.
    for (const type of Object.keys({ ...options.events, ...this.#schemas.events })) this.#event(type);
    this.notes = notesOf(machine, options, this.#schemas);
  }

  events(descriptor: string, world: World, limit: number): readonly EventObject[] {
    const type = concrete(descriptor, Object.keys(this.#options.events ?? {}));
    return this.#values(this.#event(type), world.context, limit) as readonly EventObject[];
  }

  values(kind: Kind, actor: ActorView, world: World, limit: number): readonly unknown[] {
    const key = `${kind} ${actor.path}`;
    const known = this.#places.get(key);
    if (known) return this.#values(known, contextAround(actor, world), limit);
    const id = actor.path.split('/').at(-1) ?? actor.path;
    const names = [actor.path, id, actor.src];
    const { actors = {} } = this.#options;
    const source = names.map((name) => actors[name]?.[kind]).find((each) => each !== undefined);
    const schema = names.map((name) => this.#schemas.actors?.[name]?.[kind]).find((each) => each !== undefined);
    const what = `${{ done: 'the output', fail: 'the error', relay: 'events', next: 'values' }[kind]} of actor "${id}"`;
    if (kind === 'relay' && source === undefined && schema === undefined) return this.#relayed(actor, world, limit);
    const given = givenOf(source, schema, what);
    const place = this.#place(key, () => this.#actor(kind, id, given, what));
    return this.#values(place, contextAround(actor, world), limit);
  }

  #place(key: string, make: () => Place): Place {
    const known = this.#places.get(key);
    if (known) return known;
    const place = make();
    this.#places.set(key, place);
    return place;
  }

  #event(type: string): Place {
    const what = `event "${type}"`;
    return this.#place(type, () => {
      const given = givenOf(this.#options.events?.[type], this.#schemas.events?.[type], what);
      const judge = judgeOf(given.schema, what);
      // A schema may be of the whole event, or of what it carries beside its type.
      const judgeEvent: Judge | undefined =
        judge && ((event) => (judge(event) === undefined ? undefined : judge(withoutType(event))));
      return {
        ...this.#given(given, judgeEvent, what, (value) => eventOf(type, value, what)),
        model: modelOfEvent(this.#machine, type, [], this.#context),
        asks: asksOf(this.#machine, type),
        isEvent: true,
        eventOf: same,
      };
    });
  }

  #actor(kind: Kind, id: string, given: Given, what: string): Place {
    const judge = judgeOf(given.schema, what);
    if (kind === 'relay')
      return { ...this.#given(given, judge, what, same), model: EMPTY, asks: NO_ASKS, isEvent: true, eventOf: same };
    const { event, at } = AT[kind];
    const type = `${event}${id}`;
    const inferred = !given.cases && !given.schema && !given.arbitrary;
    return {
      ...this.#given(given, judge, what, kind === 'fail' && inferred ? asError : same),
      model: modelOfEvent(this.#machine, type, at, this.#context),
      asks: asksOf(this.#machine, type),
      isEvent: false,
      eventOf: (value) => ({ type, ...(at.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object) }),
    };
  }

  #given(given: Given, judge: Judge | undefined, what: string, shape: (value: unknown) => unknown) {
    const { cases, schema, arbitrary } = given;
    return {
      what,
      shape,
      cached: new Cache(this.#contexts),
      ...(cases && { cases: judged(cases.map(shape), judge, what) }),
      ...((schema || arbitrary) && {
        drawn: drawnFrom(given, this.#seed, judge && ((value) => judge(shape(value)))).map(shape),
      }),
      ...(judge && { judge }),
    };
  }

  #values(place: Place, context: unknown, limit: number): readonly unknown[] {
    const { cases, model, cached } = place;
    const values = cached.of(model.usesContext ? context : undefined, () =>
      cases && !place.drawn ? cases : distinct([...(cases ?? []), ...this.#thoughtOut(place, context)]),
    );
    // Who gives cases means them all.
    return first(values, Math.max(limit, cases?.length ?? 0));
  }

  #thoughtOut(place: Place, context: unknown): readonly unknown[] {
    const { model, drawn, judge, what, asks } = place;
    const most = model.usesContext && !model.names ? MOST_IN_CONTEXT : MOST;
    const look = lookupIn(context);
    if (drawn && !judge) return order(drawn, place.eventOf, asks, context);
    if (drawn && judge) {
      const judgeShaped: Judge = (value) =>
        isObject(value) || !place.isEvent ? judge(place.shape(value)) : 'no event';
      const settings = { seed: this.#seed, most, what };
      return order(ofSchema(drawn, model, look, judgeShaped, settings).map(place.shape), place.eventOf, asks, context);
    }
    const values = propose(model, look, this.#seed, most).map(({ value }) => place.shape(value));
    return order(values, place.eventOf, asks, context);
  }

  #relayed(actor: ActorView, world: World, limit: number): readonly unknown[] {
    const types = relayedTypes(this.#machine, actor);
    return types
      .flatMap((type) => this.events(type, world, Math.max(1, Math.floor(limit / types.length))))
      .slice(0, limit);
  }

  #inputs(): readonly unknown[] {
    const what = 'the input';
    const given = givenOf(this.#options.inputs, this.#schemas.input, what);
    const judge = judgeOf(given.schema, what);
    if (given.cases) return judged(given.cases, judge, what);
    const model = modelOfInput(this.#machine);
    if (given.schema && judge) {
      const settings = { seed: this.#seed, most: MOST, what };
      return ofSchema(drawnFrom(given, this.#seed, judge), model, lookupIn(undefined), judge, settings).slice(
        0,
        INPUTS,
      );
    }
    if (given.arbitrary) return drawnFrom(given, this.#seed, undefined).slice(0, INPUTS);
    const factory = contextFactoryOf(this.#machine);
    if (!factory || model.fields.length === 0) return [undefined];
    const starts = (input: unknown): boolean => {
      try {
        factory({ input });
        return true;
      } catch {
        return false;
      }
    };
    const proposed = propose(model, lookupIn(undefined), this.#seed, MOST).map(({ value }) => value);
    const usable = distinct([undefined, ...proposed].filter(starts));
    return usable.length > 0 ? usable.slice(0, INPUTS) : [undefined];
  }
}

const beginnings = new WeakMap<readonly unknown[], readonly unknown[]>();

/** The first values of a list; the same list each time, for as long as there are to be as many. */
function first(values: readonly unknown[], count: number): readonly unknown[] {
  if (values.length <= count) return values;
  const known = beginnings.get(values);
  if (known?.length === count) return known;
  const found = values.slice(0, count);
  beginnings.set(values, found);
  return found;
}

const same = (value: unknown): unknown => value;
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** What an actor fails with: an error, or where more is read of it than a message, an object that has it. */
function asError(value: unknown): unknown {
  if (value === undefined) return new Error('failed');
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  const { message, name, ...rest } = value as { readonly message?: unknown; readonly name?: unknown };
  if (Object.keys(rest).length > 0 || (message !== undefined && typeof message !== 'string')) return value;
  return Object.assign(new Error(message ?? 'failed'), typeof name === 'string' ? { name } : {});
}

function firstContext(machine: AnyStateMachine, input: unknown): unknown {
  try {
    const factory = contextFactoryOf(machine);
    return factory ? factory({ input }) : (machine.config as { readonly context?: unknown }).context;
  } catch {
    return undefined;
  }
}

/** The context of the machine that an actor belongs to. */
function contextAround({ path }: ActorView, world: World): unknown {
  if (!path.includes('/')) return world.context;
  const parent = path.split('/').slice(0, -1).join('/');
  const found = parent === '' ? undefined : world.actors.find((actor) => actor.path === parent);
  return found?.context ?? world.context;
}

const NO_ASKS: Asks = { guards: [], assigns: [], later: [] };
const EMPTY: Model = { fields: [], ways: [], usesContext: false, names: false };

const asksOf = (machine: AnyStateMachine, type: string): Asks => {
  const family = familyOf(machine);
  return {
    guards: family.flatMap((member) => asksOn(member, type, 'guard')),
    assigns: family.flatMap((member) => asksOn(member, type, 'assign')),
    later: family.flatMap((member) => asksOn(member, undefined, 'guard')),
  };
};

/** An event of a wildcard: of a type that was given, else of one that nothing else takes. */
const concrete = (descriptor: string, given: readonly string[]): string => {
  if (!descriptor.endsWith('*') || given.includes(descriptor)) return descriptor;
  const prefix = descriptor.slice(0, -1);
  return given.find((type) => type.startsWith(prefix)) ?? `${prefix}anything`;
};

/**
 * A case as an event.
 * @throws SynodError `PAYLOAD_INVALID`.
 */
function eventOf(type: string, value: unknown, what: string): EventObject {
  if (value === undefined) return { type };
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SynodError(
      'PAYLOAD_INVALID',
      `A case of ${what} is ${value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value}, and an event is an object; write its fields as one.`,
    );
  const { type: own } = value as { readonly type?: unknown };
  // An instance of a class is an event as it is: a copy would be none.
  if (own === type) return value as EventObject;
  if (own === undefined) return { type, ...value };
  throw new SynodError(
    'PAYLOAD_INVALID',
    `A case of ${what} has the type "${String(own)}"; leave the type out, or give it under its own.`,
  );
}

const withoutType = (event: unknown): unknown => {
  if (typeof event !== 'object' || event === null) return event;
  const { type: _, ...payload } = event as { readonly type?: unknown };
  return payload;
};
