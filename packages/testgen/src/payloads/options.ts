import {
  type ChartState,
  chartOf,
  familyOf,
  fitsDescriptor,
  functionsOf,
  invocationsOf,
  SynodError,
} from '@synod/protocol';
import fc from 'fast-check';
import type { AnyStateMachine } from 'xstate';
import { isSchema, type Schema } from './schema/standard.ts';

/** Where values come from: a list of them, a Standard Schema, or a fast-check arbitrary. */
export type Source = readonly unknown[] | Schema | fc.Arbitrary<unknown>;

/** What an actor may come to: outputs, errors, events that it tells its parent, values that it yields. */
export interface ActorSources {
  readonly done?: Source;
  readonly fail?: Source;
  readonly relay?: Source;
  readonly next?: Source;
}

/** Values for a machine. What is not given is inferred from the texts of guards and actions. */
export interface PayloadOptions {
  /** Decides what is drawn at random. Default: 0. */
  readonly seed?: number;
  /** Inputs to start the machine with. */
  readonly inputs?: Source;
  /** By type of event: payloads, with or without their `type`. */
  readonly events?: Readonly<Record<string, Source>>;
  /** By id, path or name of an actor. */
  readonly actors?: Readonly<Record<string, ActorSources>>;
  /** Schemas beside lists of cases, which they then judge. A machine's own, `setup({ schemas })`, need not be given. */
  readonly schemas?: MachineSchemas;
}

export interface MachineSchemas {
  readonly input?: unknown;
  readonly events?: Readonly<Record<string, unknown>>;
  readonly actors?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** All that was given for one place. */
export interface Given {
  readonly cases?: readonly unknown[];
  readonly schema?: Schema;
  readonly arbitrary?: fc.Arbitrary<unknown>;
}

/**
 * A source as what it is.
 * @throws SynodError `SCHEMA_INVALID`.
 */
export function givenOf(source: unknown, schema: unknown, what: string): Given {
  const own = schema === undefined ? {} : { schema: schemaOf(schema, what) };
  if (source === undefined) return own;
  if (Array.isArray(source)) return { ...own, cases: source };
  if (isArbitrary(source)) return { ...own, arbitrary: source };
  return { schema: schemaOf(source, what) };
}

const isArbitrary = (value: unknown): value is fc.Arbitrary<unknown> =>
  value instanceof fc.Arbitrary ||
  (typeof value === 'object' &&
    value !== null &&
    'generate' in value &&
    'shrink' in value &&
    'canShrinkWithoutContext' in value);

function schemaOf(value: unknown, what: string): Schema {
  if (isSchema(value)) return value;
  throw new SynodError(
    'SCHEMA_INVALID',
    `What is given for ${what} is no list of cases, no Standard Schema and no fast-check arbitrary; give one of these.`,
  );
}

/** The schemas that a machine carries, with those given beside it in their place. XState does not look at them, so they may be anything. */
export function schemasOf(machine: AnyStateMachine, given: MachineSchemas = {}): MachineSchemas {
  const own = (machine.schemas ?? {}) as MachineSchemas;
  const input = given.input ?? (isSchema(own.input) ? own.input : undefined);
  return {
    ...(input !== undefined && { input }),
    events: { ...onlySchemas(own.events), ...given.events },
    actors: { ...own.actors, ...given.actors },
  };
}

const onlySchemas = (record: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(record).filter(([, schema]) => isSchema(schema)));

/**
 * Refuses what is given for events and actors that the machine does not have: most likely a slip of the pen.
 * @throws SynodError `PAYLOAD_UNKNOWN`.
 */
export function refuseUnknown(machine: AnyStateMachine, { events = {}, actors = {} }: PayloadOptions): void {
  const family = familyOf(machine);
  const descriptors = family.flatMap((member) => descriptorsOf(member));
  for (const type of Object.keys(events)) {
    if (descriptors.some((descriptor) => fitsDescriptor(type, descriptor))) continue;
    throw unknown(
      `event "${type}"`,
      descriptors.filter((each) => !each.startsWith('xstate.')),
    );
  }
  const names = family.flatMap((member) => [
    ...invocationsOf(member).flatMap(({ id, src }) => [id, src]),
    ...Object.keys(member.implementations.actors),
  ]);
  // The id of an actor that is spawned is known to nobody before it runs.
  if (family.some(spawns)) return;
  for (const name of Object.keys(actors))
    if (!names.includes(name.split('/').at(-1) ?? name)) throw unknown(`actor "${name}"`, names);
}

/** Whether a machine may spawn actors, by an action or within a function. */
function spawns(machine: AnyStateMachine): boolean {
  const calls = (state: ChartState): readonly string[] => [
    ...state.entry,
    ...state.exit,
    ...state.transitions.flatMap(({ actions }) => actions),
    ...state.states.flatMap(calls),
  ];
  return (
    calls(chartOf(machine).root).includes('spawnChild') ||
    functionsOf(machine).some(({ fn }) => /spawn/.test(Function.prototype.toString.call(fn)))
  );
}

const unknown = (what: string, known: readonly string[]): SynodError =>
  new SynodError(
    'PAYLOAD_UNKNOWN',
    `Values are given for ${what}, which the machine does not have; it has ${[...new Set(known)].sort().join(', ') || 'none'}.`,
  );

/** The events that some state of a machine takes, as they are written. */
export function descriptorsOf(machine: AnyStateMachine): readonly string[] {
  const types = (state: ChartState): readonly string[] => [
    ...state.transitions.flatMap(({ kind, event }) => (kind === 'event' ? [event] : [])),
    ...state.states.flatMap(types),
  ];
  return [...new Set(types(chartOf(machine).root))];
}
