import type { StateValue } from 'xstate';
import type { Address } from './address.ts';

/** One actor of a cluster, as a property sees it. */
export interface NodeView<TContext = unknown> {
  /** The node it lives on: `n1` of `acceptor@n1`. Actors of one node go down together. */
  readonly node: string;
  readonly actor: Address;
  /** Its role in the specification, for example `acceptor`. */
  readonly role: string;
  /** Whether it runs. One that is down has lost all but its durable fields: `context` is what it would start with. */
  readonly up: boolean;
  readonly value: StateValue;
  readonly context: TContext;
}

interface Promised {
  /** As the paper calls it, for example `Election Safety`. Unique within a protocol. */
  readonly name: string;
  /** Where the paper states it, for example `figure 3`. */
  readonly source: string;
}

/** A predicate over all actors of a cluster. */
export interface StateProperty<TContext = unknown> extends Promised {
  /** `always`: in every state. `sometimes`: in some reachable state. `eventually`: at some time, on every fair path. */
  readonly kind: 'always' | 'sometimes' | 'eventually';
  holds(nodes: readonly NodeView<TContext>[]): boolean;
}

/** A predicate over each step of each actor that stays up: what it was, and what it came to. */
export interface StepProperty<TContext = unknown> extends Promised {
  readonly kind: 'step';
  holds(before: NodeView<TContext>, after: NodeView<TContext>): boolean;
}

/** What a protocol promises. Actors come in the order of the configuration's members. */
export type Property<TContext = unknown> = StateProperty<TContext> | StepProperty<TContext>;

/** The actors in `role`, whose context is known to be `TContext`. */
export const inRole = <TContext>(nodes: readonly NodeView[], role: string): readonly NodeView<TContext>[] =>
  nodes.filter((node): node is NodeView<TContext> => node.role === role);
