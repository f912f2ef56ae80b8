// Stands in for ../replicated and @synod/quorum until they are there.
import * as v from 'valibot';
import { type Applied, type Replicated, applyEntry as raftApply } from '../raft/sessions.ts';
import type { StateMachine } from '../raft/state-machine.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const entry = v.variant('kind', [
  v.strictObject({ kind: v.literal('noop') }),
  v.strictObject({ kind: v.literal('session') }),
  v.strictObject({
    kind: v.literal('command'),
    clientId: count,
    sequenceNum: count,
    answeredBelow: count,
    command: v.unknown(),
  }),
]);
export type Entry = v.InferOutput<typeof entry>;
export const majority = (size: number): number => Math.floor(size / 2) + 1;
export const applyEntry = (machine: StateMachine, replicated: Replicated, each: Entry, index: number, max: number) =>
  raftApply(machine, replicated, { ...each, term: 0 }, index, max);
export type { ClientReply, ClientRequest, RegisterClient, RegisterClientReply } from '../raft/messages.ts';
export { clientRequest, registerClient } from '../raft/messages.ts';
export { register } from '../raft/register.ts';
export { emptySessions } from '../raft/sessions.ts';
export type { Applied, Replicated, StateMachine };
