import { type AnyStateMachine, createMachine } from 'xstate';
import type { TransitionRef } from '../chart.ts';

/** What leads to a transition: as in a chart, and for what XState sends itself, where it is written. */
export type TransitionKind =
  | 'event'
  | 'after'
  | 'always'
  /** `onDone` of a state. */
  | 'stateDone'
  /** `onDone`, `onError` and `onSnapshot` of an invoked actor. */
  | 'actorDone'
  | 'actorError'
  | 'actorSnapshot'
  /** `route` of a state with an id, which becomes a transition of the root. */
  | 'route';

/** Where a transition stands in the machine that is rebuilt. */
export interface TransitionPlace {
  /** As in the chart of the machine that is rebuilt, whatever was dropped before. */
  readonly ref: TransitionRef;
  /** XState's id of the state that the transition is written in. */
  readonly state: string;
  readonly kind: TransitionKind;
  /** The descriptor of an event as it is written, the key of a delay, the id of an actor; else empty. */
  readonly event: string;
}

export interface InvokePlace {
  /** XState's id of the state. */
  readonly state: string;
  /** The id by which the parent knows the actor. */
  readonly id: string;
  readonly index: number;
}

/** A transition as XState's config has it, one that is written as a target alone or as nothing being `{ target }`. */
export interface TransitionConfig {
  readonly target?: unknown;
  readonly guard?: unknown;
  readonly actions?: unknown;
  readonly reenter?: boolean;
  readonly [key: string]: unknown;
}

/** Config of a state, or of an invoked actor, as XState has it. */
export type PartConfig = Readonly<Record<string, unknown>>;

/**
 * What becomes of each part of a machine's config. A function that is left out keeps its parts; one that answers with what it was given keeps
 * that part as it is written; `undefined` drops it. Parts are visited in document order.
 */
export interface MachineTransform {
  /** A state, before its parts; for what no other function is for, such as `initial`, `type` or the `target` of a history state. */
  state?(config: PartConfig, state: string): PartConfig;
  transition?(config: TransitionConfig, place: TransitionPlace): TransitionConfig | undefined;
  /** The key of `after`: milliseconds, or the name of a delay. */
  delay?(delay: string, state: string): string | number;
  /** Entry or exit actions, none being an empty list. */
  actions?(
    actions: readonly unknown[],
    place: { readonly state: string; readonly of: 'entry' | 'exit' },
  ): readonly unknown[];
  /** An invoked actor, before its transitions. */
  invoke?(config: PartConfig, place: InvokePlace): PartConfig | undefined;
}

/**
 * A machine like the given one but for what `transform` makes of its config. Functions survive by identity, implementations are shared, ids
 * stay, also those that XState makes up for actors. The given machine stays as it is.
 * Throws what XState throws at a config that is none, such as one with a target that is no state.
 */
export const rebuildMachine = (machine: AnyStateMachine, transform: MachineTransform): AnyStateMachine => {
  const config = new Rebuilding(machine.id, transform).state(machine.config as PartConfig, []);
  return createMachine(config as Parameters<typeof createMachine>[0], machine.implementations as never);
};

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, at) => item === b[at]);

type Place = Omit<TransitionPlace, 'ref'>;

class Rebuilding {
  readonly #machine: string;
  readonly #transform: MachineTransform;
  #routes = 0;

  constructor(machine: string, transform: MachineTransform) {
    this.#machine = machine;
    this.#transform = transform;
  }

  state(written: PartConfig, path: readonly string[]): PartConfig {
    const id = (written.id as string | undefined) || [this.#machine, ...path].join('.');
    const config = this.#transform.state?.(written, id) ?? written;
    const parts: Record<string, unknown> = {
      ...this.#actions(config, id, 'entry'),
      ...this.#actions(config, id, 'exit'),
      on: this.#on(config.on as PartConfig | undefined, id),
      onDone: this.#transitions(config.onDone, `xstate.done.state.${id}`, { state: id, kind: 'stateDone', event: '' }),
      invoke: this.#invokes(config.invoke, id),
      after: this.#after(config.after as PartConfig | undefined, id),
      always: this.#transitions(config.always, 'always', { state: id, kind: 'always', event: '' }),
      route: this.#route(config.route, config.id, id, path),
      states: this.#states(config.states as PartConfig | undefined, path),
    };
    return changed(config, parts);
  }

  #states(states: PartConfig | undefined, path: readonly string[]): PartConfig | undefined {
    if (!states) return undefined;
    const entries = Object.entries(states).map(([key, state]) => [
      key,
      this.state(state as PartConfig, [...path, key]),
    ]);
    return Object.fromEntries(entries);
  }

