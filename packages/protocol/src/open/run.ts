import type { AnyActorScope, AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import { assert } from '../assert.ts';
import { SynodError } from '../errors.ts';
import { type Arming, perform, type Stage } from './actions.ts';
import { Desk } from './desk.ts';
import { Draft } from './draft.ts';
import { echoes, isThrown, MAX_EVENTS } from './failures.ts';
import { hosted } from './hosted.ts';
import type { Instrumented } from './instrumented.ts';
import {
  type OpenActor,
  type OpenRef,
  type OpenStep,
  type OpenStimulus,
  type OpenWorld,
  pathOfRef,
  unnamedId,
} from './open-world.ts';
import type { Outcomes } from './outcomes.ts';
import { nameOf, Recorder, type Traces } from './record.ts';

/** What the steps of one open machine share. */
export interface Shared extends Traces {
  /** What XState's actors call their system. */
  readonly system: object;
  /** The step that is being taken. */
  readonly present: Run;
  readonly hosted: boolean;
  instrumented(machine: AnyStateMachine): Instrumented;
  scopeOf(ref: OpenRef): AnyActorScope;
}

type State = OpenActor['snapshot'];

/**
 * One step of an open machine: all that XState's actors would do by themselves until nobody has anything left to do, in XState's order
 * (5.33; compared with it by packages/testgen/test/world). A step's work is on copies; the world that it began with stays.
 */
export class Run implements Stage {
  readonly #shared: Shared;
  readonly draft: Draft;
  readonly #desks = new Map<OpenRef, Desk>();
  #events = 0;
  readonly #record: Recorder;

  constructor(shared: Shared, world: OpenWorld) {
    this.#shared = shared;
    this.draft = new Draft(world);
    this.#record = new Recorder(shared);
  }

  finish(): OpenStep {
    return this.#record.step(this.draft.finish());
  }

  // --- What is done from outside ------------------------------------------------------------------------------------

  start(machine: AnyStateMachine, input: unknown): void {
    const { system } = this.#shared as { system: { _bookId(): string } };
    const made = { id: machine.id, sessionId: system._bookId(), system, logic: machine, options: { input } };
    const ref = Object.assign(new Root(), { ...made, src: machine }) as unknown as OpenRef;
    this.adopt(ref);
    this.#initialise(ref);
    this.begin(ref);
  }

  apply(stimulus: OpenStimulus): void {
    if (stimulus.kind === 'send') {
      if (stimulus.event.type === '*')
        throw new SynodError('EVENT_INVALID', 'No event is of the type "*"; send one of a type that it stands for.');
      return this.relay(this.draft.root.ref, stimulus.event);
    }
    if (stimulus.kind === 'wait') return this.#wait(stimulus.ms);
    const { ref, snapshot } = this.draft.running(stimulus.path);
    switch (stimulus.kind) {
      case 'done':
        return this.#update(ref, { ...snapshot, status: 'done', output: stimulus.output } as State);
      case 'fail':
        return this.#update(ref, { ...snapshot, status: 'error', error: stimulus.error } as State);
      case 'relay':
        assert(ref._parent, `${stimulus.path} has a parent`);
        return this.relay(ref._parent, stimulus.event);
      case 'next':
        return this.#update(ref, { ...snapshot, context: stimulus.value } as unknown as State);
    }
  }

  // --- What XState's actors and actions call -------------------------------------------------------------------------

  /** An actor was made. It is never started as XState's actors are: it is asked and told through the present step. */
  adopt(ref: OpenRef): void {
    const shared = this.#shared;
    const { draft } = this;
    if (ref._parent && ref.id === ref.sessionId)
      Object.assign(ref, { id: unnamedId(pathOfRef(ref._parent), ref.src, (kind) => draft.count(kind)) });
    const { path } = draft.add(ref);
    Object.assign(ref, {
      _initState: () => shared.present.#initialise(ref),
      start: () => shared.present.begin(ref),
      getSnapshot: () => shared.present.draft.snapshotOf(ref),
      send: (event: EventObject) => shared.present.relay(ref, event),
      _send: (event: EventObject) => shared.present.relay(ref, event),
      on: () => ({ unsubscribe: () => {} }),
      subscribe: () => ({ unsubscribe: () => {} }),
      toJSON: () => ({ actor: path }),
    });
  }

  microstep(ref: OpenRef, transitions: readonly object[]): void {
    this.#record.microstep(ref, transitions, this.#shared.instrumented(ref.logic as AnyStateMachine).takings);
  }

  asked(outcomes: Outcomes, outcome: boolean): void {
    this.#record.asked(outcomes, outcome);
  }

  defer(ref: OpenRef, task: () => void): void {
    const desk = this.#desk(ref);
    if (desk.deferred) desk.deferred.push(task);
    else desk.deferred = [task];
  }

  emit(ref: OpenRef, event: EventObject): void {
    this.#record.emitted({ path: pathOfRef(ref), event });
  }

  note(ref: OpenRef, type: string, params: unknown): void {
    this.#record.action({ path: pathOfRef(ref), type, params });
  }

  /** An action as it is called for; one of an actor that is not yet started waits for that. */
  act(ref: OpenRef, { type, params }: { readonly type: string; readonly params: unknown }): void {
    const task = () => perform(this, ref, type, params as Readonly<Record<string, unknown>>);
    if (this.isStarted(ref)) task();
    else this.defer(ref, task);
  }

  relay(target: OpenRef, event: EventObject): void {
    const actor = this.draft.get(target);
    if (actor?.snapshot.status !== 'active') return;
    if (actor.kind !== 'machine') {
      this.#record.told({ path: actor.path, event });
      return;
    }
    const desk = this.#desk(target);
    if (desk.mailbox) desk.mailbox.push(event);
    else desk.mailbox = [event];
    if (actor.started) this.#drain(target, desk);
  }

  #desk(ref: OpenRef): Desk {
    let desk = this.#desks.get(ref);
    if (!desk) {
      desk = new Desk();
      this.#desks.set(ref, desk);
    }
    return desk;
  }

  isStarted(ref: OpenRef): boolean {
    return this.draft.get(ref)?.started === true;
  }

  stop(ref: OpenRef): void {
    const actor = this.draft.get(ref);
    if (!actor) return;
    if (actor.kind === 'machine' && actor.started && actor.snapshot.status === 'active')
      return this.relay(ref, { type: 'xstate.stop' });
    this.#remove(ref);
  }

  arm(source: OpenRef, timer: Arming): void {
    this.draft.arm(source, timer);
  }

  cancel(source: OpenRef, id: string): void {
    this.draft.cancel(source, id);
  }

  unregister(ref: OpenRef): void {
    this.draft.unregister(ref);
  }

  #wait(ms: number): void {
    assert(ms >= 0, `a wait of ${ms} ms goes back in time`);
    for (let left = ms; ; ) {
      const { passedMs, timer } = this.draft.pass(left);
      if (!timer) return;
      if (passedMs > 0) this.#events = 0;
      left -= passedMs;
      this.relay(timer.target, this.#shared.hosted ? hosted(timer.event) : timer.event);
    }
  }

  // --- The life of an actor ------------------------------------------------------------------------------------------

  #initialise(ref: OpenRef): void {
    const { logic, options } = ref;
    const actor = this.draft.get(ref);
    assert(actor, 'an actor is adopted before it has a state');
    const scope = this.#shared.scopeOf(ref);
    let snapshot: State;
    if (actor.kind === 'machine') {
      const own = this.#shared.instrumented(logic as AnyStateMachine).logic;
      const made = this.#record.attempt(ref, () => own.getInitialSnapshot(scope, options.input));
      if (made.failure && !ref._parent) throw made.failure;
      if (made.failure) this.#desk(ref).stillborn = made.failure;
      snapshot = made.snapshot;
    } else snapshot = logic.getInitialSnapshot(scope, options.input);
    this.draft.set(ref, { snapshot });
    // The constructor of XState's actor looks at it once more.
    (ref as { _snapshot?: unknown })._snapshot = snapshot;
  }

  begin(ref: OpenRef): void {
    const actor = this.draft.get(ref);
    if (!actor || actor.started) return;
    if (ref.options.systemId !== undefined) this.draft.register(ref.options.systemId, ref);
    this.#record.born(ref);
    this.draft.set(ref, { started: true });
    const failure = this.#desks.get(ref)?.stillborn;
    if (failure) return this.#fail(ref, actor.snapshot, failure);
    this.#update(ref, actor.snapshot);
    this.#drain(ref, this.#desk(ref));
  }

  #drain(ref: OpenRef, desk: Desk): void {
    if (desk.isBusy) return;
    desk.isBusy = true;
    try {
      for (let event = desk.mailbox?.shift(); event; event = desk.mailbox?.shift()) this.#process(ref, event);
    } finally {
      desk.isBusy = false;
    }
  }

  #process(ref: OpenRef, event: EventObject): void {
    const actor = this.draft.get(ref);
    if (actor?.snapshot.status !== 'active') return;
    if (++this.#events > MAX_EVENTS) throw echoes(nameOf(this.draft.root.ref), this.#record.transitions);
    const { logic } = this.#shared.instrumented(ref.logic as AnyStateMachine);
    const scope = this.#shared.scopeOf(ref);
    const before = actor.snapshot as AnyMachineSnapshot;
    const { snapshot, failure } = this.#record.attempt(
      ref,
      () => logic.transition(before, event, scope),
      event,
      before,
    );
    if (failure) return this.#fail(ref, snapshot, failure);
    this.#update(ref, snapshot);
    if (event.type === 'xstate.stop') this.#remove(ref);
  }

  /** As XState's `update`: what was deferred, those who look on, and the parent of who has come to an end. */
  #update(ref: OpenRef, snapshot: State): void {
    this.draft.set(ref, { snapshot });
    const tasks = this.#desks.get(ref)?.deferred;
    for (let task = tasks?.shift(); task; task = tasks?.shift()) task();
    const parent = ref._parent;
    const { id } = ref;
    if (snapshot.status === 'active') {
      if (parent && ref.options.syncSnapshot) this.relay(parent, { type: `xstate.snapshot.${id}`, snapshot } as never);
      return;
    }
    if (snapshot.status === 'stopped') return;
    this.#forget(ref);
    this.draft.end(ref);
    if (!parent) return;
    const { output, error } = snapshot;
    if (snapshot.status === 'done')
      this.relay(parent, { type: `xstate.done.actor.${id}`, output, actorId: id } as never);
    else this.relay(parent, { type: `xstate.error.actor.${id}`, error, actorId: id } as never);
  }

  /** A machine threw. Its parent hears of it where its chart has an ear for that, and else it is for whoever tests. */
  #fail(ref: OpenRef, snapshot: State, failure: SynodError): void {
    if (!isThrown(failure) || !this.#isHeard(ref)) throw failure;
    this.#desk(ref).deferred = undefined;
    this.#update(ref, snapshot);
  }

  #isHeard({ id, _parent }: OpenRef): boolean {
    const type = `xstate.error.actor.${id}`;
    const nodes = (_parent && this.draft.get(_parent)?.snapshot._nodes) ?? [];
    return nodes.some(({ transitions }) =>
      [...transitions.keys()].some(
        (key) => key === type || key === '*' || (key.endsWith('.*') && type.startsWith(key.slice(0, -1))),
      ),
    );
  }

  #remove(ref: OpenRef): void {
    for (const gone of this.draft.remove(ref)) this.#forget(gone);
  }

  /** Nobody is there any more to take up what waits. */
  #forget(ref: OpenRef): void {
    const desk = this.#desks.get(ref);
    if (desk) desk.mailbox = undefined;
  }
}

/** The machine under test. A class of its own, so that a context that holds it is not searched. */
class Root {}
