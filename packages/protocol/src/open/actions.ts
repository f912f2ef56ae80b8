import type { EventObject } from 'xstate';
import type { OpenRef } from './open-world.ts';

type Params = { readonly [name: string]: unknown };

/** A timer that a machine sets. */
export interface Arming {
  readonly target: OpenRef;
  readonly event: EventObject;
  readonly delay: number;
  /** Undefined where the chart gives it none. */
  readonly id: string | undefined;
}

/** What actions do to a world. */
export interface Stage {
  /** Does something once the macrostep of the actor has ended. */
  defer(ref: OpenRef, task: () => void): void;
  relay(target: OpenRef, event: EventObject): void;
  emit(ref: OpenRef, event: EventObject): void;
  arm(source: OpenRef, timer: Arming): void;
  cancel(source: OpenRef, id: string): void;
  begin(child: OpenRef): void;
  stop(child: OpenRef): void;
  unregister(child: OpenRef): void;
  isStarted(child: OpenRef): boolean;
  /** A custom action, which is not run. */
  note(ref: OpenRef, type: string, params: unknown): void;
}

/** Does what an action of XState's does, in its order (5.33): most of it when the macrostep has ended. */
export function perform(stage: Stage, ref: OpenRef, type: string, params: Params): void {
  switch (type) {
    case 'xstate.emit':
      return stage.defer(ref, () => stage.emit(ref, params.event as EventObject));
    case 'xstate.raise': {
      const { delay } = params;
      if (typeof delay === 'number') stage.defer(ref, () => stage.arm(ref, armingOf(params, ref, delay)));
      return;
    }
    case 'xstate.cancel':
      return stage.defer(ref, () => stage.cancel(ref, params.sendId as string));
    case 'xstate.sendTo':
      return stage.defer(ref, () => sendTo(stage, ref, params));
    case 'xstate.spawnChild': {
      const child = params.actorRef as OpenRef | undefined;
      if (child) stage.defer(ref, () => stage.begin(child));
      return;
    }
    case 'xstate.stopChild': {
      const child = params as unknown as OpenRef | undefined;
      if (!child) return;
      // XState unregisters at once, so that the next actor may have the system id, and stops later.
      stage.unregister(child);
      if (stage.isStarted(child)) stage.defer(ref, () => stage.stop(child));
      else stage.stop(child);
      return;
    }
    default:
      if (!type.startsWith('xstate.')) stage.note(ref, type, params);
  }
}

const armingOf = ({ id, event }: Params, target: OpenRef, delay: number): Arming => ({
  target,
  event: event as EventObject,
  delay,
  id: id as string | undefined,
});

function sendTo(stage: Stage, ref: OpenRef, params: Params): void {
  const target = params.to as OpenRef;
  const { delay } = params;
  if (typeof delay === 'number') return stage.arm(ref, armingOf(params, target, delay));
  const event = params.event as EventObject & { readonly data?: unknown };
  const { id } = ref;
  // What `escalate` sends.
  if (event.type === 'xstate.error')
    stage.relay(target, { type: `xstate.error.actor.${id}`, error: event.data, actorId: id } as EventObject);
  else stage.relay(target, event);
}
