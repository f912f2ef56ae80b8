import {
  type Address,
  type Cases,
  canonical,
  isSynodError,
  type Protocol,
  type Specification,
  SynodError,
  validateMessage,
} from '@synod/protocol';
import type { AnyStateMachine, EventObject } from 'xstate';
import { createPayloads } from '../payloads/create.ts';
import type { Payloads, Subject, World } from '../subject.ts';
import type { Sometimes } from '../targets/tracker.ts';
import { createSubject } from '../world/subject.ts';
import { type Harvest, harvest, shapeOf, viewOf } from './harvest.ts';
import { type Candidate, nearest, poolOf, textsOf } from './pool.ts';

/** Inputs to start from: of each kind of member one, and of those that recover some. */
const MOST_INPUTS = 4;
const MOST_RECOVERED = 16;
/** Of the values that are tried, so many are made up: what no member would send. */
const FOREIGN = 3;

type Fields = Readonly<Record<string, unknown>>;

/** What a generator needs to know of one role of a protocol. */
export interface ProtocolCases {
  readonly subject: Subject;
  readonly payloads: Payloads;
  /** The protocol's `sometimes` properties, as far as one machine alone can show them. */
  readonly sometimes: readonly Sometimes[];
}

/**
 * The machine of a role.
 * @throws SynodError `ROLE_UNKNOWN`.
 */
export function machineOf(specification: Specification, role: string): AnyStateMachine {
  return protocolOf(specification, role).machine;
}

function protocolOf({ name, roles }: Specification, role: string): Protocol {
  const protocol = roles[role];
  if (protocol) return protocol;
  throw new SynodError(
    'ROLE_UNKNOWN',
    `${name} has no role "${role}"; choose one of ${Object.keys(roles).join(', ')}.`,
  );
}

/**
 * Inputs and events for one role of a protocol: what its members get in the models and simulations of its specification, under faults, with
 * `from` and `at` as hosts set them, and the specification's own cases. In each world those come first that came in a context like its own.
 * @throws SynodError `ROLE_UNKNOWN`.
 */
export function casesOf(specification: Specification, role: string): ProtocolCases {
  const { machine } = protocolOf(specification, role);
  const harvested = harvest(specification, role);
  return {
    subject: createSubject(machine, { hosted: true }),
    payloads: payloadsOf(protocolOf(specification, role), harvested, specification.cases?.[role] ?? {}),
    sometimes: sometimesOf(harvested, role),
  };
}

function payloadsOf(protocol: Protocol, harvested: Harvest, cases: Cases): Payloads {
  const { machine, messages } = protocol;
  const inputs = [...inputsOf(harvested), ...(cases.inputs ?? [])];
  const given = (cases.events ?? []).map((event) => ({ at: 0, ...event }));
  // Beside what members send: what guards ask for, which another cluster or a forger may send.
  const asked = createPayloads(machine, { inputs });
  const drawn = new Map<string, Payloads | undefined>();
  const drawnFor = (type: string): Payloads | undefined => {
    if (!drawn.has(type)) drawn.set(type, ofSchema(protocol, inputs, type));
    return drawn.get(type);
  };
  const pools = new Map<string, readonly Candidate[]>();
  const fields = new WeakMap<World, ReadonlyMap<string, string>>();
  return {
    inputs,
    events: (type, world, limit) => {
      // A wildcard stands for messages that other transitions name.
      if (type === '*') return [];
      const self = selfOf(world);
      const key = `${self}|${type}`;
      const pool = pools.get(key) ?? poolOf(harvested, self, type);
      pools.set(key, pool);
      const known = fields.get(world) ?? textsOf(world.context as Fields);
      fields.set(world, known);
      const near = nearest(pool, known, Math.max(1, limit - FOREIGN));
      const certain = distinct([...given.filter((event) => event.type === type), ...near]).slice(0, limit);
      if (!(type in messages) && certain.length > 0) return certain;
      const plain = near[0] ?? { type, from: senderOf(pools, world), at: 0 };
      const made = asked
        .events(type, world, limit)
        .map((event) => ({ ...plain, ...event }))
        .filter((event) => !(type in messages) || isMessage(protocol, event));
      const others = drawnFor(type)?.events(type, world, limit) ?? [];
      return distinct([
        ...certain,
        ...alternating(
          made,
          others.map((event) => ({ ...plain, ...event })),
        ),
      ]).slice(0, limit);
    },
    values: () => [],
  };
}

