import type { EventObject } from 'xstate';

/** A client begins an operation on a shared object. `operation` is its number, unique among the client's own. */
export interface OperationInvoked<I = unknown> extends EventObject {
  readonly type: 'operation.invoked';
  readonly operation: number;
  readonly input: I;
}

/** A client has the answer to its operation. */
export interface OperationReturned<O = unknown> extends EventObject {
  readonly type: 'operation.returned';
  readonly operation: number;
  readonly output: O;
}

/** A client's operation certainly had no effect, and never will. One that neither returns nor fails may or may not have had one. */
export interface OperationFailed extends EventObject {
  readonly type: 'operation.failed';
  readonly operation: number;
}

/** What a client's machine emits for a history; hosts collect it in the order in which it happens. */
export type OperationEvent<I = unknown, O = unknown> = OperationInvoked<I> | OperationReturned<O> | OperationFailed;

/** An object as one client alone would see it: what histories of concurrent clients are judged against. */
export interface SequentialObject<State = unknown, I = unknown, O = unknown> {
  readonly initial: State;
  /** The state after `input`, and its output. Pure. */
  apply(state: State, input: I): readonly [State, O];
  /** Operations on different keys are independent, and judged apart. Without it, all are one object's. */
  key?(input: I): string;
}
