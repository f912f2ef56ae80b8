import { canonical, plainJson } from '@synod/protocol';
import type { AnyMachineSnapshot, EventObject } from 'xstate';
import type { MisfitCode } from '../misfit.ts';
import { brief, difference, sameJson } from '../same.ts';
import type { RecordOf } from './records.ts';
import type { Scene } from './scene.ts';

type Fields = Readonly<Record<string, unknown>>;

/** In what a record differs from what the machine does. */
export interface Differs {
  readonly code: MisfitCode;
  readonly message: string;
  readonly told: string;
  readonly machine: string;
}

/** In what an event is not the one that was to come; `what` names that. */
export function compareEvent(
  actor: string,
  told: EventObject,
  expected: EventObject,
  what: string,
): Differs | undefined {
  const where = difference(plainJson(told, {}), plainJson(expected, {}));
  return (
    where && {
      code: 'MESSAGE_DIFFERS',
      message: `${actor} takes up ${told.type} with ${where.path} ${brief(where.a, 60)}, where ${what} has ${brief(where.b, 60)}.`,
      told: brief(plainJson(told, {})),
      machine: brief(plainJson(expected, {})),
    }
  );
}

/** In what a step differs from that of the machine: its transitions, then the state, then the context. */
export function compareStep(
  { actor, event, transitions, state, changed }: RecordOf<'transition'>,
  own: {
    readonly transitions: readonly string[];
    readonly before: AnyMachineSnapshot;
    readonly after: AnyMachineSnapshot;
  },
  scene: Scene,
): Differs | undefined {
  const { before, after } = own;
  const [told, taken] = [transitions, own.transitions].map((refs) => refs.join(', ') || 'no transition');
  const machine = `${taken}, to ${brief(after.value)}`;
  if (!sameJson(transitions, own.transitions)) {
    const message = `${actor} takes ${told} on ${event}, where its chart takes ${taken}.`;
    return { code: 'TRANSITION_NOT_ALLOWED', message, told: told as string, machine };
  }
  if (!sameJson(state, after.value)) {
    const message = `${actor} comes to ${brief(state)} on ${event}, where its chart comes to ${brief(after.value)}.`;
    return { code: 'STATE_DIFFERS', message, told: brief(state), machine };
  }
  const where = differentField(changed, before.context as Fields, after.context as Fields, scene);
  if (!where) return undefined;
  const message = `After ${event}, ${where.path} of ${actor} is ${where.told} in the trace, and its machine has ${where.machine}.`;
  return { code: 'CONTEXT_DIFFERS', message, told: where.told, machine: where.machine };
}

function differentField(changed: Fields, before: Fields, after: Fields, { limits, isCut }: Scene) {
  for (const [field, value] of Object.entries(changed)) {
    const where = difference(isCut ? value : plainJson(value, limits), plainJson(after[field], limits), field);
    if (where) return { path: where.path, told: brief(where.a), machine: brief(where.b) };
  }
  for (const field in after) {
    if (field in changed || Object.is(before[field], after[field])) continue;
    if (canonical(before[field]) === canonical(after[field])) continue;
    return { path: field, told: 'unchanged', machine: brief(plainJson(after[field], limits)) };
  }
  return undefined;
}
