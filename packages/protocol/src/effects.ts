import {
  type ActionFunction,
  type AnyEventObject,
  type EventObject,
  emit,
  enqueueActions,
  type MachineContext,
  type ParameterizedObject,
} from 'xstate';
import type { Address } from './address.ts';
import type { Message } from './envelope.ts';

/** The event `send` emits. Declare it in a machine's `types.emitted`, with the messages the machine may send. */
export interface SendEvent<M extends Message = Message> {
  readonly type: 'send';
  readonly to: Address | readonly Address[];
  readonly message: M;
}

/** What one step asks of the host, in the order in which the chart asked for it. */
export type Effect =
  | { readonly kind: 'send'; readonly to: readonly Address[]; readonly message: Message }
  | { readonly kind: 'emit'; readonly event: EventObject }
  | { readonly kind: 'setTimer'; readonly id: string; readonly delayMs: number; readonly event: EventObject }
  | { readonly kind: 'cancelTimer'; readonly id: string };

/** Whether an emitted event is a send. */
export const isSend = (event: EventObject): event is SendEvent => event.type === 'send' && 'to' in event;

interface RuleArguments<TContext, TExpressionEvent> {
  readonly context: TContext;
  readonly event: TExpressionEvent;
}

/**
 * Sends a message: a thin, typed wrapper of XState's own `emit`, so that a pure step shows its sends as data and the same
 * chart works in plain XState (`actor.on('send', …)`). At most once; per pair first in, first out unless the host's network says otherwise.
 */
export function send<
  TContext extends MachineContext,
  TExpressionEvent extends EventObject,
  TParams extends ParameterizedObject['params'] | undefined,
  TEvent extends EventObject,
  TEmitted extends AnyEventObject,
>(
  what: (
    args: RuleArguments<TContext, TExpressionEvent>,
    params: TParams,
  ) => Omit<Extract<TEmitted, { readonly type: 'send' }>, 'type'>,
): ActionFunction<TContext, TExpressionEvent, TEvent, TParams, never, never, never, never, TEmitted> {
  return emit<TContext, TExpressionEvent, TParams, TEvent, TEmitted>(
    (args, params) => ({ type: 'send', ...what(args, params) }) as unknown as TEmitted,
  );
}

/** What a rule that both changes state and speaks comes to. */
export interface Outcome<TContext, TEmitted> {
  readonly change?: Partial<TContext>;
  readonly emit?: readonly TEmitted[];
  /** Ids of timers that end without firing. */
  readonly cancel?: readonly string[];
  /** Timers by id, for what there is one of for each peer; after `cancel`. When one ends, the machine receives its event. */
  readonly set?: readonly { readonly id: string; readonly delayMs: number; readonly event: EventObject }[];
}

/** Performs a rule whose change of context and whose sends and emits belong together, or whose sends are several. */
export function perform<
  TContext extends MachineContext,
  TExpressionEvent extends EventObject,
  TParams extends ParameterizedObject['params'] | undefined,
  TEvent extends EventObject,
  TEmitted extends AnyEventObject,
>(
  rule: (args: RuleArguments<TContext, TExpressionEvent>, params: TParams) => Outcome<TContext, TEmitted>,
): ActionFunction<TContext, TExpressionEvent, TEvent, TParams, never, never, never, never, TEmitted> {
  return enqueueActions<TContext, TExpressionEvent, TParams, TEvent, never, never, never, never, TEmitted>(
    ({ context, event, enqueue }, params) => {
      const { change, emit: events, cancel, set } = rule({ context, event }, params);
      if (change) enqueue.assign(change as TContext);
      for (const emitted of events ?? []) enqueue.emit(emitted);
      for (const id of cancel ?? []) enqueue.cancel(id);
      for (const { id, delayMs, event: due } of set ?? []) enqueue.raise(due as TEvent, { id, delay: delayMs });
    },
  );
}
