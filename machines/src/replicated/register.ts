import * as v from 'valibot';
import type { StateMachine } from './state-machine.ts';

const command = v.variant('type', [
  v.strictObject({ type: v.literal('read') }),
  v.strictObject({ type: v.literal('write'), value: v.number() }),
]);

/** The smallest state machine worth replicating: one number, read and written. For documents, checks and first experiments. */
export const register: StateMachine<number, v.InferOutput<typeof command>, number> = {
  initial: 0,
  apply: (value, operation) => (operation.type === 'read' ? [value, value] : [operation.value, operation.value]),
  command,
  bytes: () => 16,
};
