import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { AnyStateMachine } from 'xstate';
import type { Address } from './address.ts';
import { assert } from './assert.ts';
import type { Property } from './property.ts';
import type { ProtocolView } from './protocol-view.ts';
import type { RandomState } from './random.ts';

/**
 * What a host adds to the input of every machine it starts. `recovered` holds the durable fields of an earlier life;
 * a field that was never written is absent.
 */
export interface HostInput<TDurable = Readonly<Record<string, unknown>>> {
  /** The actor's own address. */
  readonly self: Address;
  /** Seeds the generator in context; differs between actors and between their lives. */
  readonly seed: RandomState;
  readonly recovered?: Partial<TDurable>;
}

/** All that a host needs to know of a protocol. */
export interface Protocol<TMachine extends AnyStateMachine = AnyStateMachine, TContext = unknown> {
  /** Lower-case with dashes, for example `two-phase-commit`. */
  readonly name: string;
  readonly machine: TMachine;
  /** A validator for each message the machine receives from others, by message type. */
  readonly messages: Readonly<Record<string, StandardSchemaV1>>;
  /** Context fields that must survive a crash, made durable before a step's sends leave. Recovered as `input.recovered`. */
  readonly durable: readonly string[];
  readonly properties: readonly Property<TContext>[];
  /** What a viewer may draw of its contexts. It travels with the chart. */
  readonly view?: ProtocolView;
}

type ContextOf<TMachine> = TMachine extends { getInitialSnapshot(...args: never[]): { context: infer C } } ? C : never;

/** What `defineProtocol` takes: a protocol whose durable fields and properties are checked against the machine's context. */
export interface ProtocolDefinition<TMachine extends AnyStateMachine> {
  readonly name: string;
  readonly machine: TMachine;
  readonly messages: Readonly<Record<string, StandardSchemaV1>>;
  readonly durable?: readonly (keyof ContextOf<TMachine> & string)[];
  readonly properties?: readonly Property<ContextOf<TMachine>>[];
  readonly view?: ProtocolView<keyof ContextOf<TMachine> & string>;
}

/** Declares a protocol. Throws an `AssertionError` when the declaration contradicts itself. */
export function defineProtocol<TMachine extends AnyStateMachine>(
  definition: ProtocolDefinition<TMachine>,
): Protocol<TMachine, ContextOf<TMachine>> {
  const { name, machine, messages, durable = [], properties = [], view } = definition;
  assert(/^[a-z][a-z0-9-]*$/.test(name), `protocol name "${name}" must be lower-case letters, digits and dashes`);
  assert(new Set(durable).size === durable.length, `${name}: a durable field is declared twice`);
  for (const type of Object.keys(messages)) {
    assert(
      machine.events.includes(type),
      `${name}: message "${type}" has a schema but no state of the machine receives it`,
    );
  }
  return { name, machine, messages, durable, properties, ...(view && { view }) };
}

/** Whether `value` came from `defineProtocol`, and is not a bare machine. */
export const isProtocol = (value: Protocol | AnyStateMachine): value is Protocol =>
  'machine' in value && 'messages' in value;
