import { type Address, canonical, SynodError } from '@synod/protocol';
import type { Actor } from '../world/actor.ts';
import type { Inboxes } from '../world/inbox.ts';
import type { Row, World } from '../world/world.ts';
import { rename, type Words } from './renaming.ts';

/** Worlds in other words: each actor state, event and inbox is renamed once. */
export class Mapped {
  readonly #world: World;
  readonly #words: Words;
  /** By actor: who takes its place. */
  readonly #targets: readonly number[];
  readonly #partitions: readonly number[];
  readonly #requests: readonly number[];
  readonly #states: number[][];
  readonly #events: number[][];
  readonly #inboxes: number[][];

  constructor(world: World, words: Words) {
    this.#world = world;
    this.#words = words;
    this.#targets = world.actors.map(({ address }) => world.index(this.#name(address) as Address) ?? -1);
    this.#partitions = world.partitions.map((side) => (side ? this.#partition(side) : 0));
    const targets = world.requests.map(({ actor, event }) => `${this.#targets[actor]}:${this.#event(actor, event)}`);
    const known = world.requests.map(({ actor, event }) => `${actor}:${event}`);
    this.#requests = targets.map((target) => known.indexOf(target));
    if (this.#targets.includes(-1) || this.#requests.includes(-1))
      throw new SynodError(
        'MODEL_INVALID',
        'The nodes under "symmetry" are not alike: each must have the same actors and be asked for the same; leave the others out.',
      );
    this.#states = world.actors.map(() => []);
    this.#events = world.actors.map(() => []);
    this.#inboxes = world.actors.map(() => []);
  }

  /** Writes the world of `from` in these words into `to`. */
  apply(from: Row, to: Row): void {
    const { actors, firstInbox, crashes, firstRequest, partition, requests } = this.#world;
    for (let index = 0; index < actors.length; index++) {
      const target = this.#targets[index] as number;
      to[target] = this.#state(index, from[index] as number);
      to[firstInbox + target] = this.#inbox(index, from[firstInbox + index] as number);
    }
    for (let slot = crashes; slot < from.length; slot++) to[slot] = slot < firstRequest ? (from[slot] as number) : 0;
    to[partition] = this.#partitions[from[partition] as number] as number;
    for (let index = 0; index < requests.length; index++) {
      if (((from[firstRequest + Math.floor(index / 30)] as number) >> (index % 30)) & 1) {
        const target = this.#requests[index] as number;
        const slot = firstRequest + Math.floor(target / 30);
        to[slot] = (to[slot] as number) | (1 << (target % 30));
      }
    }
  }

  #name(text: string): string {
    return this.#words.names.get(text) ?? text;
  }

  #of<T>(value: T): T {
    return rename(value, this.#words) as T;
  }

  #target(index: number): Actor {
    return this.#world.actors[this.#targets[index] as number] as Actor;
  }

  #state(index: number, id: number): number {
    const known = this.#states[index] as number[];
    known[id] ??= this.#renamed(index, id);
    return known[id] as number;
  }

  #renamed(index: number, id: number): number {
    const { up, snapshot, timers, durable } = (this.#world.actors[index] as Actor).state(id);
    const target = this.#target(index);
    if (!up || !snapshot) return target.down(this.#of(durable));
    const context = this.#of(snapshot.context as object);
    const armed = timers.map((timer) => ({ id: timer.id, event: this.#eventOf(index, timer.event) }));
    return target.up(context === snapshot.context ? snapshot : { ...snapshot, context }, armed);
  }

  #eventOf(index: number, id: number): number {
    const known = this.#events[index] as number[];
    known[id] ??= this.#event(index, id);
    return known[id] as number;
  }

  #event(index: number, id: number): number {
    const { event, from, message } = (this.#world.actors[index] as Actor).event(id);
    const target = this.#target(index);
    if (!target) return -1;
    return message && from
      ? target.message(this.#name(from) as typeof from, this.#of(message))
      : target.local(this.#of(event));
  }

  #inbox(index: number, id: number): number {
    const known = this.#inboxes[index] as number[];
    known[id] ??= (this.#world.inboxes[this.#targets[index] as number] as Inboxes).of(
      (this.#world.inboxes[index] as Inboxes).at(id).all.map((event) => this.#eventOf(index, event)),
    );
    return known[id] as number;
  }

  #partition(side: ReadonlySet<string>): number {
    const movable = this.#world.nodes.filter((_, node) => !this.#world.stable[node]);
    const renamed = [...side].map((node) => this.#name(node));
    const sides = [renamed, movable.filter((node) => !renamed.includes(node))].map((each) => canonical(new Set(each)));
    return this.#world.partitions.findIndex((each) => each !== undefined && sides.includes(canonical(each)));
  }
}
