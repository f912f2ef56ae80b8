import { guardConditions, invocationsOf, isMachine, type TransitionRef } from '@synod/protocol';
import type { AnyStateMachine } from 'xstate';
import type { ActorPath } from '../test-case.ts';

/** The conditions of the composed guards of the machine at a path, by transition; none where no such machine is invoked by name. */
export function conditionsAt(machine: AnyStateMachine, path: ActorPath): ReadonlyMap<TransitionRef, readonly string[]> {
  const at = machineAt(machine, path);
  return at ? guardConditions(at) : new Map();
}

function machineAt(machine: AnyStateMachine, path: ActorPath): AnyStateMachine | undefined {
  if (path === '') return machine;
  // The id of an actor may hold a slash.
  const child = invocationsOf(machine).find(({ id }) => path === id || path.startsWith(`${id}/`));
  return child && isMachine(child.logic) ? machineAt(child.logic, path.slice(child.id.length + 1)) : undefined;
}
