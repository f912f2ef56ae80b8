import type { Address, TransitionRef } from '@synod/protocol';
import type { StateValue } from 'xstate';

/** In what a trace does not fit. Stable. */
export type MisfitCode =
  // Records
  | 'RECORD_ORDER'
  | 'RECORD_MISSING'
  | 'TIME_BACKWARD'
  | 'CLOCK_DIFFERS'
  // Lives
  | 'CHART_DIFFERS'
  | 'SPAWN_OF_LIVING'
  | 'INITIAL_DIFFERS'
  | 'RECOVERY_DIFFERS'
  | 'ACTOR_NOT_ALIVE'
  | 'CRASH_UNEXPLAINED'
  | 'MACHINE_THREW'
  // Steps
  | 'EVENT_UNEXPLAINED'
  | 'STEP_MISSING'
  | 'STEP_UNPROVOKED'
  | 'TRANSITION_NOT_ALLOWED'
  | 'STATE_DIFFERS'
  | 'CONTEXT_DIFFERS'
  // Timers
  | 'TIMER_DIFFERS'
  | 'TIMER_NOT_ARMED'
  | 'TIMER_EARLY'
  // What leaves
  | 'DURABLE_DIFFERS'
  | 'SENT_BEFORE_DURABLE'
  | 'SEND_DIFFERS'
  | 'SEND_MISSING'
  | 'EMIT_DIFFERS'
  // What arrives
  | 'MESSAGE_NOT_SENT'
  | 'MESSAGE_NOT_DELIVERED'
  | 'MESSAGE_DIFFERS'
  | 'MESSAGE_TWICE'
  | 'MESSAGE_ORDER';

/** A transition of which an active state is the source. */
export interface AllowedTransition {
  readonly ref: TransitionRef;
  readonly kind: 'event' | 'after' | 'always';
  readonly event: string;
  readonly guard?: string;
  readonly targets: readonly string[];
}

/** What the chart allows where a trace went astray. */
export interface Allowed {
  readonly state: StateValue;
  readonly transitions: readonly AllowedTransition[];
  /** Ids of the timers that are armed. */
  readonly timers: readonly string[];
}

/** The first step of a trace that does not fit. */
export interface Misfit {
  readonly code: MisfitCode;
  /** One sentence: who, what, and in what it differs. */
  readonly message: string;
  /** Which record of all, from 1; the header does not count. */
  readonly record: number;
  readonly node: string;
  readonly seq: number;
  /** Of the record, in milliseconds of the node's clock. */
  readonly at: number;
  readonly actor?: Address;
  /** What the trace says. */
  readonly told?: string;
  /** What the machine does. */
  readonly machine?: string;
  /** Where the misfit is of a step: what could have come in the place of it. */
  readonly allowed?: Allowed;
}

export interface MismatchFacts {
  readonly actor?: Address | undefined;
  readonly told?: string | undefined;
  readonly machine?: string | undefined;
  readonly allowed?: Allowed | undefined;
}

/** How the parts of the validator say that a record does not fit; it never leaves this package. */
export class Mismatch extends Error {
  readonly code: MisfitCode;
  readonly facts: MismatchFacts;

  constructor(code: MisfitCode, message: string, facts: MismatchFacts = {}) {
    super(message);
    this.code = code;
    this.facts = facts;
  }
}
