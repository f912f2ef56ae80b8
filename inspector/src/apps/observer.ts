import { describeError, type GuardOutcome, type TraceEvent, type TraceRecord } from '@synod/protocol';
import type { AnyEventObject, EventObject } from 'xstate';
import { statusTransitions } from '../chart/status-chart.ts';
import { type ActorLike, type Inspected, msLeft, type Scheduling, type SnapshotLike, timersOf } from './inspection.ts';
import { Names } from './names.ts';
import { contextOf, logicOf, type Observed, stateOf, ToldGuards, type Waiting, wishOf } from './observed.ts';
import { changedFields, Recorder } from './recorder.ts';

const INIT = 'xstate.init';
const STOP = 'xstate.stop';

/**
 * What XState's inspection tells of the actors of an app, as a trace. Nobody listening, it only keeps the actors in mind that live; whoever
 * begins to listen is told of them first.
 *
 * XState tells of a step from within: first the actions of a microstep as they are executed, then the microstep, after the last one the
 * snapshot; what other actors do meanwhile comes in between. A trace tells what was taken up, then each microstep, then what it led to.
 */
export class Observer {
  readonly #names: Names;
  readonly #recorder: Recorder;
  readonly #actors = new WeakMap<ActorLike, Observed>();
  readonly #living = new Set<Observed>();
  /** Transitions without an event by which an actor came to its first state; XState tells of them before it begins. */
  readonly #first = new WeakMap<ActorLike, readonly object[]>();
  /** Actors that something was sent to in this turn of the event loop. */
  readonly #pending = new Set<Observed>();
  #listener: ((record: TraceRecord) => void) | undefined;

  constructor(node: string) {
    this.#names = new Names(node);
    this.#recorder = new Recorder(node, (record) => this.#listener?.(record));
  }

  /** Tells `next` the present, then all that happens. There is one listener at a time. */
  subscribe(next: (record: TraceRecord) => void): { unsubscribe(): void } {
    this.#listener = next;
    for (const observed of this.#living) {
      if (observed.actor.getSnapshot().status === 'active') this.#present(observed);
      else this.#forget(observed);
    }
    return {
      unsubscribe: () => {
        if (this.#listener === next) this.#listener = undefined;
      },
    };
  }

  next(inspection: Inspected): void {
    const observed = this.#actors.get(inspection.actorRef);
    if (inspection.type === '@xstate.event') return this.#sent(inspection, observed);
    if (!observed) {
      if (inspection.type === '@xstate.microstep')
        this.#first.set(inspection.actorRef, [
          ...(this.#first.get(inspection.actorRef) ?? []),
          ...inspection._transitions,
        ]);
      return;
    }
    if (!this.#listener) {
      if (inspection.type === '@xstate.snapshot' && inspection.snapshot.status !== 'active') this.#forget(observed);
      return;
    }
    if (inspection.type === '@xstate.action') this.#action(observed, inspection.action);
    else if (inspection.type === '@xstate.microstep') this.#microstep(observed, inspection);
    else if (inspection.type === '@xstate.snapshot') this.#snapshot(observed, inspection);
  }

  /** Sends an event to a living actor, as from outside. */
  deliver(to: string, event: EventObject): void {
    for (const { address, actor } of this.#living) if (address === to) return actor.send(event);
  }

  /** Something could not be told; a mistake in here is no business of the app's. */
  fail(error: unknown): void {
    this.#tell({ type: 'note', code: 'INSPECTION_FAILED', text: describeError(error) });
  }

  #tell(event: TraceEvent): void {
    this.#recorder.record(event);
  }

