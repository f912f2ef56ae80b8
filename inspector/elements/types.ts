import type { Chart, GuardOutcome, SynodError, TraceRecord, TransitionRef } from '@synod/protocol';
import type { AnyActorRef, AnyStateMachine, StateValue } from 'xstate';

/** `auto` is as the person's system is set. */
export type ElementTheme = 'light' | 'dark' | 'auto';

/** How often transitions were taken, by their names in the chart. */
export type TransitionCounts = Readonly<Record<TransitionRef, number>>;

/** Timers that run, by the ids that XState gives them (`xstate.after.patience.door.open`). */
export type ChartTimers = Readonly<
  Record<
    string,
    {
      /** When it was set, in milliseconds since 1970. */
      readonly setAt: number;
      readonly delayMs: number;
    }
  >
>;

/**
 * `<synod-chart>`: a statechart, drawn as it is or as it runs. What it draws is that of `actor`, else `chart`, else `machine`.
 * Fires `error`, a `CustomEvent<SynodError>`, where it cannot draw: `CHART_INVALID`, `CHART_LAYOUT_FAILED`.
 */
export interface SynodChartElement extends HTMLElement {
  /** A chart as data, as `chartOf(machine)` of `@synod/protocol` makes it and as a trace carries it. */
  chart: Chart | undefined;
  /** An XState v5 machine. */
  machine: AnyStateMachine | undefined;
  /**
   * A living XState v5 actor: its states, the transitions of its last step, how guards came out at it and its timers are shown by themselves, as
   * long as the element is in a page.
   * The actor is only inspected (`actor.system.inspect`): it gets no observer. Guards are asked once more after each step, as `snapshot.can` asks them.
   */
  actor: AnyActorRef | undefined;
  /** What to light: a state value of XState. With `actor`, the actor's. */
  value: StateValue | undefined;
  /** Transitions to light for a moment, each time that an array is set. */
  taken: readonly TransitionRef[];
  /** Colours transitions by how often they were taken. */
  counts: TransitionCounts | undefined;
  /** How guards came out at the last step, as a trace's `transition` records tell of them: refused candidates are struck through. With `actor`, the actor's. */
  guards: readonly GuardOutcome[];
  /** A ring beside each transition that a running timer leads to shows what is left of it. With `actor`, the actor's. */
  timers: ChartTimers | undefined;
  /** Also an attribute. Default: `auto`. */
  theme: ElementTheme;
  /** Also an attribute. `compact` leaves out actions, guards and what stays within a state. Default: `full`. */
  detail: 'full' | 'compact';
  /** Also an attribute. Names the picture for those who do not see it. Default: `Statechart of ` and the machine's id. */
  label: string;
  /**
   * Also an attribute, `elk-worker-url`: where elkjs's `lib/elk-worker.min.js` is served, from the page's own origin; layouts are then made in a
   * worker. Default: none, and layouts are made in the page, which takes some hundred milliseconds for twenty states.
   */
  elkWorkerUrl: string;
}

/** A record of a trace, and its place in it. */
export interface Selection {
  readonly index: number;
  readonly record: TraceRecord;
}

/**
 * `<synod-spacetime>`: a run as lanes side by side, time downwards, messages as arrows. It needs a height.
 * Fires `select`, a `CustomEvent<Selection | null>`, when a person selects a record or none; `load` when all of `src` has been read; `error`, a
 * `CustomEvent<SynodError>`, where something is no trace: `TRACE_INVALID`, `TRACE_VERSION`, `TRACE_UNREACHABLE`, `FILE_UNKNOWN`, `FILE_TOO_LARGE`.
 */
export interface SynodSpaceTimeElement extends HTMLElement {
  /** The records to show. Of `records`, `lines` and `src`, what was set last is shown. */
  records: readonly TraceRecord[] | undefined;
  /** The lines of a trace, as a trace file has them. */
  lines: readonly string[] | undefined;
  /** Also an attribute: the address of a trace file, or of a replay file or counterexample. It is fetched as the page may fetch it. */
  src: string;
  /** Adds records to those that are shown; the end stays in sight while it is followed (key `f`). */
  addRecords(records: readonly TraceRecord[]): void;
  /** The place of the selected record. To set it fires nothing. */
  selected: number | undefined;
  /** Also an attribute: what has a lane. Default: `node`. */
  by: 'node' | 'actor';
  /** Also an attribute: time as it is, time without what is idle, or one record after the other. Default: `time`. */
  axis: 'time' | 'busy' | 'order';
  /** Also an attribute. Default: `auto`. */
  theme: ElementTheme;
}

/** What the elements' own events carry, by tag and type. */
export interface SynodElementEvents {
  readonly 'synod-chart': { readonly error: CustomEvent<SynodError> };
  readonly 'synod-spacetime': {
    readonly select: CustomEvent<Selection | null>;
    readonly load: CustomEvent<null>;
    readonly error: CustomEvent<SynodError>;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'synod-chart': SynodChartElement;
    'synod-spacetime': SynodSpaceTimeElement;
  }
}
