import { check } from '@synod/checker';
import {
  type Address,
  canonical,
  createEngine,
  type Engine,
  type Member,
  type NodeView,
  nodeOf,
  type Protocol,
  type Specification,
  type StateProperty,
  type TraceRecord,
} from '@synod/protocol';
import { simulate } from '@synod/simulator';
import type { AnyMachineSnapshot, EventObject } from 'xstate';

/** How much of each model and simulation is gone through: enough for each message to occur, in a second or so. */
const STATES = 2_000;
const DEPTH = 40;
const SECONDS = 6;
const SEEDS = [1, 2];
/** Events of one type to one member that are kept, and of one shape: the first ones, since small terms and short logs lead further. */
export const MOST_EVENTS = 300;
const MOST_ALIKE = 20;
/** Contexts in which one event came that are kept. */
const MOST_CONTEXTS = 4;

type Fields = Readonly<Record<string, unknown>>;

/** An event as a member received it, and the contexts that it met. */
export interface Harvested {
  readonly event: EventObject;
  readonly contexts: readonly Fields[];
  /** What it has in common with others that differ in their numbers only. */
  readonly shape: string;
}

/** What members of one role were given, in models and simulations. */
export interface Harvest {
  /** Complete inputs, with `self` and `seed`, and after a crash `recovered`; no two alike. */
  readonly inputs: readonly Fields[];
  /** By member and type of event. */
  readonly events: ReadonlyMap<Address, ReadonlyMap<string, readonly Harvested[]>>;
  /** Of the properties that something be reachable those that a single member was seen to show. */
  readonly sometimes: readonly StateProperty[];
}

/** Goes through a specification's models and simulations, under their faults, and notes what members of a role receive. */
export function harvest(specification: Specification, role: string): Harvest {
  const notes = new Notes(role, promisedOf(specification, role));
  for (const model of specification.models) {
    const { nodes } = model;
    const configuration = { ...model.configure(nodes.default), properties: [] };
    if (!configuration.members.some((member) => member.role === role)) continue;
    for (const order of ['breadth', 'depth'] as const) {
      check(configuration, specification.roles, {
        order,
        maxStates: STATES,
        maxDepth: DEPTH,
        symmetry: false,
        reduction: false,
        engineOf: (protocol) => recordingEngine(protocol, protocol === specification.roles[role] ? notes : undefined),
      });
    }
  }
  for (const simulation of specification.simulations) {
    const { nodes, clients } = simulation;
    const { members } = simulation.configure({ nodes: nodes.default, clients: clients.default });
    const own = new Map(members.filter((member) => member.role === role).map((member) => [member.address, member]));
    if (own.size === 0) continue;
    for (const seed of SEEDS) {
      const follower = new Follower(own, notes);
      simulate(specification, { simulation: simulation.name, seed, seconds: SECONDS, trace: follower.see });
    }
  }
  return { inputs: notes.inputs, events: notes.events, sometimes: notes.sometimes };
}

/** What the protocol and its models say must be reachable, where members of the role take part. */
function promisedOf({ roles, models }: Specification, role: string): readonly StateProperty[] {
  const ofModels = models.flatMap((model) => {
    const { members, properties } = model.configure(model.nodes.default);
    return members.some((member) => member.role === role) ? properties : [];
  });
  const all = [...(roles[role]?.properties ?? []), ...ofModels].filter(
    (property): property is StateProperty => property.kind === 'sometimes',
  );
  return [...new Map(all.map((property) => [property.name, property])).values()];
}

/** How a property sees one member that is alone. */
export const viewOf = (
  actor: Address,
  role: string,
  { value, context }: Pick<NodeView, 'value' | 'context'>,
): NodeView => ({
  node: nodeOf(actor),
  actor,
  role,
  up: true,
  value,
  context,
});

class Notes {
  readonly #role: string;
  readonly #promised: readonly StateProperty[];
  readonly #shown = new Set<StateProperty>();
  readonly #inputs = new Map<string, Fields>();
  readonly #events = new Map<Address, Map<string, Map<string, Harvested & { readonly contexts: Fields[] }>>>();
  readonly #alike = new Map<string, number>();
  /** By member, the input of its first life. */
  readonly #firsts = new Map<Address, Fields>();
  readonly #lives = new Set<string>();

  constructor(role: string, promised: readonly StateProperty[]) {
    this.#role = role;
    this.#promised = promised;
  }

  get sometimes(): readonly StateProperty[] {
    return this.#promised.filter((property) => this.#shown.has(property));
  }

