import type { StateMachine } from '@synod/machines/raft';
import { type Map as ImmutableMap, Map as immutableMap } from 'immutable';
import * as v from 'valibot';
import { keyProblem, utf8Length, valueProblem } from './limits.ts';

/** A key's value, and the index in the log of the write it comes from. */
export interface KvEntry {
  readonly value: string;
  /** From 1, and higher with each write. */
  readonly revision: number;
}

export type KvState = ImmutableMap<string, KvEntry>;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const revision = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const key = v.pipe(
  v.string(),
  v.check((text) => keyProblem(text) === undefined, 'no key'),
);
const value = v.pipe(
  v.string(),
  v.check((text) => valueProblem(text) === undefined, 'no value'),
);
/** The revision the key must have for the write to be done; 0: it must not exist. */
const expected = v.exactOptional(count);

/** What the store does. A read goes through the log like a write, which makes it linearizable; ReadIndex is for later. */
export const kvCommand = v.variant('type', [
  v.strictObject({ type: v.literal('get'), key }),
  v.strictObject({ type: v.literal('put'), key, value, expected }),
  v.strictObject({ type: v.literal('delete'), key, expected }),
]);
export type KvCommand = v.InferOutput<typeof kvCommand>;

const found = v.strictObject({ type: v.literal('value'), value: v.string(), revision });
/** There is no such key, and there was none before a delete. */
const absent = v.strictObject({ type: v.literal('absent') });
/** `created`: there was no such key before. */
const written = v.strictObject({ type: v.literal('written'), revision, created: v.boolean() });
const deleted = v.strictObject({ type: v.literal('deleted'), revision });
/** Nothing was done; `revision` is the key's present one, 0 when it does not exist. */
const mismatch = v.strictObject({ type: v.literal('mismatch'), revision: count });

/** The answers to each kind of command. */
export const kvResponses = {
  get: v.variant('type', [found, absent]),
  put: v.variant('type', [written, mismatch]),
  delete: v.variant('type', [deleted, absent, mismatch]),
} as const;
export type KvResponse = v.InferOutput<(typeof kvResponses)[keyof typeof kvResponses]>;

/** The state after `command` at `index` of the log, and its answer. */
function apply(state: KvState, command: KvCommand, index: number): readonly [KvState, KvResponse] {
  const current = state.get(command.key);
  if (command.type === 'get') return [state, current ? { type: 'value', ...current } : { type: 'absent' }];
  const present = current?.revision ?? 0;
  if (command.expected !== undefined && command.expected !== present) {
    return [state, { type: 'mismatch', revision: present }];
  }
  if (command.type === 'put') {
    const next = state.set(command.key, { value: command.value, revision: index });
    return [next, { type: 'written', revision: index, created: !current }];
  }
  return current ? [state.delete(command.key), { type: 'deleted', revision: index }] : [state, { type: 'absent' }];
}

// A leader asks for the size of each entry it sends, to each follower: a value of 1 MiB is measured once.
const sizes = new WeakMap<KvCommand, number>();

function bytes(command: KvCommand): number {
  const known = sizes.get(command);
  if (known !== undefined) return known;
  const size = utf8Length(command.key) + (command.type === 'put' ? utf8Length(command.value) : 0);
  sizes.set(command, size);
  return size;
}

/** The store as the state machine that Raft replicates. */
export const kvStore: StateMachine<KvState, KvCommand, KvResponse> = {
  initial: immutableMap(),
  apply,
  command: kvCommand,
  bytes,
};
