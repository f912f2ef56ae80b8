import type { AnyActorScope, AnyMachineSnapshot, AnyStateMachine, EventObject, Snapshot } from 'xstate';
import { assert } from '../assert.ts';
import type { TransitionRef } from '../chart.ts';
import { SynodError } from '../errors.ts';
import { MAX_MICROSTEPS } from '../step.ts';
import { failureOf, loops } from './failures.ts';
import { kindOf } from './logic.ts';
import {
  isRunning,
  type OpenAction,
  type OpenActor,
  type OpenRef,
  type OpenStep,
  type OpenStimulus,
  type OpenTimer,
  type OpenWorld,
} from './open-world.ts';

/** A machine of which guards are recorded, and how its transitions are named. */
export interface Instrumented {
  readonly machine: AnyStateMachine;
  readonly refOf: (definition: object) => TransitionRef;
}

/** What the steps of one open machine share. */
export interface Shared {
  /** What XState's actors call their system. */
  readonly system: object;
  /** The step that is being taken. */
  readonly present: Run;
  /** A guard that threw: XState says it in other words, without the place. */
  readonly thrown:
    | { readonly transition: TransitionRef; readonly condition: string; readonly error: unknown }
    | undefined;
  /** The machine with its guards recorded. */
  instrumented(machine: AnyStateMachine): Instrumented;
  scopeOf(ref: OpenRef): AnyActorScope;
}

type Params = { readonly [name: string]: unknown };

/**
 * One step of an open machine: all that XState's actors would do by themselves until nobody has anything left to do, in XState's order
 * (5.33; compared with it by packages/testgen/test/world). A step's work is on copies; the world that it began with stays.
 */
