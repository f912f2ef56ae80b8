import type { EventObject, StateValue } from 'xstate';
import { AssertionError } from '../assert.ts';
import type { TransitionRef } from '../chart.ts';
import { describeError, isSynodError, SynodError } from '../errors.ts';
import { MAX_MICROSTEPS } from '../step.ts';
import { Missing } from './missing.ts';
import type { Place } from './places.ts';

/** More events than this at one moment of virtual time are taken to be machines that send to each other for ever. */
export const MAX_EVENTS = 2_000;

/** A guard that threw: XState says it in other words, without the place. */
export interface GuardThrown {
  readonly transition: TransitionRef;
  readonly condition: string;
  readonly error: unknown;
}

/** What is known where a machine threw. */
export interface Trouble {
  /** The machine's id, and its path where it is not the one under test. */
  readonly machine: string;
  readonly path: string;
  /** Undefined as the machine starts. */
  readonly event: EventObject | undefined;
  readonly state: StateValue | undefined;
  readonly guard: GuardThrown | undefined;
  readonly place: Place | undefined;
}

/** The transitions that were taken last, each once, the earliest first. */
const lately = (taken: readonly { readonly transition: TransitionRef }[]): string =>
  [...new Set(taken.slice(-6).map(({ transition }) => transition))].join(', ') || 'events that no transition takes';

export const loops = (who: string, taken: readonly { readonly transition: TransitionRef }[]): SynodError =>
  new SynodError(
    'MACHINE_LOOPS',
    `${who} took ${MAX_MICROSTEPS} microsteps for one event and is still at ${lately(taken)}; look for "always" transitions or raised events that lead back to where they began.`,
  );

export const echoes = (who: string, taken: readonly { readonly transition: TransitionRef }[]): SynodError =>
  new SynodError(
    'MACHINE_LOOPS',
    `${who} and its actors took ${MAX_EVENTS} events at one moment and are still at ${lately(taken)}; look for actors that answer each other for ever, or for a delay of 0 that leads back to where it began.`,
  );

export const systemIdTaken = (id: string, holder: string, other: string): SynodError =>
  new SynodError(
    'SYSTEM_ID_TAKEN',
    `Two actors at once would have the system id "${id}": ${holder} and ${other}; give each its own.`,
  );

export const delayInvalid = (who: string, id: string, delay: number): SynodError =>
  new SynodError(
    'DELAY_INVALID',
    `${who} sets the timer "${id}" to ${delay}, which is no number of milliseconds; let its delay be finite for every event and context.`,
  );

/** Whether a parent may hear of it, as XState would tell it: what the machine itself threw. */
export const isThrown = ({ code }: SynodError): boolean =>
  code === 'GUARD_THREW' || code === 'ACTION_THREW' || code === 'CONTEXT_THREW';

/** What a machine threw, as a coded error that says where. */
export function failureOf(error: unknown, trouble: Trouble): SynodError {
  if (error instanceof AssertionError) throw error;
  if (isSynodError(error)) return error;
  const { guard, event, state } = trouble;
  const on = event === undefined ? 'as it starts' : `on "${event.type}" in ${stateOf(state)}`;
  const message = describeError(error);
  if (guard) return guardFailure(guard, trouble, on);
  if (error instanceof Missing) {
    const { place } = trouble;
    return missing(error.what, error.part, trouble, place ? `for ${place.of} ${on}` : on);
  }
  if (message.startsWith('Infinite loop detected'))
    return new SynodError('MACHINE_LOOPS', `${whoOf(trouble)} ${on}: ${firstSentence(message)}.`, { cause: error });
  const where = placeOf(trouble);
  const target = /^Unable to send event to actor '([^']*)'/.exec(message)?.[1];
  if (target !== undefined) return noActor(target, where, on, error);
  const isContext = trouble.place?.what === 'context';
  return new SynodError(
    isContext ? 'CONTEXT_THREW' : 'ACTION_THREW',
    `${where} threw ${on}: ${message}; let it come to a value for every ${isContext ? 'input' : 'event and context'} that it can meet.`,
    { cause: error },
  );
}

function guardFailure({ transition, condition, error }: GuardThrown, trouble: Trouble, on: string): SynodError {
  if (error instanceof Missing) return missing(error.what, error.part, trouble, `for ${transition} ${on}`);
  // A function written in place has the name of the field that it is written to.
  const guard = condition === '' || condition === 'guard' ? 'The guard' : `The guard "${condition}"`;
  const text = `${guard} of ${transition} threw ${on}: ${describeError(error)}; let it answer for every event and context that it can meet.`;
  return new SynodError('GUARD_THREW', text, { cause: error });
}

const missing = (what: string, part: string, trouble: Trouble, on: string): SynodError =>
  new SynodError(
    'IMPLEMENTATION_MISSING',
    `${whoOf(trouble)} needs its ${what} "${part}" ${on}, and nobody has given it; give it to setup() or machine.provide().`,
  );

const noActor = (target: string, where: string, on: string, cause: unknown): SynodError =>
  new SynodError(
    'ACTOR_MISSING',
    target === '#_parent'
      ? `${where} sends to a parent ${on}, and there is none; test the machine that invokes this one.`
      : `${where} sends to an actor "${target}" ${on}, and none runs under that id; start it first, or send only where it runs.`,
    { cause },
  );

const whoOf = ({ machine, path }: Trouble): string => (path === '' ? machine : `${machine} (actor "${path}")`);

function placeOf(trouble: Trouble): string {
  const { place } = trouble;
  switch (place?.what) {
    case undefined:
      return whoOf(trouble);
    case 'context':
      return `The context of ${whoOf(trouble)}`;
    case 'actors':
      return `An actor that ${place.of} invokes, or its input,`;
    case 'output':
      return `The output of ${place.of}`;
    case 'action':
      return `The action "${place.action}" of ${place.of}`;
  }
}

const firstSentence = (text: string): string => text.split('. ')[0] ?? text;
const stateOf = (state: StateValue | undefined): string => (typeof state === 'string' ? state : JSON.stringify(state));
