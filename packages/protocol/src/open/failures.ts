import type { EventObject, StateValue } from 'xstate';
import { AssertionError } from '../assert.ts';
import { describeError, isSynodError, SynodError } from '../errors.ts';
import { MAX_MICROSTEPS } from '../step.ts';
import { Missing } from './guards.ts';

interface Place {
  readonly machine: string;
  /** Undefined as the machine starts. */
  readonly event: EventObject | undefined;
  readonly state: StateValue | undefined;
  readonly thrown: { readonly transition: string; readonly condition: string; readonly error: unknown } | undefined;
}

export const loops = (path: string, machine: string): SynodError =>
  new SynodError(
    'MACHINE_LOOPS',
    `${machine}${path && ` (actor "${path}")`} took ${MAX_MICROSTEPS} microsteps for one event; look for "always" transitions or raised events that lead back to where they began.`,
  );

/** What a machine threw, as a coded error that says where. */
export function failureOf(error: unknown, { machine, event, state, thrown }: Place): SynodError | AssertionError {
  if (error instanceof AssertionError || isSynodError(error)) return error;
  const on = event === undefined ? 'as it starts' : `on "${event.type}" in ${stateOf(state)}`;
  if (thrown) {
    if (thrown.error instanceof Missing) return missing('guard', thrown.error.guard, machine, on, error);
    const guard = thrown.condition === '' ? 'The guard' : `The guard "${thrown.condition}"`;
    const text = `${guard} of ${thrown.transition} threw ${on}: ${describeError(thrown.error)}; let it answer for every event and context that it can meet.`;
    return new SynodError('GUARD_THREW', text, { cause: thrown.error });
  }
  if (error instanceof Missing) return missing('guard', error.guard, machine, on, error);
  const message = describeError(error);
  const guard = /Guard ['"]([^'"]+)['"] is not implemented/.exec(message)?.[1];
  if (guard !== undefined) return missing('guard', guard, machine, on, error);
  const actor = /(?:Actor logic|Actor type) ['"]([^'"]+)['"] not/.exec(message)?.[1];
  if (actor !== undefined) return missing('actor', actor, machine, on, error);
  if (event === undefined)
    return new SynodError(
      'START_THREW',
      `${machine} threw as it started: ${message}; look at its context, its entry actions and at the input that it was given.`,
      { cause: error },
    );
  return new SynodError(
    'ACTION_THREW',
    `${machine} threw ${on}: ${message}; look at what the actions of this transition assign and send.`,
    { cause: error },
  );
}

const missing = (what: string, name: string, machine: string, on: string, cause: unknown): SynodError =>
  new SynodError(
    'IMPLEMENTATION_MISSING',
    `${machine} needs its ${what} "${name}" ${on}, and nobody has given it; give it to setup() or machine.provide().`,
    { cause },
  );

const stateOf = (state: StateValue | undefined): string => (typeof state === 'string' ? state : JSON.stringify(state));
