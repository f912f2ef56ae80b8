import type { GuardOutcome, TransitionRef } from '@synod/protocol';
import type { AnyActorRef } from 'xstate';
import { type ActorLike, inspected, type SnapshotLike, timersOf } from '../src/apps/inspection.ts';
import { type Logic, logicOf, ToldGuards } from '../src/apps/observed.ts';
import type { ChartTimers } from './types.ts';

/** What is seen of an actor. */
export interface Seen {
  readonly value: unknown;
  /** The transitions of its last step; undefined where none is known. */
  readonly taken?: readonly TransitionRef[];
  /** How guards came out at that step. */
  readonly guards: readonly GuardOutcome[];
  readonly timers: ChartTimers;
}

// Children of an actor have fewer public types than they have parts.
const actorLike = (actor: AnyActorRef): ActorLike => actor as unknown as ActorLike;

/** What an actor runs: of what is no machine, its status as a chart. */
export const logicIn = (actor: AnyActorRef): Logic => logicOf(actorLike(actor));

/**
 * Tells what an actor is at now, and after each of its steps, until `ending`. It is inspected and not subscribed to: an observer would change
 * whom XState tells of its errors.
 */
export function watch(actor: AnyActorRef, ending: AbortSignal, tell: (seen: Seen) => void): void {
  const logic = logicIn(actor);
  const { refs } = logic;
  const told = new ToldGuards(logic);
  const stateOf = ({ value, status }: SnapshotLike): unknown => (refs ? value : status);
  const timers = (): ChartTimers =>
    Object.fromEntries(
      timersOf(actorLike(actor)).map(({ id, startedAt, delay }) => [id, { setAt: startedAt, delayMs: delay }]),
    );
  let taken: TransitionRef[] = [];
  let guards: GuardOutcome[] = [];
  const subscription = actor.system.inspect((event) => {
    const seen = inspected(event);
    if (seen.actorRef !== actorLike(actor)) return;
    if (seen.type === '@xstate.microstep' && refs) {
      taken.push(...seen._transitions.map(refs));
      guards.push(...told.microstep(seen));
    }
    if (seen.type !== '@xstate.snapshot') return;
    tell({ value: stateOf(seen.snapshot), taken, guards, timers: timers() });
    told.rest();
    taken = [];
    guards = [];
  });
  ending.addEventListener('abort', () => subscription.unsubscribe());
  tell({ value: stateOf(actorLike(actor).getSnapshot()), guards, timers: timers() });
}