  #actions(config: PartConfig, state: string, of: 'entry' | 'exit'): PartConfig {
    const written = listOf(config[of]);
    const actions = this.#transform.actions?.(written, { state, of }) ?? written;
    return isSame(actions, written) ? {} : { [of]: actions };
  }

  #on(on: PartConfig | undefined, state: string): PartConfig | undefined {
    if (!on) return undefined;
    const kept = Object.entries(on).map(
      ([event, candidates]) => [event, this.#transitions(candidates, event, { state, kind: 'event', event })] as const,
    );
    return Object.fromEntries(kept.filter(([, candidates]) => !isEmpty(candidates)));
  }

  #after(after: PartConfig | undefined, state: string): PartConfig | undefined {
    if (!after) return undefined;
    const kept: Record<string, unknown> = {};
    for (const [delay, candidates] of Object.entries(after)) {
      const event = `xstate.after.${Number.isNaN(Number(delay)) ? delay : Number(delay)}.${state}`;
      const transitions = this.#transitions(candidates, event, { state, kind: 'after', event: delay });
      if (isEmpty(transitions)) continue;
      const key = String(this.#transform.delay?.(delay, state) ?? delay);
      kept[key] = key in kept ? [...listOf(kept[key]), ...listOf(transitions)] : transitions;
    }
    return kept;
  }

  #invokes(invoke: unknown, state: string): unknown {
    const written = listOf(invoke) as readonly PartConfig[];
    const kept: PartConfig[] = [];
    for (const [index, each] of written.entries()) {
      const id = (each.id as string | undefined) ?? `${index}.${state}`;
      const actor = this.#transform.invoke ? this.#transform.invoke(each, { state, id, index }) : each;
      if (actor === undefined) continue;
      const parts = {
        onDone: this.#transitions(actor.onDone, `xstate.done.actor.${id}`, { state, kind: 'actorDone', event: id }),
        onError: this.#transitions(actor.onError, `xstate.error.actor.${id}`, { state, kind: 'actorError', event: id }),
        onSnapshot: this.#transitions(actor.onSnapshot, `xstate.snapshot.${id}`, {
          state,
          kind: 'actorSnapshot',
          event: id,
        }),
      };
      // XState numbers actors without an id; those after a dropped one keep the number that they had.
      kept.push(changed(kept.length === index ? actor : { ...actor, id }, parts));
    }
    return isSame(kept, written) ? invoke : kept;
  }

  #route(route: unknown, hasId: unknown, state: string, path: readonly string[]): unknown {
    if (!route || !hasId || path.length === 0 || !this.#transform.transition) return route;
    const ref = `${this.#machine}#xstate.route[${this.#routes++}]`;
    return this.#transform.transition(route as TransitionConfig, { ref, state, kind: 'route', event: '' });
  }

  /** The candidates of one event; an empty list where none is left. */
  #transitions(candidates: unknown, event: string, place: Place): unknown {
    const { transition } = this.#transform;
    // XState takes what is empty for nothing, except for events, which such a candidate forbids.
    if (!transition || (place.kind !== 'event' && !candidates)) return candidates;
    const written = Array.isArray(candidates) ? candidates : [candidates];
    const kept: unknown[] = [];
    for (const [index, each] of written.entries()) {
      const config = (typeof each === 'object' ? each : { target: each }) as TransitionConfig;
      const made = transition(config, { ...place, ref: `${place.state}#${event}[${index}]` });
      if (made !== undefined) kept.push(made === config ? each : made);
    }
    return isSame(kept, written) ? candidates : kept;
  }
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** `config` with parts that are other than before; what is empty goes. */
function changed(config: PartConfig, parts: Readonly<Record<string, unknown>>): PartConfig {
  const made: Record<string, unknown> = { ...config, ...parts };
  for (const key of Object.keys(parts)) if (made[key] === undefined || isEmpty(made[key])) delete made[key];
  return made;
}
