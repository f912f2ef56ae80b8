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
  const found = new Map<string, Stimulus>();
  const add = (stimulus: Stimulus, key = canonical(stimulus)) => {
    if (!found.has(key)) found.set(key, stimulus);
  };
  for (const type of subject.accepts(world)) {
    const events = payloads.events(type, world, limit);
    heard(type, events.length);
    for (const send of events) add({ send }, textOf(send));
  }
  for (const pending of subject.pending(world)) {
    if (pending.kind === 'wait') {
      add({ wait: pending.ms });
      continue;
    }
    const { kind, actor } = pending;
    const values = payloads.values(kind, actor, world, limit);
    heard(`${kind} ${actor.path}`, values.length);
    for (const value of values) add(stimulusOf(kind, actor.path, value));
  }
  return [...found.values()];
}

const texts = new WeakMap<EventObject, string>();

/** The same event comes in many worlds. */
function textOf(event: EventObject): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const text = canonical({ send: event });
  texts.set(event, text);
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
