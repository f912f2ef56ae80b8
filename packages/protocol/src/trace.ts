import type { EventObject, StateValue } from 'xstate';
import type { Address } from './address.ts';
import type { Chart, TransitionRef } from './chart.ts';
import type { Message, VectorTimestamp } from './envelope.ts';
import type { GuardOutcome } from './open/guards.ts';
import type { TraceLimits } from './plain-json.ts';

/** The version of the trace format; a reader refuses any other. */
export const TRACE_VERSION = 1;

/** The first line of a trace file or stream. */
export interface TraceHeader {
  readonly type: 'header';
  readonly format: 'synod-trace';
  readonly version: typeof TRACE_VERSION;
  /** Facts for people: seed, cluster, command. */
  readonly about: Readonly<Record<string, unknown>>;
  /** Of a recording, from which a run can be judged: the limits within which its `changed` fields are written. */
  readonly recording?: { readonly changed: TraceLimits };
}

/** What every record has. */
export interface TraceBase {
  /** Grows with each record of one life of a node. */
  readonly seq: number;
  /** The node's local monotonic clock, in milliseconds. */
  readonly at: number;
  readonly node: string;
  /** The node's vector clock after the event. */
  readonly clock: VectorTimestamp;
}

/** What happened, without the fields that every record has. */
export type TraceEvent =
  /**
   * An actor came to life. `recovered`: with durable state from an earlier life. `input`: what its machine was started with; absent where
   * the actor was alive before the trace began, and is shown as it is by then. `parent`: the actor that spawned it, where that is known.
   */
  | {
      readonly type: 'spawn';
      readonly actor: Address;
      readonly protocol: string;
      readonly chart: Chart;
      readonly state: StateValue;
      readonly context: unknown;
      readonly recovered: boolean;
      readonly input?: Readonly<Record<string, unknown>>;
      readonly parent?: Address;
    }
  /** An actor took up an event: a message (`id` and `from` tell which), a timer, or a request of the embedder. */
  | {
      readonly type: 'receive';
      readonly actor: Address;
      readonly event: EventObject;
      readonly id?: string;
      readonly from?: Address;
    }
  /**
   * The step that followed. `transitions` is empty when the chart ignored the event; `changed` holds the context fields that are new.
   * `guards`: those that were asked, where somebody wanted to know; for readers, and judged by nobody.
   * `actions`: names of those that were executed, where the host tells. `inferred`: nobody told the transitions; they are those that lead
   * from the state before to this one. A host that tells of microsteps has one of these for each.
   */
  | {
      readonly type: 'transition';
      readonly actor: Address;
      readonly event: string;
      readonly state: StateValue;
      readonly transitions: readonly TransitionRef[];
      readonly changed: Readonly<Record<string, unknown>>;
      readonly guards?: readonly GuardOutcome[];
      readonly actions?: readonly string[];
      readonly inferred?: true;
    }
  /** A message left its sender; what it waited for is durable. */
  | {
      readonly type: 'send';
      readonly id: string;
      readonly from: Address;
      readonly to: Address;
      readonly message: Message;
    }
  /** A message reached the mailbox of its receiver. */
  | {
      readonly type: 'deliver';
      readonly id: string;
      readonly from: Address;
      readonly to: Address;
      readonly message: string;
    }
  /** A message, a frame or a mailbox entry was lost, and why. Without an `id` where not even that could be read. */
  | {
      readonly type: 'drop';
      readonly reason: DropReason;
      readonly id?: string;
      readonly from?: Address;
      readonly to?: Address;
      readonly message?: string;
      readonly detail?: string;
    }
  | { readonly type: 'timer.set'; readonly actor: Address; readonly id: string; readonly delayMs: number }
  | { readonly type: 'timer.fired'; readonly actor: Address; readonly id: string }
  | { readonly type: 'timer.cancelled'; readonly actor: Address; readonly id: string }
  /** Durable fields are on stable storage. `from` and `count`: the suffix of a sequence that was written. */
  | {
      readonly type: 'durable';
      readonly actor: Address;
      readonly fields: readonly { readonly field: string; readonly from?: number; readonly count?: number }[];
    }
  /** An actor told its embedder something. */
  | { readonly type: 'emit'; readonly actor: Address; readonly event: EventObject }
  /** An actor, or with no `actor` the whole node, ended in failure. */
  | { readonly type: 'crash'; readonly actor?: Address; readonly reason: string }
  /** An actor begins again. `attempt` counts from 1. */
  | { readonly type: 'restart'; readonly actor: Address; readonly attempt: number }
  /** An actor ended in good order. */
  | { readonly type: 'stop'; readonly actor: Address }
  /** Anything else worth reading: connections, elections, a person's remark. `code` as in coded errors. */
  | { readonly type: 'note'; readonly text: string; readonly code?: string; readonly actor?: Address };

/** Why something was lost. */
export type DropReason =
  | 'dead-letter'
  | 'mailbox-full'
  | 'invalid-message'
  | 'invalid-frame'
  | 'unreachable'
  | 'queue-full'
  | 'too-large'
  | 'not-serialisable'
  | 'fault'
  | 'stopped';

/** One line of a trace. */
export type TraceRecord = TraceBase & TraceEvent;
