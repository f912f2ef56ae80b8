import { stateWords } from '../chart/active.ts';
import type { Story } from '../story/story.ts';
import { type Kind, kindNumber } from '../world/read.ts';
import { NODE_DOWN, NODE_UP } from '../world/world.ts';
import { Indexes } from './indexes.ts';
import { DOWN, PhaseBook, STOPPED } from './phases.ts';

/** What a diagram has its lanes for, and what it leaves out. */
export interface Choice {
  readonly by: 'node' | 'actor';
  /** Types of messages that are not shown. */
  readonly hidden: ReadonlySet<string>;
  readonly timers: boolean;
}

/** One node, or one actor, and its events that are shown. */
export interface Lane {
  /** The number of its name. */
  readonly key: number;
  readonly name: string;
  readonly node: string;
  readonly marks: Indexes;
  readonly losses: Indexes;
  /** Messages that it sent, took in or lost. */
  traffic: number;
  /** Whether its records have vector clocks. */
  isClocked: boolean;
}

/** Records that are looked at between two glances at the clock. */
const STRIDE = 512;
/** Sends whose latest end is kept together. */
const CHUNK = 256;

export const K = Object.fromEntries(
  (['spawn', 'receive', 'transition', 'send', 'deliver', 'drop', 'crash', 'stop', 'note', 'durable'] as const).map(
    (kind) => [kind, kindNumber(kind)],
  ),
) as Readonly<Record<Kind, number>>;
const [SET, FIRED, CANCELLED] = (['timer.set', 'timer.fired', 'timer.cancelled'] as const).map(kindNumber);

/** Which records of a story a diagram shows, by lane and in all, found little by little as the story grows. Nothing of it is parsed for it. */
export class Marks {
  readonly story: Story;
  readonly choice: Choice;
  readonly lanes = new Map<number, Lane>();
  readonly all = new Indexes();
  readonly sends = new Indexes();
  /** Deliveries and losses. */
  readonly ends = new Indexes();
  /** Deliveries and losses of what had been delivered or lost before. */
  readonly again = new Indexes();
  /** How many records lie between a send and such an end at most. */
  againReach = 0;
  /** Notes that may tell of a fault. */
  readonly notes = new Indexes();
  readonly phases = new PhaseBook();
  /** How many messages of each type were sent, hidden ones too. */
  readonly types = new Map<string, number>();
  /** How far times go back from one record to a later one at most, in milliseconds. */
  disorderMs = 0;
  /** The latest time so far. */
  latest = Number.NEGATIVE_INFINITY;
  /** By chunk of the indexes of sends, when the last of their messages ended. */
  readonly #lastEnds: number[] = [];
  readonly #hidden = new Set<number>();
  readonly #homes = new Map<number, number>();
  readonly #fired = new Set<number>();
  #next: number;
  #first: number;
  #isBegun = false;
  #version = 0;

  constructor(story: Story, choice: Choice) {
    this.story = story;
    this.choice = choice;
    this.#next = story.first;
    this.#first = story.first;
  }

  /** Grows with whatever changes. */
  get version(): number {
    return this.#version;
  }

  get isDone(): boolean {
    return this.#next >= this.story.length;
  }

