import type { AnyEventObject, EventObject, InspectionEvent, Snapshot } from 'xstate';

// What is read here of XState 5.33 beside its public types, in one place; test/inspection.test.ts pins it.

/** An actor as an inspector sees it. */
export interface ActorLike {
  readonly id: string;
  readonly sessionId: string;
  readonly systemId?: string;
  readonly src: unknown;
  readonly logic: unknown;
  readonly system: { getSnapshot(): { readonly _scheduledEvents: Readonly<Record<string, ScheduledEvent>> } };
  getSnapshot(): SnapshotLike;
  send(event: EventObject): void;
}

export interface SnapshotLike {
  readonly status: Snapshot<unknown>['status'];
  readonly value?: unknown;
  readonly context?: unknown;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly error?: unknown;
}

/** A timer of XState's scheduler. */
interface ScheduledEvent {
  readonly id: string;
  readonly source: object;
  readonly event: EventObject;
  readonly delay: number;
  /** By the clock of the day, in milliseconds. */
  readonly startedAt: number;
}

export type Inspected =
  | { readonly type: '@xstate.actor'; readonly actorRef: ActorLike }
  | {
      readonly type: '@xstate.event';
      readonly actorRef: ActorLike;
      readonly sourceRef: ActorLike | undefined;
      readonly event: AnyEventObject;
    }
  | {
      readonly type: '@xstate.microstep';
      readonly actorRef: ActorLike;
      readonly event: AnyEventObject;
      readonly snapshot: SnapshotLike;
      readonly _transitions: readonly object[];
    }
  | {
      readonly type: '@xstate.action';
      readonly actorRef: ActorLike;
      readonly action: { readonly type: string; readonly params: unknown };
    }
  | {
      readonly type: '@xstate.snapshot';
      readonly actorRef: ActorLike;
      readonly event: AnyEventObject;
      readonly snapshot: SnapshotLike;
    }
  | { readonly type: '@xstate.transition'; readonly actorRef: ActorLike };

/** XState's inspection events with the fields that its types leave out. */
export const inspected = (event: InspectionEvent): Inspected => event as unknown as Inspected;

/** What XState puts into the parameters of its own actions. */
export interface Scheduling {
  readonly id?: string;
  readonly delay?: number;
  readonly event: EventObject;
}

/** The timers that an actor has set and that have yet to go off. */
export const timersOf = (actor: ActorLike): readonly ScheduledEvent[] =>
  Object.values(actor.system.getSnapshot()._scheduledEvents).filter(({ source }) => source === actor);

/** What is left of a timer, in milliseconds. */
export const msLeft = ({ startedAt, delay }: ScheduledEvent): number => Math.max(0, startedAt + delay - Date.now());
