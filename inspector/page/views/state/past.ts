import type { TraceRecord } from '@synod/protocol';
import { type Kind, kindNumber } from '../../../src/world/read.ts';
import type { Story } from '../../story/story.ts';
import type { Work } from '../../story/sweep.ts';
import { isSame } from './values.ts';

/** Records that are looked at, at most, for what an actor did lately. */
const MAX_LOOKED = 200_000;

/** The indexes of what an actor did, latest first, before `end`: records of some types. */
export function* doneBy(story: Story, actor: string, end: number, kinds: readonly Kind[]): Generator<number> {
  const number = story.names.known(actor);
  if (number === undefined) return;
  const wanted = new Set(kinds.map(kindNumber));
  const last = Math.max(story.first, end - MAX_LOOKED);
  for (let index = Math.min(end, story.length) - 1; index >= last; index--) {
    if (story.number('actor', index) === number && wanted.has(story.number('kind', index))) yield index;
  }
}

/** The first few of many. */
export function take<T>(from: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  if (count <= 0) return taken;
  for (const item of from) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

/** The index of the last step of an actor before `end`, or of its beginning. */
export const lastStepOf = (story: Story, actor: string, end: number): number | undefined =>
  take(doneBy(story, actor, end, ['transition', 'spawn']), 1)[0];

export interface RunningTimer {
  readonly id: string;
  /** When it will fire, in milliseconds on the axis of all nodes. */
  readonly due: number;
  readonly delayMs: number;
  /** The index of the record by which it was set. */
  readonly index: number;
}

/** The timers of an actor that were set before `end` and neither fired nor were cancelled. */
export function timersOf(story: Story, actor: string, end: number): RunningTimer[] {
  const ended = new Set<string>();
  const running: RunningTimer[] = [];
  for (const index of doneBy(story, actor, end, [...TIMERS, 'spawn', 'crash', 'stop'])) {
    const kind = story.kind(index);
    if (!isTimer(kind)) break;
    const id = story.label(index);
    if (ended.has(id)) continue;
    ended.add(id);
    const record = story.glance(index);
    if (record.type === 'timer.set')
      running.push({ id, due: story.at(index) + record.delayMs, delayMs: record.delayMs, index });
  }
  return running.sort((a, b) => a.due - b.due);
}

const TIMERS = ['timer.set', 'timer.fired', 'timer.cancelled'] as const satisfies readonly Kind[];
const isTimer = (kind: Kind): boolean => kind.startsWith('timer.');

/** A value that a field of a context had, from a record on. */
export interface PastValue {
  readonly index: number;
  readonly value: unknown;
}

/** Values of a field that are kept. */
const KEPT = 20;

/** The last values of a field of an actor's context before `end`, latest first, found little by little. */
export class FieldHistory implements Work {
  readonly values: PastValue[] = [];
  readonly #story: Story;
  readonly #field: string;
  readonly #indexes: Generator<number>;
  #done = false;

  constructor(story: Story, actor: string, field: string, end: number) {
    this.#story = story;
    this.#field = field;
    this.#indexes = doneBy(story, actor, end, ['transition', 'spawn']);
  }

  get isDone(): boolean {
    return this.#done;
  }

  go(isLate: () => boolean = () => false): void {
    while (!this.#done) {
      const next = this.#indexes.next();
      if (next.done || next.value < this.#story.first) this.#done = true;
      else this.#look(next.value);
      if (isLate()) return;
    }
  }

  #look(index: number): void {
    const record = this.#story.glance(index);
    const fields = fieldsOf(record);
    if (!Object.hasOwn(fields, this.#field)) {
      // An actor's beginning says all of its context: there is nothing before it.
      if (record.type === 'spawn') this.#done = true;
      return;
    }
    const value = fields[this.#field];
    const later = this.values.at(-1);
    // Of equal values the earliest tells since when.
    if (later && isSame(later.value, value)) this.values.pop();
    else if (this.values.length === KEPT) {
      this.#done = true;
      return;
    }
    this.values.push({ index, value });
    if (record.type === 'spawn') this.#done = true;
  }
}

function fieldsOf(record: TraceRecord): Readonly<Record<string, unknown>> {
  if (record.type === 'transition') return record.changed;
  const context: unknown = record.type === 'spawn' ? record.context : undefined;
  return typeof context === 'object' && context !== null ? (context as Record<string, unknown>) : {};
}
