import type { AnyActorLogic, AnyActorScope, AnyStateMachine, EventObject, Snapshot } from 'xstate';
import { transitionRefs } from '../chart.ts';
import { isSynodError, SynodError } from '../errors.ts';
import type { GuardThrown } from './failures.ts';
import { recordGuards } from './guards.ts';
import type { Compile, Instrumented, StepLogic } from './instrumented.ts';
import { forbidMissingDelays, supplyActors } from './missing.ts';
import type { OpenRef } from './open-world.ts';
import { Takings } from './outcomes.ts';
import { type Place, tellPlaces } from './places.ts';
import type { Run, Shared } from './run.ts';

const NOTHING: Snapshot<unknown> = { status: 'active', output: undefined, error: undefined };

/** In the place of actors that nobody has given. */
const NOBODY = {
  getInitialSnapshot: () => NOTHING,
  transition: (snapshot: unknown) => snapshot,
  getPersistedSnapshot: (snapshot: unknown) => snapshot,
} as unknown as AnyActorLogic;

/** What the actors of one open machine share. Steps are taken one after the other, so that the present one is known to all. */
export class OpenSystem implements Shared {
  readonly hosted: boolean;
  run: Run | undefined;
  guard: GuardThrown | undefined;
  place: Place | undefined;
  #tellsPlaces = false;
  readonly #machines = new Map<AnyStateMachine, Instrumented>();
  readonly #scopes = new WeakMap<OpenRef, AnyActorScope>();

  readonly #compile: Compile | undefined;

  constructor(hosted: boolean, compile: Compile | undefined) {
    this.hosted = hosted;
    this.#compile = compile;
  }

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
    _bookId: () => `x:${this.present.draft.count('')}`,
    _register: () => '',
    _unregister: (ref: OpenRef) => this.present.draft.unregister(ref),
    _set: (id: string, ref: OpenRef) => this.present.draft.register(id, ref),
    get: (id: string) => this.present.draft.systemIds.get(id),
    getAll: () => Object.fromEntries(this.present.draft.systemIds),
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

  /** From now on it is known where in its chart a machine throws. Answers whether that is news. */
  tellPlaces(): boolean {
    if (this.#tellsPlaces) return false;
    this.#tellsPlaces = true;
    for (const [machine, { machine: copy, takings }] of this.#machines) {
      this.#tell(copy);
      this.#machines.set(machine, { machine: copy, takings, logic: this.#logicOf(copy) });
    }
    return true;
  }

  /** A copy of a machine that behaves as it does, with guards recorded and what is missing named. */
  instrumented(machine: AnyStateMachine): Instrumented {
    const known = this.#machines.get(machine);
    if (known) return known;
    const copy = machine.provide({});
    recordGuards(copy, {
      asked: (outcomes, outcome) => this.present.asked(outcomes, outcome),
      threw: (transition, condition, error) => {
        this.guard ??= { transition, condition, error };
      },
    });
    forbidMissingDelays(copy);
    supplyActors(copy, NOBODY);
    if (this.#tellsPlaces) this.#tell(copy);
    const made = { machine: copy, takings: new Takings(transitionRefs(copy)), logic: this.#logicOf(copy) };
    this.#machines.set(machine, made);
    return made;
  }

  #logicOf(copy: AnyStateMachine): StepLogic {
    try {
      return this.#compile?.(copy) ?? copy;
    } catch (error) {
      if (isSynodError(error, 'COMPILE_UNSUPPORTED')) return copy;
      throw error;
    }
  }

  #tell(copy: AnyStateMachine): void {
    tellPlaces(copy, (place) => {
      this.place = place;
    });
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
