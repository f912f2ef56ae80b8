import { type AnyStateMachine, assign, createMachine, type EventObject } from 'xstate';

/** A chart, and the events that are sent to it. */
export interface Chart {
  readonly machine: AnyStateMachine;
  readonly events: readonly EventObject[];
  readonly input?: unknown;
}

export interface Context {
  readonly count: number;
  readonly log: readonly string[];
}

/** What an expression of a chart is given. */
export interface Args {
  readonly context: Context;
  readonly event: EventObject & { readonly by?: number; readonly output?: unknown };
}

/** A machine whose types nobody checks: the charts here are about what XState makes of them. */
export const chart = (config: object, implementations: object = {}): AnyStateMachine =>
  createMachine(
    { context: { log: [], count: 0 }, ...config } as never,
    implementations as never,
  ) as unknown as AnyStateMachine;

export const types = (...names: string[]): EventObject[] => names.map((type) => ({ type }));

/** Writes a word into the context: the order of actions shows. */
export const note = (word: string) => assign(({ context }: Args) => ({ log: [...context.log.slice(-9), word] }));

/** Notes that a state is entered and left. */
export const noted = (name: string) => ({ entry: note(`+${name}`), exit: note(`-${name}`) });

/** Adds to the count. */
export const add = (by = 1) => assign(({ context }: Args) => ({ count: context.count + by }));
