import type { AnyStateMachine, Snapshot } from 'xstate';
import { assert } from '../assert.ts';
import { SynodError } from '../errors.ts';
import type { Arming } from './actions.ts';
import { delayInvalid, systemIdTaken } from './failures.ts';
import { kindOf } from './logic.ts';
import { isRunning, type OpenActor, type OpenRef, type OpenTimer, type OpenWorld, pathOfRef } from './open-world.ts';
import { armed, cancelled, fired, passed, without } from './timers.ts';

const WAITING: Snapshot<unknown> = { status: 'active', output: undefined, error: undefined };
const STOPPED: Snapshot<unknown> = { status: 'stopped', output: undefined, error: undefined };

/** A world in the making. What it has of the one that a step began with is copied when it is first changed. */
export class Draft {
  readonly #before: OpenWorld;
  #actors: OpenWorld['actors'];
  #systemIds: OpenWorld['systemIds'];
  #timers: readonly OpenTimer[];
  #unnamed: OpenWorld['unnamed'];

  constructor(before: OpenWorld) {
    this.#before = before;
    this.#actors = before.actors;
    this.#systemIds = before.systemIds;
    this.#timers = before.timers;
    this.#unnamed = before.unnamed;
  }

  /** The world that came to be: the very one from before, where nothing has changed. */
  finish(): OpenWorld {
    const before = this.#before;
    const isSame =
      this.#actors === before.actors &&
      this.#timers === before.timers &&
      this.#systemIds === before.systemIds &&
      this.#unnamed === before.unnamed;
    if (isSame) return before;
    return { actors: this.#actors, timers: this.#timers, systemIds: this.#systemIds, unnamed: this.#unnamed };
  }

  get #ownActors(): Map<OpenRef, OpenActor> {
    if (this.#actors === this.#before.actors) this.#actors = new Map(this.#actors);
    return this.#actors as Map<OpenRef, OpenActor>;
  }

  get #ownSystemIds(): Map<string, OpenRef> {
    if (this.#systemIds === this.#before.systemIds) this.#systemIds = new Map(this.#systemIds);
    return this.#systemIds as Map<string, OpenRef>;
  }

  // --- Actors --------------------------------------------------------------------------------------------------------

  get root(): OpenActor {
    const [root] = this.#actors.values();
    assert(root, 'a world has a machine');
    return root;
  }

  get(ref: OpenRef): OpenActor | undefined {
    return this.#actors.get(ref);
  }

  /** What an actor shows of itself; one that is gone shows no more than that. */
  snapshotOf(ref: OpenRef): OpenActor['snapshot'] {
    return this.#actors.get(ref)?.snapshot ?? STOPPED;
  }

  running(path: string): OpenActor {
    for (const actor of this.#actors.values()) if (actor.path === path && isRunning(this.#actors, actor)) return actor;
    throw new SynodError(
      'ACTOR_NOT_RUNNING',
      `No actor "${path}" runs now; name one that does, by its path beneath the machine.`,
    );
  }

  /** An actor that was made, and has no state yet. */
  add(ref: OpenRef): OpenActor {
    const { input } = ref.options;
    const src = typeof ref.src === 'string' ? ref.src : ((ref.src as { id?: string } | undefined)?.id ?? ref.id);
    const fixed = { ref, path: pathOfRef(ref), kind: kindOf(ref.logic), src, input };
    const actor = { ...fixed, started: false, snapshot: WAITING };
    this.#ownActors.set(ref, actor);
    return actor;
  }

  set(ref: OpenRef, change: Partial<Pick<OpenActor, 'snapshot' | 'started'>>): void {
    const actor = this.#actors.get(ref);
    if (!actor) return;
    const { snapshot = actor.snapshot, started = actor.started } = change;
    if (snapshot !== actor.snapshot || started !== actor.started)
      this.#ownActors.set(ref, {
        ref,
        path: actor.path,
        kind: actor.kind,
        src: actor.src,
        input: actor.input,
        started,
        snapshot,
      });
  }

  /** Who has come to an end: its timers are gone; its last snapshot stays until its parent lets go of it. */
  end(ref: OpenRef): void {
    this.#timers = without(this.#timers, ref);
    this.unregister(ref);
  }

  /** An actor and those beneath it; answers who is gone. */
  remove(ref: OpenRef): readonly OpenRef[] {
    this.end(ref);
    this.#ownActors.delete(ref);
    const children = [...this.#actors.keys()].filter((child) => child._parent === ref);
    return [ref, ...children.flatMap((child) => this.remove(child))];
  }

  // --- Names ---------------------------------------------------------------------------------------------------------

  /** How many there are now of what the chart gives no id. */
  count(kind: string): number {
    const count = (this.#unnamed.get(kind) ?? 0) + 1;
    this.#unnamed = new Map([...this.#unnamed, [kind, count]]);
    return count;
  }

  get systemIds(): ReadonlyMap<string, OpenRef> {
    return this.#systemIds;
  }

  register(id: string, ref: OpenRef): void {
    const holder = this.#systemIds.get(id);
    if (holder && holder !== ref) throw systemIdTaken(id, pathOfRef(holder), pathOfRef(ref));
    this.#ownSystemIds.set(id, ref);
  }

  unregister(ref: OpenRef): void {
    for (const [id, holder] of this.#systemIds) if (holder === ref) this.#ownSystemIds.delete(id);
  }

  // --- Time ----------------------------------------------------------------------------------------------------------

  arm(source: OpenRef, { target, event, delay, id }: Arming): void {
    const name = id ?? `${event.type}#${this.count(`${pathOfRef(source)}>${event.type}`)}`;
    if (!Number.isFinite(delay)) throw delayInvalid((source.logic as AnyStateMachine).id, name, delay);
    const timer = { source, target, id: name, isNamed: id !== undefined, event, dueMs: Math.max(0, delay) };
    this.#timers = armed(this.#timers, { ...timer, current: true });
  }

  cancel(source: OpenRef, id: string): void {
    this.#timers = cancelled(this.#timers, source, id);
  }

  /** Lets time pass until the next timer, which is taken, but no longer than `ms`. */
  pass(ms: number): { readonly passedMs: number; readonly timer?: OpenTimer } {
    const next = this.#timers[0];
    const isDue = next !== undefined && next.dueMs <= ms;
    const passedMs = isDue ? next.dueMs : ms;
    const timers = passed(this.#timers, passedMs);
    this.#timers = isDue ? fired(timers) : timers;
    return isDue ? { passedMs, timer: next } : { passedMs };
  }
}