export class Run {
  readonly #system: Shared;
  readonly #actors: Map<OpenRef, OpenActor>;
  #timers: readonly OpenTimer[];
  readonly systemIds: Map<string, OpenRef>;
  #counter: number;
  /** Events that wait for an actor which is at work, or not yet started. */
  readonly #mailboxes = new Map<OpenRef, EventObject[]>();
  readonly #busy = new Set<OpenRef>();
  readonly #deferred = new Map<OpenRef, (() => void)[]>();
  #microsteps = 0;
  #path = '';
  readonly #record = {
    transitions: [] as { path: string; transition: TransitionRef }[],
    guards: [] as { path: string; transition: TransitionRef; condition: string; outcome: boolean }[],
    actions: [] as OpenAction[],
    emitted: [] as { path: string; event: EventObject }[],
    told: [] as { path: string; event: EventObject }[],
    born: [] as OpenRef[],
  };

  constructor(system: Shared, world: OpenWorld) {
    this.#system = system;
    this.#actors = new Map(world.actors);
    this.#timers = world.timers;
    this.systemIds = new Map(world.systemIds);
    this.#counter = world.counter;
  }

  finish(): OpenStep {
    const world: OpenWorld = {
      actors: this.#actors,
      timers: this.#timers,
      systemIds: this.systemIds,
      counter: this.#counter,
    };
    return { world, ...this.#record };
  }

  // --- What is done from outside ------------------------------------------------------------------------------------

  begin(machine: AnyStateMachine, input: unknown): void {
    const { system } = this.#system;
    const ref = { id: machine.id, sessionId: this.nextId(), system, logic: machine, options: { input }, src: machine };
    this.adopt(ref as unknown as OpenRef);
    const root = this.#root;
    (root.ref as unknown as { _initState(): void })._initState();
    this.#begin(root.ref);
  }

  apply(stimulus: OpenStimulus): void {
    if (stimulus.kind === 'send') return this.relay(this.#root.ref, stimulus.event);
    if (stimulus.kind === 'wait') return this.#wait(stimulus.ms);
    const actor = this.#running(stimulus.path);
    const parent = actor.ref._parent;
    assert(parent, `${stimulus.path} has a parent`);
    switch (stimulus.kind) {
      case 'done':
        return this.#update(actor.ref, { ...actor.snapshot, status: 'done', output: stimulus.output } as never);
      case 'fail':
        return this.#update(actor.ref, { ...actor.snapshot, status: 'error', error: stimulus.error } as never);
      case 'relay':
        return this.relay(parent, stimulus.event);
      case 'next':
        return this.#update(actor.ref, { ...actor.snapshot, context: stimulus.value } as never);
    }
  }

  // --- What XState's actors and actions call -------------------------------------------------------------------------

  nextId(): string {
    return `x:${this.#counter++}`;
  }

  register(id: string, ref: OpenRef): void {
    const holder = this.systemIds.get(id);
    if (holder && holder !== ref)
      throw new SynodError(
        'SYSTEM_ID_TAKEN',
        `Two actors at once would have the system id "${id}": ${this.#pathOf(holder)} and ${this.#pathOf(ref)}; give each its own.`,
      );
    this.systemIds.set(id, ref);
  }

  unregister(ref: OpenRef): void {
    for (const [id, holder] of this.systemIds) if (holder === ref) this.systemIds.delete(id);
  }

  /** An actor was made. It is never started as XState's actors are: it is asked and told through the present step. */
  adopt(ref: OpenRef): void {
    const kind = kindOf(ref.logic);
    const machine = kind === 'machine' ? this.#system.instrumented(ref.logic as AnyStateMachine).machine : undefined;
    const { input } = ref.options;
    const src = typeof ref.src === 'string' ? ref.src : ((ref.src as { id?: string } | undefined)?.id ?? ref.id);
    const actor = { ref, path: this.#pathOf(ref), kind, src, input, started: false, snapshot: WAITING };
    this.#actors.set(ref, actor);
    const system = this.#system;
    Object.assign(ref, {
      _initState: () => {
        const scope = system.scopeOf(ref);
        const snapshot = machine
          ? system.present.#attempt(ref, () => machine.getInitialSnapshot(scope, input))
          : ref.logic.getInitialSnapshot(scope, input);
        system.present.#set(ref, { snapshot });
        // The constructor of XState's actor looks at it once more.
        (ref as { _snapshot?: unknown })._snapshot = snapshot;
      },
      start: () => system.present.#begin(ref),
      getSnapshot: () => system.present.#actors.get(ref)?.snapshot ?? STOPPED,
      send: (event: EventObject) => system.present.relay(ref, event),
      _send: (event: EventObject) => system.present.relay(ref, event),
      on: () => ({ unsubscribe: () => {} }),
      subscribe: () => ({ unsubscribe: () => {} }),
      toJSON: () => ({ actor: actor.path }),
    });
  }

  microstep(ref: OpenRef, transitions: readonly object[]): void {
    if (++this.#microsteps > MAX_MICROSTEPS) throw loops(this.#pathOf(ref), this.#chartOf(ref));
    const { refOf } = this.#system.instrumented(ref.logic as AnyStateMachine);
    const path = this.#pathOf(ref);
    for (const each of transitions) this.#record.transitions.push({ path, transition: refOf(each) });
  }

  asked(transition: TransitionRef, condition: string, outcome: boolean): void {
    this.#record.guards.push({ path: this.#path, transition, condition, outcome });
  }

  defer(ref: OpenRef, task: () => void): void {
    const tasks = this.#deferred.get(ref);
    if (tasks) tasks.push(task);
    else this.#deferred.set(ref, [task]);
  }

  emit(ref: OpenRef, event: EventObject): void {
    this.#record.emitted.push({ path: this.#pathOf(ref), event });
  }

  /** An action as it is called for; one of an actor that is not yet started waits for that. */
  act(ref: OpenRef, action: { readonly type: string; readonly params: unknown }): void {
    const perform = () => this.#act(ref, action.type, action.params as Params);
    if (this.#actors.get(ref)?.started) perform();
    else this.defer(ref, perform);
  }

  relay(target: OpenRef, event: EventObject): void {
    const actor = this.#actors.get(target);
    if (actor?.snapshot.status !== 'active') return;
    if (actor.kind !== 'machine') {
      this.#record.told.push({ path: actor.path, event });
      return;
    }
    const mailbox = this.#mailboxes.get(target) ?? [];
    mailbox.push(event);
    this.#mailboxes.set(target, mailbox);
    if (actor.started) this.#drain(target);
  }

  stop(ref: OpenRef): void {
    const actor = this.#actors.get(ref);
    if (!actor) return;
    if (actor.kind === 'machine' && actor.started && actor.snapshot.status === 'active')
      return this.relay(ref, { type: 'xstate.stop' });
    this.#remove(ref);
  }

  // --- The life of an actor ------------------------------------------------------------------------------------------

  #begin(ref: OpenRef): void {
    const actor = this.#actors.get(ref);
    if (!actor || actor.started) return;
    if (ref.options.systemId !== undefined) this.register(ref.options.systemId, ref);
    this.#record.born.push(ref);
    this.#set(ref, { started: true });
    this.#update(ref, actor.snapshot);
    this.#drain(ref);
  }

  #drain(ref: OpenRef): void {
    if (this.#busy.has(ref)) return;
    const mailbox = this.#mailboxes.get(ref);
    this.#busy.add(ref);
    try {
      for (let event = mailbox?.shift(); event; event = mailbox?.shift()) this.#process(ref, event);
    } finally {
      this.#busy.delete(ref);
    }
  }

  #process(ref: OpenRef, event: EventObject): void {
    const actor = this.#actors.get(ref);
    if (actor?.snapshot.status !== 'active') return;
    const { machine } = this.#system.instrumented(ref.logic as AnyStateMachine);
    const scope = this.#system.scopeOf(ref);
    const before = actor.snapshot as AnyMachineSnapshot;
    const next = this.#attempt(ref, () => machine.transition(before, event, scope), event, before);
    this.#update(ref, next);
    if (event.type === 'xstate.stop') this.#remove(ref);
  }

  /** As XState's `update`: what was deferred, those who look on, and the parent of who has come to an end. */
  #update(ref: OpenRef, snapshot: OpenActor['snapshot']): void {
    this.#set(ref, { snapshot });
    const tasks = this.#deferred.get(ref);
    for (let task = tasks?.shift(); task; task = tasks?.shift()) task();
    const parent = ref._parent;
    const { id } = ref;
    switch (snapshot.status) {
      case 'active':
        if (parent && ref.options.syncSnapshot)
          this.relay(parent, { type: `xstate.snapshot.${id}`, snapshot } as never);
        return;
      case 'done':
        this.#end(ref);
        if (parent)
          this.relay(parent, { type: `xstate.done.actor.${id}`, output: snapshot.output, actorId: id } as never);
        return;
      case 'error':
        this.#end(ref);
        if (parent)
          this.relay(parent, { type: `xstate.error.actor.${id}`, error: snapshot.error, actorId: id } as never);
    }
  }

  /** Who has come to an end hears nothing more, and its timers are gone; its last snapshot stays until its parent lets go of it. */
  #end(ref: OpenRef): void {
    this.#mailboxes.delete(ref);
    this.#timers = this.#timers.filter(({ source, current }) => source !== ref || !current);
    this.unregister(ref);
  }

  #remove(ref: OpenRef): void {
    this.#end(ref);
    this.#actors.delete(ref);
    for (const child of [...this.#actors.keys()]) if (child._parent === ref) this.#remove(child);
  }

  #act(ref: OpenRef, type: string, params: Params): void {
    switch (type) {
      case 'xstate.emit':
        return this.defer(ref, () => this.emit(ref, params.event as EventObject));
      case 'xstate.raise':
        if (typeof params.delay !== 'number') return;
        return this.defer(ref, () => this.#arm(ref, ref, params));
      case 'xstate.cancel':
        return this.defer(ref, () => {
          this.#timers = this.#timers.filter((timer) => !(isOf(timer, ref, params.sendId as string) && timer.current));
        });
      case 'xstate.sendTo':
        return this.defer(ref, () => {
          const target = params.to as OpenRef;
          if (typeof params.delay === 'number') return this.#arm(ref, target, params);
          const event = params.event as EventObject & { readonly data?: unknown };
          const isError = event.type === 'xstate.error';
          const { id } = ref;
          this.relay(
            target,
            isError ? ({ type: `xstate.error.actor.${id}`, error: event.data, actorId: id } as never) : event,
          );
        });
      case 'xstate.spawnChild': {
        const child = params.actorRef as OpenRef | undefined;
        if (child) this.defer(ref, () => this.#begin(child));
        return;
      }
      case 'xstate.stopChild': {
        const child = params as unknown as OpenRef | undefined;
        if (!child) return;
        this.unregister(child);
        if (this.#actors.get(child)?.started) this.defer(ref, () => this.stop(child));
        else this.#remove(child);
        return;
      }
      default:
        if (!type.startsWith('xstate.')) this.#record.actions.push({ path: this.#pathOf(ref), type, params });
    }
  }

  // --- Time ----------------------------------------------------------------------------------------------------------

  #arm(source: OpenRef, target: OpenRef, { id, event, delay }: Params): void {
    const name = (id as string | undefined) ?? this.nextId();
    const others = this.#timers.map((timer) => (isOf(timer, source, name) ? { ...timer, current: false } : timer));
    const dueMs = Math.max(0, delay as number);
    this.#timers = [...others, { source, target, id: name, event: event as EventObject, dueMs, current: true }];
  }

  #wait(ms: number): void {
    let left = ms;
    for (;;) {
      let next: OpenTimer | undefined;
      for (const timer of this.#timers) if (!next || timer.dueMs < next.dueMs) next = timer;
      const step = next && next.dueMs <= left ? next.dueMs : left;
      if (step > 0) this.#timers = this.#timers.map((timer) => ({ ...timer, dueMs: timer.dueMs - step }));
      left -= step;
      if (!next || next.dueMs > left + step) return;
      const fired = this.#timers.find((timer) => timer.dueMs <= 0) as OpenTimer;
      const { source, id } = fired;
      this.#timers = this.#timers
        .filter((timer) => timer !== fired)
        .map((timer) => (isOf(timer, source, id) ? { ...timer, current: false } : timer));
      this.relay(fired.target, fired.event);
    }
  }

  // --- Looking up ----------------------------------------------------------------------------------------------------

  get #root(): OpenActor {
    const [root] = this.#actors.values();
    assert(root, 'a world has a machine');
    return root;
  }

  #running(path: string): OpenActor {
    for (const actor of this.#actors.values()) if (actor.path === path && isRunning(this.#actors, actor)) return actor;
    throw new SynodError(
      'ACTOR_NOT_RUNNING',
      `No actor "${path}" runs now; name one that does, by its path beneath the machine.`,
    );
  }

  #set(ref: OpenRef, change: Partial<OpenActor>): void {
    const actor = this.#actors.get(ref);
    if (actor) this.#actors.set(ref, { ...actor, ...change });
  }

  #pathOf(ref: OpenRef): string {
    const names: string[] = [];
    for (let each = ref; each._parent; each = each._parent) names.unshift(each.id);
    return names.join('/');
  }

  #chartOf(ref: OpenRef): string {
    return (ref.logic as AnyStateMachine).id;
  }

  /** A macrostep of a machine; what it throws becomes a coded error that names the place. */
  #attempt(ref: OpenRef, compute: () => unknown, event?: EventObject, before?: AnyMachineSnapshot): AnyMachineSnapshot {
    const outer = this.#path;
    const outerSteps = this.#microsteps;
    this.#path = this.#pathOf(ref);
    this.#microsteps = 0;
    try {
      const snapshot = compute() as AnyMachineSnapshot;
      if (event === undefined && snapshot.status === 'error') throw snapshot.error;
      return snapshot;
    } catch (error) {
      throw failureOf(error, { machine: this.#chartOf(ref), event, state: before?.value, thrown: this.#system.thrown });
    } finally {
      this.#path = outer;
      this.#microsteps = outerSteps;
    }
  }
}

const isOf = (timer: OpenTimer, source: OpenRef, id: string): boolean => timer.source === source && timer.id === id;

const WAITING: Snapshot<unknown> = { status: 'active', output: undefined, error: undefined };
const STOPPED: Snapshot<unknown> = { status: 'stopped', output: undefined, error: undefined };
