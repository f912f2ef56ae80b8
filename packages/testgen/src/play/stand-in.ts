import { assert, hosted, supplyActors } from '@synod/protocol';
import type { AnyActorLogic, AnyActorScope, AnyEventObject, AnyStateMachine, EventObject, Snapshot } from 'xstate';

/** What a test makes a stand-in do; no machine can send these by accident. */
const END = 'synod.stand-in.done';
const FAIL = 'synod.stand-in.fail';
const NEXT = 'synod.stand-in.next';

export const ending = (output: unknown): AnyEventObject => ({ type: END, output });
export const failing = (error: unknown): AnyEventObject => ({ type: FAIL, error });
export const proceeding = (value: unknown): AnyEventObject => ({ type: NEXT, value });

/** Whether logic is a statechart: those run as they are. */
export const isMachine = (logic: AnyActorLogic): logic is AnyStateMachine =>
  'implementations' in logic && 'root' in logic && 'config' in logic;

type State = Snapshot<unknown> & { readonly context?: unknown; readonly input?: unknown };

/** Logic in the place of a promise, callback, observable or whatever else: it does what the test tells it, and tells what it is sent. */
export function standIn(original: AnyActorLogic | undefined, told: (event: EventObject) => void): AnyActorLogic {
  return {
    config: undefined,
    getInitialSnapshot: (scope: AnyActorScope, input: unknown): State => initial(original, scope, input),
    transition: (state: State, event: AnyEventObject): State => {
      if (state.status !== 'active') return state;
      switch (event.type) {
        case END:
          return { ...state, status: 'done', output: event.output, error: undefined };
        case FAIL:
          return { ...state, status: 'error', output: undefined, error: event.error };
        case NEXT:
          return { ...state, context: event.value };
        case 'xstate.stop':
          return { ...state, status: 'stopped', output: undefined, error: undefined };
        default:
          told(event);
          return state;
      }
    },
    getPersistedSnapshot: (state: State) => state,
    restoreSnapshot: (state: unknown) => state as State,
  } as unknown as AnyActorLogic;
}

/** What the actor would show at first: reading it starts nothing, in all of XState's own kinds of logic. */
function initial(original: AnyActorLogic | undefined, scope: AnyActorScope, input: unknown): State {
  const plain: State = { status: 'active', output: undefined, error: undefined, context: undefined, input };
  if (!original) return plain;
  const first: State = original.getInitialSnapshot(scope, input);
  return first.status === 'active' ? first : plain;
}

/** What a machine calls for, as it calls for it. */
export interface Calls {
  action(type: string, params: unknown): void;
  /** Whether custom actions are run as well. */
  readonly run: boolean;
  /** Whether the end of a delay is told with its time. */
  readonly hosted: boolean;
}

/** A machine of which the custom actions are noted. What XState itself does for the chart (timers, emits, messages, children) is done. */
export function recording(machine: AnyStateMachine, calls: Calls): AnyActorLogic {
  const scopes = new WeakMap<AnyActorScope, AnyActorScope>();
  const scoped = (scope: AnyActorScope): AnyActorScope => {
    const known = scopes.get(scope);
    if (known) return known;
    const made: AnyActorScope = {
      ...scope,
      actionExecutor: (action) => {
        const own = !isBuiltIn(action.type);
        if (own) calls.action(action.type === '(anonymous)' ? '(inline)' : action.type, action.params);
        if (!own || calls.run) scope.actionExecutor(action);
      },
    };
    scopes.set(scope, made);
    return made;
  };
  return {
    config: machine.config,
    getInitialSnapshot: (scope: AnyActorScope, input: unknown) => machine.getInitialSnapshot(scoped(scope), input),
    transition: (snapshot: never, event: EventObject, scope: AnyActorScope) =>
      machine.transition(snapshot, calls.hosted ? hosted(event) : event, scoped(scope)),
    start: (snapshot: never) => machine.start(snapshot),
    getPersistedSnapshot: (snapshot: never) => machine.getPersistedSnapshot(snapshot),
    restoreSnapshot: (snapshot: never, scope: AnyActorScope) => machine.restoreSnapshot(snapshot, scoped(scope)),
  } as unknown as AnyActorLogic;
}

const isBuiltIn = (type: string): boolean => type.startsWith('xstate.');

const completed = new WeakMap<AnyStateMachine, AnyStateMachine>();

/** The machine with stand-ins for actors that its chart names and nobody has provided. */
export function complete(machine: AnyStateMachine): AnyStateMachine {
  const known = completed.get(machine);
  if (known) return known;
  const copy = machine.provide({});
  supplyActors(
    copy,
    standIn(undefined, () => assert(false, 'a placeholder is replaced before it lives')),
  );
  completed.set(machine, copy);
  return copy;
}
