import { canonical, SynodError } from '@synod/protocol';
import type { AnyStateMachine } from 'xstate';
import type { Taken } from '../subject.ts';

/**
 * @throws SynodError `NOT_DETERMINISTIC` when one step, taken twice, came to two results: its clock or its dice are not the test's.
 */
export function assertRepeats(machine: AnyStateMachine, once: Taken, again: Taken): void {
  if (once.world.key === again.world.key && canonical(once.seen) === canonical(again.seen)) return;
  const [a, b] = [once.seen.context ?? {}, again.seen.context ?? {}];
  const field = [...new Set([...Object.keys(a), ...Object.keys(b)])].find(
    (each) => canonical(a[each]) !== canonical(b[each]),
  );
  const transition = once.transitions.at(-1)?.transition;
  const where = transition === undefined ? 'as it starts' : `on ${transition}`;
  throw new SynodError(
    'NOT_DETERMINISTIC',
    `${machine.id} comes to two results ${where}${field === undefined ? '' : `, in "${field}" of its context`}; let the event or the input bring the time, the random number or the id that it draws there.`,
  );
}
