import { canonical } from '@synod/protocol';
import type { EventObject } from 'xstate';
import type { Payloads, Pending, Subject, World } from '../subject.ts';
import type { Stimulus } from '../test-case.ts';

/** What a search wants to know of the values that there were: for an event's type, or for `done pay` and its like. */
export type Heard = (key: string, values: number) => void;

/** What may happen next in a world, no two alike. */
export function stimuliOf(
  subject: Subject,
  payloads: Payloads,
  world: World,
  limit: number,
  heard: Heard = () => {},
): readonly Stimulus[] {
  const lists: Offers[] = [];
  for (const type of subject.accepts(world)) {
    const events = payloads.events(type, world, limit);
    heard(type, events.length);
    lists.push(offersOf(events, type, (send) => ({ send }), type));
  }
  for (const pending of subject.pending(world)) {
    if (pending.kind === 'wait') {
      lists.push(waitOf(pending.ms));
      continue;
    }
    const { kind, actor } = pending;
    const values = payloads.values(kind, actor, world, limit);
    const key = `${kind} ${actor.path}`;
    heard(key, values.length);
    lists.push(offersOf(values, key, (value) => stimulusOf(kind, actor.path, value)));
  }
  // What a wildcard stands for may be an event that another list has as well.
  return lists.every(({ isApart }) => isApart) ? lists.flatMap(({ stimuli }) => stimuli) : distinct(lists);
}

/** Stimuli of one kind, no two alike. */
interface Offers {
  readonly stimuli: readonly Stimulus[];
  /** Whether no other list can have one of them. */
  readonly isApart: boolean;
}

/** By values and what they are for: the same values come in many worlds. */
const offers = new WeakMap<readonly unknown[], Map<string, Offers>>();

function offersOf<T>(values: readonly T[], key: string, make: (value: T) => Stimulus, type?: string): Offers {
  let known = offers.get(values);
  if (!known) {
    known = new Map();
    offers.set(values, known);
  }
  let found = known.get(key);
  if (!found) {
    const isApart = type === undefined || values.every((event) => (event as unknown as EventObject).type === type);
    found = { stimuli: distinct([{ stimuli: values.map(make) }]), isApart };
    known.set(key, found);
  }
  return found;
}

const waits = new Map<number, Offers>();
/** More than these are not kept in mind. */
const MOST_WAITS = 1_000;

function waitOf(ms: number): Offers {
  let found = waits.get(ms);
  if (!found) {
    found = { stimuli: [{ wait: ms }], isApart: true };
    if (waits.size < MOST_WAITS) waits.set(ms, found);
  }
  return found;
}

function distinct(lists: readonly Pick<Offers, 'stimuli'>[]): readonly Stimulus[] {
  const found = new Map<string, Stimulus>();
  for (const { stimuli } of lists)
    for (const stimulus of stimuli) if (!found.has(textOf(stimulus))) found.set(textOf(stimulus), stimulus);
  return [...found.values()];
}

const texts = new WeakMap<Stimulus, string>();

/** A text that two stimuli share exactly when they are equal by value. */
export function textOf(stimulus: Stimulus): string {
  const known = texts.get(stimulus);
  if (known !== undefined) return known;
  const text = canonical(stimulus);
  texts.set(stimulus, text);
  return text;
}

function stimulusOf(kind: Exclude<Pending['kind'], 'wait'>, path: string, value: unknown): Stimulus {
  switch (kind) {
    case 'done':
      return value === undefined ? { done: path } : { done: path, output: value };
    case 'fail':
      return value === undefined ? { fail: path } : { fail: path, error: value };
    case 'relay':
      return { relay: path, event: value as { readonly type: string } };
    case 'next':
      return { next: path, value };
  }
}
