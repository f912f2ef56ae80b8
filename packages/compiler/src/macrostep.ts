import { assert, type Effect, MAX_MICROSTEPS, type TakenTransitions, type TransitionRef } from '@synod/protocol';
import type { AnyActorScope, AnyMachineSnapshot, EventObject } from 'xstate';
import { perform } from './actions.ts';
import { stopAll } from './actors.ts';
import type { Configuration } from './configuration.ts';
import type { Configurations } from './configurations.ts';
import type { Contexts } from './contexts.ts';
import type { Entering, Frame } from './frame.ts';
import type { Transition } from './nodes.ts';
import type { Plan } from './plan.ts';

/** Who is around a macrostep. */
export interface Surroundings {
  readonly self: unknown;
  readonly system: unknown;
  readonly live?: AnyActorScope;
  readonly watch?: TakenTransitions | undefined;
}

type System = { _sendInspectionEvent(event: object): void };

const NONE: readonly TransitionRef[] = [];
const NO_TRANSITIONS: readonly Transition[] = [];

/** One macrostep: a microstep for the event, and as many more as `always` and raised events ask for. */
export class Macrostep implements Frame {
  context: object;
  readonly contexts: Contexts;
  event: EventObject;
  status: AnyMachineSnapshot['status'];
  output: unknown;
  error: unknown;
  children: AnyMachineSnapshot['children'];
  entering: Entering | undefined;
  readonly queue: EventObject[] = [];
  readonly effects: Effect[] = [];
  changes = 0;
  readonly self: unknown;
  readonly system: unknown;
  readonly live: AnyActorScope | undefined;
  readonly #watch: TakenTransitions | undefined;
  readonly #configurations: Configurations;
  #configuration: Configuration;
  #snapshot: AnyMachineSnapshot;
  #microsteps = 0;
  /** How many changes the snapshot has in it. */
  #seen = 0;

  constructor(
    configurations: Configurations,
    snapshot: AnyMachineSnapshot,
    configuration: Configuration,
    event: EventObject,
    { self, system, live, watch }: Surroundings,
  ) {
    this.#configurations = configurations;
    this.#configuration = configuration;
    this.#snapshot = snapshot;
    this.context = snapshot.context;
    this.contexts = configurations.contexts;
    this.event = event;
    this.status = snapshot.status;
    this.output = snapshot.output;
    this.error = snapshot.error;
    this.children = snapshot.children;
    this.self = self;
    this.system = system;
    this.live = live;
    this.#watch = watch;
  }

  /** The snapshot as of now: the one before, as long as nothing in it is another. */
  snapshot(): AnyMachineSnapshot {
    if (this.#seen !== this.changes) {
      this.#snapshot = this.#configurations.snapshot(this.#configuration, this, this.#snapshot);
      this.#seen = this.changes;
    }
    return this.#snapshot;
  }

  /** Takes the event up, and then whatever follows from it. */
  run(): AnyMachineSnapshot {
    const { type } = this.event;
    if (type === 'xstate.stop') return this.#end('stopped', this.error);
    if (type !== 'xstate.init') {
      const plan = this.#configuration.onEvent(this);
      if (!plan && type.startsWith('xstate.error.actor')) {
        return this.#end('error', (this.event as EventObject & { error?: unknown }).error);
      }
      if (plan) this.take(plan);
      this.#tell(plan);
    }
    return this.settle();
  }

  /** Microsteps until there is nothing left to do. */
  settle(): AnyMachineSnapshot {
    const most = this.#configurations.chart.machine.options?.maxIterations ?? Number.POSITIVE_INFINITY;
    let iterations = 0;
    let asksEventless = true;
    while (this.status === 'active') {
      if (++iterations > most) throw endless(most);
      const eventless = asksEventless ? this.#configuration.eventless(this) : undefined;
      if (eventless) {
        const before = this.changes;
        this.take(eventless);
        // Without a change, the same would be taken again.
        asksEventless = this.changes !== before;
        this.#tell(eventless);
        continue;
      }
      if (this.queue.length === 0) break;
      this.event = this.queue.shift() as EventObject;
      const plan = this.#configuration.onEvent(this);
      if (plan) this.take(plan);
      this.#tell(plan);
      asksEventless = true;
    }
    const last = this.snapshot();
    // XState lets the last snapshot keep them.
    if (this.status !== 'active') stopAll(this);
    return last;
  }

  /** Takes the transitions of a plan. */
  take(plan: Plan<Configuration>): void {
    perform(this, plan.instructions);
    let { next } = plan;
    if (this.status === 'done') {
      perform(this, plan.whenDone.exits);
      next = plan.whenDone.next;
    }
    if (next === this.#configuration) return;
    this.#configuration = next;
    this.changes++;
  }

  #end(status: 'stopped' | 'error', error: unknown): AnyMachineSnapshot {
    stopAll(this);
    this.status = status;
    this.error = error;
    this.changes++;
    this.#tell(undefined);
    return this.snapshot();
  }

  #tell(plan: Plan<Configuration> | undefined): void {
    if (this.live) {
      (this.system as System)._sendInspectionEvent({
        type: '@xstate.microstep',
        actorRef: this.self,
        event: this.event,
        snapshot: this.snapshot(),
        _transitions: plan?.transitions ?? NO_TRANSITIONS,
      });
      return;
    }
    const { id } = this.#configurations.chart.machine;
    assert(++this.#microsteps <= MAX_MICROSTEPS, `${id}: ${MAX_MICROSTEPS} microsteps for one event; is there a loop?`);
    this.#watch?.(this.event, plan?.refs ?? NONE);
  }
}

/** As XState words it. */
const endless = (most: number): Error =>
  new Error(
    `Infinite loop detected: the machine has processed more than ${most} microsteps without reaching a stable state. This usually happens when there's a cycle of transitions (e.g., eventless transitions or raised events causing state A -> B -> C -> A).`,
  );
