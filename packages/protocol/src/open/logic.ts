import type { AnyActorLogic, Snapshot } from 'xstate';
import { isMachine } from './functions.ts';

/** What kind of logic an actor runs. `events` is an observable of events. */
export type LogicKind = 'machine' | 'promise' | 'callback' | 'observable' | 'events' | 'transition' | 'other';

const kinds = new WeakMap<object, LogicKind>();

/** The kind of an actor's logic. XState gives logic no name, so that it is found by what a transition does; no code of the author's own runs. */
export function kindOf(logic: AnyActorLogic | undefined): LogicKind {
  if (logic === undefined) return 'other';
  const known = kinds.get(logic);
  if (known) return known;
  const kind = find(logic);
  kinds.set(logic, kind);
  return kind;
}

function find(logic: AnyActorLogic): LogicKind {
  if (isMachine(logic)) return 'machine';
  const { config, start } = logic as { readonly config?: unknown; readonly start?: unknown };
  if (typeof config !== 'function') return 'other';
  // Of XState's own kinds only `fromTransition` has nothing to start.
  if (typeof start !== 'function') return 'transition';
  const answer = (event: { readonly type: string; readonly data?: unknown }): State | 'threw' => {
    try {
      return logic.transition(ACTIVE, event, { self: {}, system: {} } as never) as State;
    } catch {
      return 'threw';
    }
  };
  const resolved = answer({ type: 'xstate.promise.resolve', data: 1 });
  // A callback looks for its receivers, and has none before it was started.
  if (resolved === 'threw') return 'callback';
  if (resolved.status === 'done') return 'promise';
  const next = answer({ type: 'xstate.observable.next', data: 1 });
  if (next !== 'threw' && next.context === 1) return 'observable';
  const completed = answer({ type: 'xstate.observable.complete' });
  return completed !== 'threw' && completed.status === 'done' ? 'events' : 'other';
}

type State = Snapshot<unknown> & { readonly context?: unknown };

const ACTIVE: State = { status: 'active', output: undefined, error: undefined, context: undefined };
