import type { SequentialObject } from '@synod/protocol';
import { type Map as ImmutableMap, Map as immutableMap } from 'immutable';
import * as v from 'valibot';
import type { StateMachine } from './state-machine.ts';

const key = v.pipe(v.string(), v.minLength(1), v.maxLength(1_024));

const keyValueCommand = v.variant('type', [
  v.strictObject({ type: v.literal('read'), key }),
  v.strictObject({ type: v.literal('write'), key, value: v.number() }),
  /** Compare and swap: writes only where the key has this value; null: where it has none. */
  v.strictObject({ type: v.literal('swap'), key, expected: v.nullable(v.number()), value: v.number() }),
]);

/** What a client may ask of the store. */
export type KeyValueCommand = v.InferOutput<typeof keyValueCommand>;

/** The key's value before the command; null: it had none. A swap was done exactly where that is what it expected. */
export type KeyValueResponse = number | null;

/** What a command makes of one key. */
function applyToKey(value: number | null, command: KeyValueCommand): number | null {
  if (command.type === 'read') return value;
  return command.type === 'write' || command.expected === value ? command.value : value;
}

/** A store of numbers by key, as replicated logs drive it. */
export const keyValue: StateMachine<ImmutableMap<string, number>, KeyValueCommand, KeyValueResponse> = {
  initial: immutableMap(),
  apply: (state, command) => {
    const before = state.get(command.key) ?? null;
    const after = applyToKey(before, command);
    return [after === before || after === null ? state : state.set(command.key, after), before];
  },
  command: keyValueCommand,
  bytes: (command) => command.key.length + 16,
};

/** The same for judges of histories: one key, since keys are independent. */
export const keyValueObject: SequentialObject<number | null, KeyValueCommand, KeyValueResponse> = {
  initial: null,
  apply: (value, command) => [applyToKey(value, command), value],
  key: (command) => command.key,
};
