import {
  type MachineTransform,
  type PartConfig,
  rebuildMachine,
  type TransitionConfig,
  type TransitionPlace,
  type TransitionRef,
} from '@synod/protocol';
import { type AnyStateMachine, not } from 'xstate';
import { type ChartIndex, type IndexedState, nameOf } from '../targets/chart-index.ts';
import { transitionTitle } from '../targets/titles.ts';

/** How a mutant is made. Each mutant is one such change in one place. */
export const MUTATION_OPERATORS = [
  'drop-transition',
  'negate-guard',
  'retarget',
  'drop-action',
  'change-delay',
] as const;

export type MutationOperator = (typeof MUTATION_OPERATORS)[number];

/** What must happen for a change to matter: a transition is taken, or one of these states is entered. */
export type MutationPlace = { readonly transition: TransitionRef } | { readonly states: readonly string[] };

/** A change that can be made to a machine. */
export interface Mutation {
  /** Unique in the machine, and stable as long as the chart's names are. */
  readonly id: string;
  readonly operator: MutationOperator;
  /** For people: `idle → open on PUSH: leads to shut`. */
  readonly description: string;
  readonly place: MutationPlace;
  make(machine: AnyStateMachine): AnyStateMachine;
}

/** All changes, in document order: found in one pass over the machine's config. */
export function mutationsOf(machine: AnyStateMachine, index: ChartIndex): readonly Mutation[] {
  const found: Mutation[] = [];
  rebuildMachine(machine, {
    transition: (config, place) => {
      found.push(...ofTransition(config, place, index));
      return config;
    },
    actions: (actions, { state, of }) => {
      found.push(...ofActions(actions, state, of, index));
      return actions;
    },
    delay: (delay, state) => {
      found.push(ofDelay(delay, state, index));
      return delay;
    },
  });
  // A named delay that several states use is one change.
  const byId = new Map<string, Mutation>();
  for (const mutation of found) {
    const known = byId.get(mutation.id);
    byId.set(mutation.id, known ? { ...known, place: together(known.place, mutation.place) } : mutation);
  }
  return [...byId.values()];
}

const together = (a: MutationPlace, b: MutationPlace): MutationPlace =>
  'states' in a && 'states' in b ? { states: [...a.states, ...b.states] } : a;

function ofTransition(config: TransitionConfig, place: TransitionPlace, index: ChartIndex): readonly Mutation[] {
  const indexed = index.transitions.get(place.ref);
  const title = indexed ? transitionTitle(index, indexed) : `${place.kind} ${place.event} of ${place.state}`;
  const at = (operator: MutationOperator, what: string, change: Change, part = ''): Mutation => ({
    id: `${operator} ${place.ref}${part}`,
    operator,
    description: `${title}: ${what}`,
    place: { transition: place.ref },
    make: changing({ transition: (each, { ref }) => (ref === place.ref ? change(each) : each) }),
  });
  const found = [at('drop-transition', 'is gone', () => undefined)];
  if (config.guard !== undefined)
    found.push(
      at('negate-guard', 'its guard is turned round', (each) => ({ ...each, guard: not(each.guard as never) })),
    );
  const [target, ...others] = indexed?.transition.targets ?? [];
  const other = target === undefined ? undefined : elsewhere(index.states.get(target));
  if (other)
    found.push(
      at('retarget', `leads to ${nameOf(other)}`, (each) => ({
        ...each,
        target: [other.state.id, ...others].map(reference),
      })),
    );
  for (const [position, name] of namesOf(config.actions).entries())
    found.push(
      at(
        'drop-action',
        `does not ${name}`,
        (each) => ({ ...each, actions: listOf(each.actions).filter((_, index) => index !== position) }),
        `/${position}`,
      ),
    );
  return found;
}

type Change = (config: TransitionConfig) => TransitionConfig | undefined;

function ofActions(
  actions: readonly unknown[],
  state: string,
  of: 'entry' | 'exit',
  index: ChartIndex,
): readonly Mutation[] {
  const name = titleOf(state, index);
  return namesOf(actions).map((action, position) => ({
    id: `drop-action ${state}#${of}/${position}`,
    operator: 'drop-action' as const,
    description: `${of} of ${name}: does not ${action}`,
    place: { states: [state] },
    make: changing({
      actions: (each, place) =>
        place.state === state && place.of === of ? each.filter((_, index) => index !== position) : each,
    }),
  }));
}

function ofDelay(delay: string, state: string, index: ChartIndex): Mutation {
  const ms = Number(delay);
  if (!Number.isNaN(ms))
    return {
      id: `change-delay ${state} ${delay}`,
      operator: 'change-delay',
      description: `${titleOf(state, index)}: waits ${later(ms)} ms instead of ${ms}`,
      place: { states: [state] },
      make: changing({ delay: (each, place) => (place === state && each === delay ? later(ms) : each) }),
    };
  return {
    id: `change-delay ${delay}`,
    operator: 'change-delay',
    description: `the delay ${delay} is longer by a tenth, and by a millisecond at least`,
    place: { states: [state] },
    make: (machine) => {
      const given = machine.implementations.delays?.[delay] as number | ((...args: unknown[]) => number) | undefined;
      const made = typeof given === 'function' ? (...args: unknown[]) => later(given(...args)) : later(given ?? 0);
      return machine.provide({ delays: { [delay]: made } } as never);
    },
  };
}

const later = (ms: number): number => ms + Math.max(1, Math.round(ms / 10));

const changing =
  (transform: MachineTransform) =>
  (machine: AnyStateMachine): AnyStateMachine =>
    rebuildMachine(machine, transform);

/** The state beside a target that a transition may lead to by mistake: the next one, then the first; for history what it stands in. */
function elsewhere(target: IndexedState | undefined): IndexedState | undefined {
  if (!target?.parent) return undefined;
  if (target.state.kind === 'history') return target.parent;
  const siblings = target.parent.children.filter(({ state }) => state.kind !== 'history');
  if (target.parent.state.kind === 'parallel' || siblings.length < 2) return undefined;
  return siblings[(siblings.indexOf(target) + 1) % siblings.length];
}

/** XState finds a state by its id when every dot in it is escaped. */
const reference = (id: string): string => `#${id.replaceAll('.', '\\.')}`;

const titleOf = (state: string, index: ChartIndex): string => {
  const indexed = index.states.get(state);
  return indexed ? nameOf(indexed) : state;
};

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

const namesOf = (actions: unknown): readonly string[] =>
  listOf(actions).map((action) => {
    if (typeof action === 'string') return action;
    const { type, name } = action as PartConfig & { readonly name?: string };
    const known = (type ?? name) as string | undefined;
    return known ? `${known.replace(/^xstate\./, '')}` : 'its inline action';
  });
