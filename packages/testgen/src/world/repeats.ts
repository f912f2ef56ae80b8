import { canonical, type OpenWorld, SynodError } from '@synod/protocol';
import type { AnyStateMachine } from 'xstate';
import type { ActorView, Taken } from '../subject.ts';
import type { Keys } from './key.ts';

/** The transitions of a step, or that it is the first. */
const placeOf = ({ transitions }: Taken): string => {
  const refs = [...new Set(transitions.map(({ transition }) => transition))];
  return refs.length === 0 ? 'as it starts' : `on ${refs.slice(-4).join(', ')}`;
};

/**
 * @throws SynodError `NOT_DETERMINISTIC` when one step, taken twice, came to two results: its clock or its dice are not the test's.
 */
export function assertRepeats(machine: AnyStateMachine, once: Taken, again: Taken): void {
  if (once.world.key === again.world.key && canonical(once.seen) === canonical(again.seen)) return;
  const part = differenceOf(once, again);
  throw new SynodError(
    'NOT_DETERMINISTIC',
    `${machine.id} comes to two results ${placeOf(once)}${part && `, in ${part}`}; let the event or the input bring the time, the random number or the id that it draws there.`,
  );
}

function differenceOf(once: Taken, again: Taken): string {
  for (const actor of once.world.actors) {
    const other = again.world.actors.find(({ path }) => path === actor.path);
    const field = other && fieldOf(actor, other);
    if (field !== undefined)
      return actor.path === '' ? `"${field}" of its context` : `"${field}" of the context of "${actor.path}"`;
  }
  const timer = once.world.timers.find(({ dueMs }, at) => dueMs !== again.world.timers[at]?.dueMs);
  if (timer) return `the delay of "${timer.id}"`;
  const names = ['state', 'output', 'actions', 'emitted', 'told', 'actors'] as const;
  const name = names.find((each) => canonical(once.seen[each]) !== canonical(again.seen[each]));
  return name === undefined ? '' : `the ${name}`;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldOf({ context: a }: ActorView, { context: b }: ActorView): string | undefined {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return undefined;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].find(
    (each) => canonical((a as Fields)[each]) !== canonical((b as Fields)[each]),
  );
}

/**
 * @throws SynodError `CONTEXT_MUTATED` when a step changed a context that it began with, and with it all worlds that hold it.
 */
export function assertKept(machine: AnyStateMachine, before: OpenWorld, keys: Keys, taken: Taken): void {
  for (const { path, kind, snapshot } of before.actors.values()) {
    const { context } = snapshot;
    if (kind !== 'machine' || context === undefined || keys.values.isKept(context)) continue;
    const fields = Object.entries(context).filter(([, value]) => !keys.values.isKept(value));
    const name = fields[0] ? `"${fields[0][0]}" of the context` : 'the context';
    throw new SynodError(
      'CONTEXT_MUTATED',
      `${machine.id}${path && ` (actor "${path}")`} changes ${name} in place ${placeOf(taken)}; return a new value from assign(), so that earlier states keep theirs.`,
    );
  }
}
