import type { AnyStateMachine, EventObject } from 'xstate';

/** A machine, and the events that it is to be driven with. */
export interface Sample {
  readonly name: string;
  readonly machine: AnyStateMachine;
  readonly events: readonly EventObject[];
  readonly input?: unknown;
  /** Transitions that no run can take. */
  readonly never?: readonly string[];
}

export const e = (...types: readonly string[]): EventObject[] => types.map((type) => ({ type }));

/** Actions that have names alone. */
export const noted = <T extends string>(...names: readonly T[]) =>
  Object.fromEntries(names.map((name) => [name, () => {}])) as unknown as Record<T, () => void>;

/** What an observable observes that a test speaks for. */
export const silent = { subscribe: () => ({ unsubscribe: () => {} }) } as never;