  /** An event was sent: to an actor that begins with it, or that takes it up in its turn. */
  #sent({ actorRef, sourceRef, event }: Inspected & { type: '@xstate.event' }, observed: Observed | undefined): void {
    const source = sourceRef && this.#actors.get(sourceRef);
    if (event.type === INIT && !observed) return this.#begin(actorRef, source, event);
    if (!observed || !this.#listener) return;
    if (source) this.#fired(source, event);
    // XState tells of the end of an actor's step only after its parent has reacted to it.
    if (source && source !== observed && !source.logic.refs) this.#step(source, source.actor.getSnapshot());
    observed.waiting.push(source && source !== observed ? this.#message(source, observed, event) : { event });
    if (this.#pending.size === 0) this.#settleSoon();
    this.#pending.add(observed);
  }

  #message({ address: from }: Observed, { address: to }: Observed, event: AnyEventObject): Waiting {
    const id = this.#recorder.messageId();
    this.#tell({ type: 'send', id, from, to, message: event });
    this.#tell({ type: 'deliver', id, from, to, message: event.type });
    return { event, id, from };
  }

  #begin(actor: ActorLike, parent: Observed | undefined, event: AnyEventObject): void {
    const logic = logicOf(actor);
    const observed: Observed = {
      actor,
      address: this.#names.take(wishOf(actor)),
      logic,
      parent: parent?.address,
      told: actor.getSnapshot(),
      isStarting: true,
      hasEnded: false,
      waiting: [],
      guards: new ToldGuards(logic),
      isStepping: false,
      actions: [],
      effects: [],
      timers: new Map(),
    };
    this.#actors.set(actor, observed);
    this.#living.add(observed);
    if (!this.#listener) return;
    this.#spawn(observed, event.input);
    // An actor may fail as it begins, and then no snapshot follows.
    if (this.#pending.size === 0) this.#settleSoon();
    this.#pending.add(observed);
  }

  #spawn(observed: Observed, input?: unknown): void {
    const { address: actor, logic, parent, told } = observed;
    this.#tell({
      type: 'spawn',
      actor,
      protocol: logic.protocol,
      chart: logic.chart,
      state: stateOf(observed, told),
      context: contextOf(logic, told),
      recovered: false,
      ...(parent && { parent }),
      ...(typeof input === 'object' && input !== null && { input: input as Record<string, unknown> }),
    });
  }

  /** An actor that was alive before anybody listened. */
  #present(observed: Observed): void {
    observed.told = observed.actor.getSnapshot();
    observed.waiting.length = 0;
    observed.guards.rest();
    observed.isStepping = observed.isStarting = false;
    observed.actions = [];
    observed.effects = [];
    observed.timers.clear();
    this.#spawn(observed);
    for (const timer of timersOf(observed.actor)) this.#tell(setTimer(observed, { ...timer, delay: msLeft(timer) }));
  }

  #action(observed: Observed, { type, params }: { readonly type: string; readonly params: unknown }): void {
    this.#open(observed);
    const { address: actor, actions, effects, timers } = observed;
    if ((type === 'xstate.raise' || type === 'xstate.sendTo') && (params as Scheduling).delay !== undefined)
      effects.push(setTimer(observed, params as Scheduling));
    else if (type === 'xstate.cancel') {
      const id = (params as { readonly sendId: string }).sendId;
      if (timers.delete(id)) effects.push({ type: 'timer.cancelled', actor, id });
    } else {
      if (type === 'xstate.emit')
        effects.push({ type: 'emit', actor, event: (params as { readonly event: EventObject }).event });
      actions.push(type.replace(/^xstate\./, ''));
    }
  }

  #microstep(observed: Observed, microstep: Inspected & { type: '@xstate.microstep' }): void {
    const { event, snapshot, _transitions } = microstep;
    // The end of an actor is told with its snapshot.
    if (event.type === STOP) return;
    this.#open(observed, event);
    const guards = observed.guards.microstep(microstep);
    this.#transition(observed, event, snapshot, _transitions.map(observed.logic.refs ?? (() => '')), guards);
  }

  /** The step is over. */
  #snapshot(observed: Observed, { event, snapshot }: Inspected & { type: '@xstate.snapshot' }): void {
    if (observed.hasEnded) return;
    if (event.type === INIT) {
      this.#begun(observed, event, snapshot);
    } else if (!observed.logic.refs) this.#step(observed, snapshot, event);
    observed.isStepping = false;
    observed.guards.rest();
    this.#ended(observed, snapshot, event.type === STOP);
  }

  /** An actor has begun: what it did by that, if anything. */
  #begun(observed: Observed, event: EventObject, snapshot: SnapshotLike): void {
    observed.isStarting = false;
    const { actor, logic, actions, effects } = observed;
    const refs = (this.#first.get(actor) ?? []).map(logic.refs ?? (() => ''));
    const taken = refs.filter((ref) => !ref.endsWith('#initial'));
    if (actions.length + effects.length + taken.length > 0) this.#transition(observed, event, snapshot, taken);
  }

  /** A step of what is no machine. */
  #step(observed: Observed, snapshot: SnapshotLike, event: EventObject | undefined = observed.waiting[0]?.event): void {
    if (snapshot === observed.told || !event) return;
    if (event.type === STOP) return;
    this.#open(observed, event);
    this.#transition(
      observed,
      event,
      snapshot,
      statusTransitions(observed.logic.chart.id, observed.told.status, snapshot.status),
    );
    observed.isStepping = false;
  }

  /** Tells what an actor takes up, before the first that comes of it. */
  #open(observed: Observed, event?: EventObject): void {
    if (observed.isStepping || observed.isStarting) return;
    const { address: actor, waiting } = observed;
    const taken = waiting.shift() ?? (event && { event });
    if (!taken) return;
    observed.isStepping = true;
    this.#tell({ type: 'receive', actor, ...taken });
  }

  #transition(
    observed: Observed,
    event: EventObject,
    snapshot: SnapshotLike,
    transitions: readonly string[],
    guards: readonly GuardOutcome[] = [],
  ): void {
    const { address: actor, logic, told, actions, effects } = observed;
    const changed = changedFields(contextOf(logic, told), contextOf(logic, snapshot), Object.is);
    const state = stateOf(observed, snapshot);
    observed.told = snapshot;
    observed.actions = [];
    observed.effects = [];
    this.#tell({
      type: 'transition',
      actor,
      event: event.type,
      state,
      transitions,
      changed,
      ...(actions.length > 0 && { actions }),
      ...(guards.length > 0 && { guards }),
    });
    for (const effect of effects) this.#tell(effect);
  }

  #fired(source: Observed, event: EventObject): void {
    for (const [id, scheduled] of source.timers) {
      if (scheduled !== event) continue;
      source.timers.delete(id);
      return this.#tell({ type: 'timer.fired', actor: source.address, id });
    }
  }

  #settleSoon(): void {
    queueMicrotask(() => {
      try {
        this.#settle();
      } catch (error) {
        this.fail(error);
      }
    });
  }

  /** XState tells of no step in which a machine threw, and of no event that came to an actor that had ended. */
  #settle(): void {
    const pending = [...this.#pending];
    this.#pending.clear();
    if (!this.#listener) return;
    for (const observed of pending) {
      const snapshot = observed.actor.getSnapshot();
      if (snapshot.status === 'active') continue;
      if (!observed.hasEnded && snapshot.status === 'error') {
        observed.isStarting = false;
        if (!observed.isStepping) this.#open(observed);
      }
      this.#ended(observed, snapshot, snapshot.status === 'stopped');
      for (const { id, from, event } of observed.waiting.splice(0)) {
        const message = { ...(id !== undefined && { id }), ...(from && { from }), message: event.type };
        this.#tell({ type: 'drop', reason: 'dead-letter', to: observed.address, ...message });
      }
    }
  }

  #ended(observed: Observed, { status, error }: SnapshotLike, wasStopped: boolean): void {
    if (observed.hasEnded || (status === 'active' && !wasStopped)) return;
    const { address: actor } = observed;
    this.#tell(status === 'error' ? { type: 'crash', actor, reason: describeError(error) } : { type: 'stop', actor });
    this.#forget(observed);
  }

  #forget(observed: Observed): void {
    observed.hasEnded = true;
    this.#living.delete(observed);
    this.#names.free(observed.address);
  }
}

/** Remembers a timer, and tells of it. One without an id is called by its event. */
function setTimer({ address: actor, timers }: Observed, { id: given, delay = 0, event }: Scheduling): TraceEvent {
  const id = given ?? event.type;
  timers.set(id, event);
  return { type: 'timer.set', actor, id, delayMs: delay };
}
