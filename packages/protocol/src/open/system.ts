import type { AnyActorScope, AnyStateMachine, EventObject } from 'xstate';
import { type TransitionRef, transitionRefs } from '../chart.ts';
import { SynodError } from '../errors.ts';
import { recordGuards } from './guards.ts';
import type { OpenRef } from './open-world.ts';
import type { Instrumented, Run, Shared } from './run.ts';

/** What the actors of one open machine share. Steps are taken one after the other, so that the present one is known to all. */
export class OpenSystem implements Shared {
  run: Run | undefined;
  /** A guard that threw: XState says it in other words, without the place. */
  thrown: { readonly transition: TransitionRef; readonly condition: string; readonly error: unknown } | undefined;
  readonly #machines = new WeakMap<AnyStateMachine, Instrumented>();
  readonly #scopes = new WeakMap<OpenRef, AnyActorScope>();

  get present(): Run {
    if (this.run) return this.run;
    throw new SynodError(
      'ACTOR_OUTSIDE_STEP',
      'An actor was used after the step in which it was at hand; keep actors in context, and use them in the chart.',
    );
  }

  /** What XState's actors call their system (5.33). */
  readonly system = {
    _snapshot: { _scheduledEvents: {} },
    _logger: () => {},
    _clock: { setTimeout: () => 0, clearTimeout: () => {} },
    _bookId: () => this.present.nextId(),
    _register: () => '',
    _unregister: (ref: OpenRef) => this.present.unregister(ref),
    _set: (id: string, ref: OpenRef) => this.present.register(id, ref),
    get: (id: string) => this.present.systemIds.get(id),
    getAll: () => Object.fromEntries(this.present.systemIds),
    inspect: () => ({ unsubscribe: () => {} }),
    getSnapshot: () => ({ _scheduledEvents: {} }),
    start: () => {},
    _relay: (_: OpenRef, target: OpenRef, event: EventObject) => this.present.relay(target, event),
    _sendInspectionEvent: (inspection: Inspection) => {
      if (inspection.type === '@xstate.actor') this.present.adopt(inspection.actorRef);
      else if (inspection.type === '@xstate.microstep')
        this.present.microstep(inspection.actorRef, inspection._transitions ?? []);
    },
  };

  /** The machine with its guards recorded. */
  instrumented(machine: AnyStateMachine): Instrumented {
    const known = this.#machines.get(machine);
    if (known) return known;
    const copy = recordGuards(machine, {
      asked: (transition, condition, outcome) => this.present.asked(transition, condition, outcome),
      threw: (transition, condition, error) => {
        this.thrown ??= { transition, condition, error };
      },
    });
    const made = { machine: copy, refOf: transitionRefs(copy) };
    this.#machines.set(machine, made);
    return made;
  }

  scopeOf(ref: OpenRef): AnyActorScope {
    const known = this.#scopes.get(ref);
    if (known) return known;
    const scope = {
      self: ref,
      id: ref.id,
      sessionId: ref.sessionId,
      logger: () => {},
      system: this.system,
      defer: (task: () => void) => this.present.defer(ref, task),
      emit: (event: EventObject) => this.present.emit(ref, event),
      stopChild: (child: OpenRef) => this.present.stop(child),
      actionExecutor: (action: { readonly type: string; readonly params: unknown }) => this.present.act(ref, action),
    } as unknown as AnyActorScope;
    this.#scopes.set(ref, scope);
    return scope;
  }
}

type Inspection =
  | { readonly type: '@xstate.actor'; readonly actorRef: OpenRef }
  | { readonly type: '@xstate.microstep'; readonly actorRef: OpenRef; readonly _transitions?: readonly object[] }
  | { readonly type: '@xstate.event' | '@xstate.action' | '@xstate.snapshot' };
