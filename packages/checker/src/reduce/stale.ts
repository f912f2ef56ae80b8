import { type CheckConfiguration, SynodError } from '@synod/protocol';
import type { Actor } from '../world/actor.ts';
import type { Inboxes } from '../world/inbox.ts';
import type { Row, World } from '../world/world.ts';

/**
 * Takes messages away that can do nothing any more. The model's claim is verified where it is used: a message that was taken away from
 * an actor must change nothing and say nothing in every state that the actor comes to from there.
 */
export class Stale {
  readonly #world: World;
  readonly #claim: NonNullable<CheckConfiguration['stale']>;
  /** By actor, state and inbox: the inbox without what is stale. */
  readonly #pruned: Map<number, number>[][];
  /** By actor and state: events that were taken away there or on the way there. */
  readonly #taken: Set<number>[][];
  /** By actor and state: the states that followed. */
  readonly #next: Set<number>[][];

  constructor(world: World, claim: NonNullable<CheckConfiguration['stale']>) {
    this.#world = world;
    this.#claim = claim;
    this.#pruned = world.actors.map(() => []);
    this.#taken = world.actors.map(() => []);
    this.#next = world.actors.map(() => []);
  }

  /** Takes away what is stale in the world of `row`. */
  prune(row: Row): void {
    const { actors, firstInbox } = this.#world;
    for (let index = 0; index < actors.length; index++) {
      const slot = firstInbox + index;
      row[slot] = this.#without(index, row[index] as number, row[slot] as number);
    }
  }

  /** An actor's state has followed another: what was taken away before must still have been stale. */
  follow(index: number, before: number, after: number): void {
    const next = this.#at(this.#next, index, before, () => new Set());
    if (next.has(after)) return;
    next.add(after);
    for (const event of this.#taken[index]?.[before] ?? []) this.#take(index, after, event);
  }

  #without(index: number, state: number, inbox: number): number {
    const known = this.#at(this.#pruned, index, state, () => new Map());
    const seen = known.get(inbox);
    if (seen !== undefined) return seen;
    const inboxes = this.#world.inboxes[index] as Inboxes;
    const all = inboxes.at(inbox).all;
    const live = all.filter((event) => !this.#isStale(index, state, event));
    for (const event of all) if (!live.includes(event)) this.#take(index, state, event);
    const result = live.length === all.length ? inbox : inboxes.of(live);
    known.set(inbox, result);
    return result;
  }

  #isStale(index: number, state: number, event: number): boolean {
    const actor = this.#world.actors[index] as Actor;
    const { message, from } = actor.event(event);
    return message !== undefined && from !== undefined && this.#claim(actor.state(state).view, message, from);
  }

  #at<T>(lists: T[][], index: number, state: number, make: () => T): T {
    const list = lists[index] as T[];
    const known = list[state] ?? make();
    list[state] = known;
    return known;
  }

  /** Notes that `event` was taken away at `state`, and at all states that are known to follow. */
  #take(index: number, state: number, event: number): void {
    const work = [state];
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      const taken = this.#at(this.#taken, index, at, () => new Set());
      if (taken.has(event)) continue;
      taken.add(event);
      this.#verify(index, at, event);
      work.push(...(this.#next[index]?.[at] ?? []));
    }
  }

  #verify(index: number, id: number, event: number): void {
    const actor = this.#world.actors[index] as Actor;
    const state = actor.state(id);
    const outcome = state.up ? actor.step(id, event) : undefined;
    const isIdle = !outcome || (outcome.next === id && outcome.sends.length === 0 && outcome.failure === undefined);
    if (isIdle && this.#isStale(index, id, event)) return;
    throw new SynodError(
      'MODEL_INVALID',
      `The model's "stale" calls a ${actor.event(event).message?.type ?? ''} to ${actor.address} stale that ${
        isIdle ? 'it does not call stale in a later state' : 'later changes the actor or makes it speak'
      }; narrow it, or leave it out.`,
      { details: { actor: actor.address, message: actor.event(event).message, state: actor.content(id) } },
    );
  }
}