  /** Which part of the story was looked at, from 0 to 1. */
  get share(): number {
    const all = this.story.length - this.story.first;
    return all === 0 ? 1 : Math.max(0, this.#next - this.story.first) / all;
  }

  /** Looks on, until `isLate` says that it is time for something else. */
  go(isLate: () => boolean = () => false): void {
    if (!this.#isBegun) this.#begin();
    const { story } = this;
    if (story.first > this.#first) this.#forget();
    if (this.isDone) return;
    this.#version++;
    for (const type of this.choice.hidden) this.#hidden.add(story.names.number(type));
    for (let seen = 1; this.#next < story.length; seen++) {
      this.#add(this.#next++);
      if (seen % STRIDE === 0 && isLate()) return;
    }
  }

  /** Calls back with sends before `index` whose messages may have ended at or after `ms`. */
  longBefore(index: number, ms: number, found: (send: number) => void): void {
    for (let chunk = Math.floor(this.#first / CHUNK); chunk * CHUNK < index; chunk++) {
      if (!((this.#lastEnds[chunk] ?? Number.NEGATIVE_INFINITY) >= ms)) continue;
      const to = Math.min(index, (chunk + 1) * CHUNK);
      let place = this.sends.placeOf(chunk * CHUNK);
      for (; place < this.sends.length && this.sends.at(place) < to; place++) found(this.sends.at(place));
    }
  }

  /** The lane on which a record stands, by the number of its node or actor. */
  laneOf(index: number): number {
    const node = this.story.number('node', index);
    if (this.choice.by === 'node') return node;
    return this.story.number('actor', index) || this.#homes.get(node) || 0;
  }

  /** The lane of an address. */
  laneOfAddress(address: number): number {
    if (this.choice.by === 'actor') return address;
    const text = this.story.names.text(address);
    return this.story.names.known(text.slice(text.lastIndexOf('@') + 1)) ?? 0;
  }

  #begin(): void {
    this.#isBegun = true;
    const { names, states } = this.story;
    for (const [name, { up, actors }] of Object.entries(this.story.worldAt(this.story.first))) {
      for (const [address, { phase, state }] of Object.entries(actors)) {
        const now =
          !up || phase === 'crashed' ? DOWN : phase === 'stopped' ? STOPPED : states.number(stateWords(state));
        const [node, actor] = [names.number(name), names.number(address)];
        this.phases.add(node, actor, -1, Number.NEGATIVE_INFINITY, now);
        this.#lane(this.choice.by === 'node' ? node : actor, name);
      }
    }
  }

  #forget(): void {
    const { first } = this.story;
    this.#first = first;
    if (this.#next < first) this.#next = first;
    for (const list of [this.all, this.sends, this.ends, this.again, this.notes]) list.forget(first);
    for (const { marks, losses } of this.lanes.values()) {
      marks.forget(first);
      losses.forget(first);
    }
    this.phases.forget(first);
    this.#version++;
  }

  #add(index: number): void {
    const { story } = this;
    const kind = story.number('kind', index);
    const at = story.number('at', index);
    if (at > this.latest) this.latest = at;
    else if (this.latest - at > this.disorderMs) this.disorderMs = this.latest - at;
    const node = story.number('node', index);
    const actor = story.number('actor', index);
    if (actor !== 0 && !this.#homes.has(node)) this.#homes.set(node, actor);
    this.#follow(kind, node, actor, index, at);
    const key = this.laneOf(index);
    if (key === 0) return;
    const lane = this.#lane(key, story.node(index));
    if (!lane.isClocked && !Number.isNaN(story.number('tick', index))) lane.isClocked = true;
    if (!this.#isShown(kind, node, index)) return;
    lane.marks.push(index);
    this.all.push(index);
    if (kind === K.note) this.notes.push(index);
    if (kind !== K.send && kind !== K.deliver && kind !== K.drop) return;
    lane.traffic++;
    if (kind === K.send) this.sends.push(index);
    else this.ends.push(index);
    if (kind === K.drop) lane.losses.push(index);
    this.#reach(kind, index, at);
  }

  #lane(key: number, node: string): Lane {
    const known = this.lanes.get(key);
    if (known) return known;
    const name = this.story.names.text(key);
    const [marks, losses] = [new Indexes(), new Indexes()];
    const lane: Lane = { key, name, node, marks, losses, traffic: 0, isClocked: false };
    this.lanes.set(key, lane);
    return lane;
  }

  /** States, and the ends of lives. */
  #follow(kind: number, node: number, actor: number, index: number, at: number): void {
    if (kind === K.transition || kind === K.spawn) {
      if (kind === K.spawn || this.story.weight(index) === 'rare' || !this.phases.of(actor))
        this.phases.add(node, actor, index, at, this.story.number('state', index));
    } else if (kind === K.crash || kind === K.stop) {
      const phase = kind === K.crash ? DOWN : STOPPED;
      if (actor === 0) this.phases.addAll(node, index, at, phase);
      else if (this.phases.of(actor)) this.phases.add(node, actor, index, at, phase);
    } else if (kind === K.note && [NODE_DOWN, NODE_UP].includes(this.story.label(index))) {
      this.phases.addAll(node, index, at, DOWN);
    }
  }

  #isShown(kind: number, node: number, index: number): boolean {
    const label = this.story.number('label', index);
    switch (kind) {
      case K.send:
        this.#count(label);
        return !this.#hidden.has(label);
      case K.deliver:
      case K.drop:
        return !this.#hidden.has(label);
      case K.receive: {
        // What a timer brings was shown as the timer; what brings no message is a request.
        const isTimer = this.#fired.delete(node);
        return !isTimer && this.story.number('other', index) === 0;
      }
      case K.transition:
        return this.story.weight(index) === 'rare';
      case K.durable:
      case CANCELLED:
        return false;
      case SET:
        return this.choice.timers;
      case FIRED:
        this.#fired.add(node);
        return this.choice.timers;
      default:
        return true;
    }
  }

  #count(label: number): void {
    const type = this.story.names.text(label);
    this.types.set(type, (this.types.get(type) ?? 0) + 1);
  }

  /** A message that ends long after it was sent is on its way in all of what lies between. */
  #reach(kind: number, index: number, at: number): void {
    const { story } = this;
    const link = story.number('link', index);
    if (link < this.#first) return;
    if (kind !== K.send && story.number('link', link) !== index) {
      this.again.push(index);
      this.againReach = Math.max(this.againReach, index - link);
    }
    const [send, end] = kind === K.send ? [index, story.number('at', link)] : [link, at];
    const chunk = Math.floor(send / CHUNK);
    const last = this.#lastEnds[chunk];
    if (last === undefined || end > last) this.#lastEnds[chunk] = end;
  }
}