/** Values of a message's schema; none of one that cannot be drawn from. */
function ofSchema({ machine, messages }: Protocol, inputs: readonly unknown[], type: string): Payloads | undefined {
  const schema = messages[type];
  if (!schema) return undefined;
  try {
    const payloads = createPayloads(machine, { inputs, events: { [type]: schema } });
    payloads.events(type, { context: undefined } as World, 1);
    return payloads;
  } catch (error) {
    if (isSynodError(error) && error.code.startsWith('SCHEMA_')) return undefined;
    throw error;
  }
}

/** One of the first, one of the second, and so on. */
const alternating = <T>(first: readonly T[], second: readonly T[]): readonly T[] =>
  Array.from({ length: Math.max(first.length, second.length) }, (_, at) => [first[at], second[at]])
    .flat()
    .filter((item): item is T => item !== undefined);

function distinct(events: readonly EventObject[]): readonly EventObject[] {
  return [...new Map(events.map((event) => [canonical(event), event])).values()];
}

/** Whether hosts would let a message in. */
function isMessage(protocol: Protocol, event: EventObject): boolean {
  const { from: _, at: __, ...message } = event as EventObject & { readonly from?: unknown; readonly at?: unknown };
  return validateMessage(protocol, message).error === undefined;
}

/** Who could have sent what nobody sent: whoever sent anything, else a peer. */
function senderOf(pools: ReadonlyMap<string, readonly Candidate[]>, world: World): Address {
  for (const { event } of [...pools.values()].flat()) {
    const { from } = event as { readonly from?: Address };
    if (from !== undefined) return from;
  }
  const { peers } = world.context as { readonly peers?: unknown };
  return Array.isArray(peers) && typeof peers[0] === 'string' ? (peers[0] as Address) : 'stranger@nowhere';
}

/** Members that were given alike are one, whoever they are: the first of each. */
function inputsOf({ inputs }: Harvest): readonly unknown[] {
  const shapes = new Map<string, Fields>();
  const recovered: Fields[] = [];
  for (const input of inputs) {
    const { self: _, seed: __, recovered: before, ...rest } = input;
    if (before !== undefined) {
      recovered.push(input);
      continue;
    }
    const shape = canonical([Object.keys(rest).sort(), Object.values(rest).map(sizeOf)]);
    if (!shapes.has(shape)) shapes.set(shape, input);
  }
  return [...[...shapes.values()].slice(0, MOST_INPUTS), ...lives(recovered)];
}

/** Later lives, no two of which recovered alike; of those alike the last one, which holds most. */
function lives(recovered: readonly Fields[]): readonly Fields[] {
  const shapes = new Map(recovered.map((input) => [canonical(shapeOf(input.recovered)), input]));
  return [...shapes.values()].slice(0, MOST_RECOVERED);
}

const sizeOf = (value: unknown): unknown =>
  Array.isArray(value) ? value.length : typeof value === 'object' ? 'object' : typeof value === 'string' ? '' : value;

function selfOf(world: World): Address | undefined {
  const input = world.actors.find(({ path }) => path === '')?.input as { readonly self?: Address } | undefined;
  return input?.self ?? (world.context as { readonly self?: Address }).self;
}

const sometimesOf = ({ sometimes }: Harvest, role: string): readonly Sometimes[] =>
  sometimes.map(({ name, holds }) => ({
    name,
    holds: (world) => holds([viewOf(selfOf(world) ?? 'machine@n1', role, world)]),
  }));
