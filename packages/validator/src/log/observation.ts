import type { AnyEvent, Stimulus } from '@synod/testgen';

/** What one line of an app's log tells of a machine. All but what it knows is left out. */
export interface Observation {
  /** Whose machine, where a log tells of several: an order's number, a session. Default: one for all. */
  readonly actor?: string;
  /** It starts here, with this input. Without such a line, a machine starts at its first observation. */
  readonly start?: { readonly input?: unknown };
  /** The event that it took. What the log leaves out of the event may be anything that the payloads propose. */
  readonly event?: AnyEvent;
  /** What became of an actor that it invoked or spawned, in the place of an event: `{ done: 'pay', output: … }`. */
  readonly outcome?: Exclude<Stimulus, { readonly send: unknown } | { readonly wait: unknown }>;
  /** The state in which it is afterwards: a state value, or part of one such as `paying` or `checkout.paying`. */
  readonly state?: string | Readonly<Record<string, unknown>>;
  /** Fields of its context afterwards, as the log has them. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** When, in milliseconds. Given for all lines, machines' timers run by it. */
  readonly at?: number;
}

/** A line of a log as observations; nothing for one that does not tell of a machine. */
export type LogMapping = (line: string) => Observation | readonly Observation[] | undefined;
