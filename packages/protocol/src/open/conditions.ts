import type { AnyStateMachine } from 'xstate';
import { type TransitionRef, transitionRefs } from '../chart.ts';

// The parts of XState's state nodes that are read here (5.33).
interface Definition {
  readonly guard?: unknown;
}

interface Node {
  readonly states: Readonly<Record<string, Node>>;
  readonly transitions: ReadonlyMap<string, readonly Definition[]>;
  readonly always?: readonly Definition[];
}

/**
 * The conditions of each guard of a machine that is composed by `and`, `or` or `not`, in document order: by name, and where a condition has
 * none by its place, such as `0.1`. A guard that stands alone has none.
 */
export function guardConditions(machine: AnyStateMachine): ReadonlyMap<TransitionRef, readonly string[]> {
  const refOf = transitionRefs(machine);
  const found = new Map<TransitionRef, readonly string[]>();
  const visit = ({ transitions, always = [], states }: Node): void => {
    for (const definition of [...[...transitions.values()].flat(), ...always]) {
      const conditions = definition.guard === undefined ? [] : [...conditionsIn(machine, definition.guard, '', '')];
      if (conditions.length > 0) found.set(refOf(definition), [...new Set(conditions)]);
    }
    for (const child of Object.values(states)) visit(child);
  };
  visit(machine.root as unknown as Node);
  return found;
}

function* conditionsIn(machine: AnyStateMachine, guard: unknown, place: string, name: string): Generator<string> {
  if (typeof guard !== 'function') {
    const own = typeof guard === 'string' ? guard : ((guard as { readonly type?: string } | null)?.type ?? '');
    const implementation: unknown = machine.implementations.guards[own];
    if (implementation !== undefined && implementation !== guard)
      yield* conditionsIn(machine, implementation, place, name || own);
    else if (place !== '') yield name || own || place;
    return;
  }
  const { guards } = guard as { readonly guards?: readonly unknown[] };
  if (guards)
    for (const [at, part] of guards.entries())
      yield* conditionsIn(machine, part, place === '' ? `${at}` : `${place}.${at}`, '');
  else if (place !== '') yield name || guard.name || place;
}