  /** A member came to a state. */
  came(self: Address, state: Pick<NodeView, 'value' | 'context'>): void {
    for (const property of this.#promised)
      if (!this.#shown.has(property) && property.holds([viewOf(self, this.#role, state)])) this.#shown.add(property);
  }

  get inputs(): readonly Fields[] {
    return [...this.#inputs.values()];
  }

  get events(): Harvest['events'] {
    return new Map(
      [...this.#events].map(([self, types]) => [
        self,
        new Map([...types].map(([type, events]) => [type, [...events.values()]])),
      ]),
    );
  }

  input(input: Fields): void {
    const { self, recovered } = input as { readonly self: Address; readonly recovered?: unknown };
    if (recovered === undefined && !this.#firsts.has(self)) this.#firsts.set(self, input);
    const key = canonical(input);
    if (!this.#inputs.has(key)) this.#inputs.set(key, input);
  }

  /** A member has stored this: with it, it could begin a later life. */
  stored(self: Address, durable: readonly string[], context: Fields): void {
    const input = this.#firsts.get(self);
    if (durable.length === 0 || !input) return;
    const recovered = Object.fromEntries(durable.map((field) => [field, context[field]]));
    const shape = `${self} ${canonical(shapeOf(recovered))}`;
    if (this.#lives.has(shape)) return;
    this.#lives.add(shape);
    this.input({ ...input, recovered });
  }

  event(self: Address, event: EventObject, context: Fields): void {
    // Timers are the machine's own: time brings them.
    if (event.type.startsWith('xstate.')) return;
    const types = entry(this.#events, self, () => new Map());
    const events = entry(types, event.type, () => new Map());
    const key = canonical(event);
    const known = events.get(key);
    if (known) {
      if (known.contexts.length < MOST_CONTEXTS) known.contexts.push(context);
      return;
    }
    const shape = canonical(shapeOf(event));
    const alike = this.#alike.get(`${self} ${shape}`) ?? 0;
    if (alike >= MOST_ALIKE || events.size >= MOST_EVENTS) return;
    this.#alike.set(`${self} ${shape}`, alike + 1);
    events.set(key, { event, contexts: [context], shape });
  }
}

/** An event without its numbers, and of its lists only whether they hold one item, several or none. */
export function shapeOf(value: unknown): unknown {
  if (typeof value === 'number') return 0;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return [Math.min(value.length, 2), value.slice(0, 1).map(shapeOf)];
  if (Symbol.iterator in value) return [Math.min([...(value as Iterable<unknown>)].length, 2)];
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, key === 'from' ? '' : shapeOf(part)]));
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** XState's own interpreter, which tells what its machine is given. */
function recordingEngine({ machine, durable }: Protocol, notes: Notes | undefined): Engine {
  const engine = createEngine(machine);
  if (!notes) return engine;
  const selves = new WeakMap<AnyMachineSnapshot, Address>();
  return {
    machine,
    initial: (input) => {
      const first = engine.initial(input);
      const given = input as Fields & { readonly self: Address };
      notes.input(given);
      selves.set(first.snapshot, given.self);
      return first;
    },
    step: (snapshot, event, taken) => {
      const self = selves.get(snapshot);
      if (self !== undefined) notes.event(self, event, (snapshot as AnyMachineSnapshot).context as Fields);
      const next = engine.step(snapshot, event, taken);
      if (self === undefined) return next;
      selves.set(next.snapshot, self);
      notes.came(self, next.snapshot as AnyMachineSnapshot);
      notes.stored(self, durable, (next.snapshot as AnyMachineSnapshot).context as Fields);
      return next;
    },
  };
}

/** Follows a trace: what came to each member, and what its context was then. */
class Follower {
  readonly #members: ReadonlyMap<Address, Member>;
  readonly #notes: Notes;
  readonly #contexts = new Map<Address, Fields>();

  constructor(members: ReadonlyMap<Address, Member>, notes: Notes) {
    this.#members = members;
    this.#notes = notes;
    for (const [self, { input }] of members) notes.input({ self, seed: 1, ...input });
  }

  readonly see = (record: TraceRecord): void => {
    if (!('actor' in record) || record.actor === undefined || !this.#members.has(record.actor)) return;
    const { actor } = record;
    const context = this.#contexts.get(actor);
    if (record.type === 'spawn') this.#contexts.set(actor, record.context as Fields);
    else if (record.type === 'transition') this.#contexts.set(actor, { ...context, ...record.changed });
    else if (record.type === 'receive' && context && (record.from !== undefined || isRequest(record)))
      this.#notes.event(actor, record.event, context);
  };
}

/** What is neither a message nor the end of a timer is asked for by an embedder. */
const isRequest = ({ event }: { readonly event: EventObject }): boolean => !event.type.startsWith('xstate.');
