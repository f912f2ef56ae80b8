import { assert, SynodError, unnamedId } from '@synod/protocol';
import {
  type AnyActorRef,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  type EventObject,
  type Snapshot,
} from 'xstate';
import type { Adapter, Implementation } from '../implementation.ts';
import type { ActorPath, AnyEvent, Expectation } from '../test-case.ts';
import { VirtualClock } from './clock.ts';
import { withPaths } from './refs.ts';
import { complete, ending, failing, isMachine, proceeding, recording, standIn } from './stand-in.ts';

/** What is replaced in an actor between its making and its first snapshot. */
type Replaceable = AnyActorRef & {
  logic: Parameters<typeof standIn>[0];
  readonly options: { readonly input?: unknown };
  readonly _parent?: Replaceable;
};

export interface MachineAdapterOptions {
  /** Whether the machine's own actions are run, and not only noted. Default false: a test of a chart need not reach for a network or a page. */
  readonly runActions?: boolean;
  /** Whether it is a protocol's machine, whose hosts say of each event, the end of a delay too, when they took it up. Default false. */
  readonly hosted?: boolean;
}

/**
 * A machine as it runs under XState: real actors, in virtual time. Child machines run as they are; a stand-in takes the place of every other
 * actor.
 */
export const machineAdapter =
  (machine: AnyStateMachine, options: MachineAdapterOptions = {}): Adapter =>
  () =>
    new MachineRun(machine, undefined, options);

/** One run of a machine under XState, from its start or from a persisted snapshot. */
export class MachineRun implements Implementation {
  readonly #machine: AnyStateMachine;
  readonly #snapshot: unknown;
  readonly #options: MachineAdapterOptions;
  readonly #clock = new VirtualClock();
  readonly #keys = new Set<string>();
  /** How many actors without an id there were of each kind. */
  readonly #unnamed = new Map<string, number>();
  #root: AnyActorRef | undefined;
  /** Since the last look. */
  #actions: NonNullable<Expectation['actions']>[number][] = [];
  #emitted: AnyEvent[] = [];
  #told: { readonly to: ActorPath; readonly event: AnyEvent }[] = [];
  #born = new Set<AnyActorRef>();

  constructor(machine: AnyStateMachine, snapshot?: unknown, options: MachineAdapterOptions = {}) {
    this.#machine = complete(machine);
    this.#snapshot = snapshot;
    this.#options = options;
  }

  start(input: unknown): void {
    const root = createActor(this.#machine, {
      input,
      ...(this.#snapshot !== undefined && { snapshot: this.#snapshot as Snapshot<unknown> }),
      clock: this.#clock as unknown as NonNullable<Parameters<typeof createActor>[1]>['clock'] & object,
      logger: () => {},
      // XState announces each actor, however it comes to life, before it asks its logic for anything.
      inspect: (inspection) => {
        if (inspection.type === '@xstate.actor') this.#replace(inspection.actorRef as Replaceable);
      },
    });
    this.#root = root;
    root.on('*', (event: EventObject) => void this.#emitted.push(event));
    // Someone who listens keeps XState from throwing an error of the machine at the process.
    root.subscribe({ error: () => {} });
    root.start();
  }

  send(event: EventObject): void {
    this.#running.send(event);
  }

  wait(ms: number): void {
    this.#clock.advance(ms);
  }

  done(path: ActorPath, output: unknown): void {
    this.#actor(path).send(ending(output));
  }

  fail(path: ActorPath, error: unknown): void {
    this.#actor(path).send(failing(error));
  }

  relay(path: ActorPath, event: EventObject): void {
    const parent = (this.#actor(path) as Replaceable)._parent;
    assert(parent, `${path} has no parent`);
    parent.send(event);
  }

  next(path: ActorPath, value: unknown): void {
    this.#actor(path).send(proceeding(value));
  }

  observe(): Expectation {
    const { value, status, output, context } = this.#running.getSnapshot() as AnyMachineSnapshot;
    const observed: Expectation = {
      ...(value !== undefined && { state: value }),
      status: status === 'stopped' ? 'done' : status,
      output,
      ...(context !== undefined && { context: this.#contextOf(context) }),
      actions: this.#actions,
      emitted: this.#emitted,
      told: this.#told,
      actors: this.#actors().map(({ path, ref }) => ({
        path,
        ...(this.#born.has(ref) && ref.options.input !== undefined && { input: withPaths(ref.options.input, pathOf) }),
      })),
    };
    this.#actions = [];
    this.#emitted = [];
    this.#told = [];
    this.#born = new Set();
    return observed;
  }

  /** What XState makes of the machine for storage. */
  persist(): unknown {
    return this.#running.getPersistedSnapshot();
  }

  stop(): void {
    this.#root?.stop();
  }

  get #running(): AnyActorRef {
    assert(this.#root, 'the test starts the machine first');
    return this.#root;
  }

  #replace(actor: Replaceable): void {
    this.#born.add(actor);
    // XState numbers actors without an id through the whole process; here they are named as in the generated test.
    if (actor._parent && actor.id === actor.sessionId)
      Object.assign(actor, { id: unnamedId(pathOf(actor._parent), actor.src, (kind) => this.#count(kind)) });
    const { logic } = actor;
    assert(logic, 'an actor has logic');
    const path = () => pathOf(actor);
    actor.logic = isMachine(logic)
      ? recording(actor._parent ? complete(logic) : logic, {
          run: this.#options.runActions ?? false,
          hosted: this.#options.hosted ?? false,
          action: (type, params) => {
            if (!actor._parent)
              this.#actions.push(params === undefined ? type : { type, params: withPaths(params, pathOf) });
          },
        })
      : standIn(logic, (event) => void this.#told.push({ to: path(), event: withPaths(event, pathOf) as EventObject }));
  }

  #count(kind: string): number {
    const count = (this.#unnamed.get(kind) ?? 0) + 1;
    this.#unnamed.set(kind, count);
    return count;
  }

  /** A field that was there and is gone shows as undefined. */
  #contextOf(context: Readonly<Record<string, unknown>>): Record<string, unknown> {
    for (const key of Object.keys(context)) this.#keys.add(key);
    return Object.fromEntries([...this.#keys].map((key) => [key, withPaths(context[key], pathOf)]));
  }

  #actors(): { readonly path: ActorPath; readonly ref: Replaceable }[] {
    const found: { readonly path: ActorPath; readonly ref: Replaceable }[] = [];
    const visit = (parent: AnyActorRef): void => {
      const { children = {} } = parent.getSnapshot() as { readonly children?: Record<string, Replaceable | undefined> };
      for (const ref of Object.values(children)) {
        if (ref === undefined || ref.getSnapshot().status !== 'active') continue;
        found.push({ path: pathOf(ref), ref });
        visit(ref);
      }
    };
    visit(this.#running);
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  #actor(path: ActorPath): AnyActorRef {
    const actor = this.#actors().find((each) => each.path === path);
    if (actor) return actor.ref;
    const running = this.#actors().map((each) => each.path);
    throw new SynodError(
      'ACTOR_NOT_RUNNING',
      `No actor "${path}" runs beneath ${this.#machine.id}; ${running.length === 0 ? 'none does' : `there are ${running.join(', ')}`}. Generate the tests again if the machine was changed.`,
    );
  }
}

function pathOf(ref: AnyActorRef): ActorPath {
  const names: string[] = [];
  for (let each = ref as Replaceable; each._parent; each = each._parent) names.unshift(each.id);
  return names.join('/');
}
