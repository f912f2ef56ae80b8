import { type ChartTransition, plainJson } from '@synod/protocol';
import { describeStimulus, type Payloads, type Subject, type World } from '@synod/testgen';
import type { StateValue } from 'xstate';
import type { Allowed, AllowedTransition } from '../misfit.ts';
import { activeStates } from '../replay/allowed.ts';
import { brief } from '../same.ts';
import { Belief, type Failure, type InferBounds } from './belief.ts';
import type { Observation } from './observation.ts';

export interface LogOptions extends Partial<InferBounds> {}

/** The first observation of a log that does not fit. */
export interface LogMisfit {
  readonly code: 'EVENT_NOT_ALLOWED' | 'STATE_DIFFERS' | 'CONTEXT_DIFFERS';
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly actor: string;
  readonly told: string;
  readonly machine: string;
  readonly allowed: Allowed;
}

/** An event that no line tells of, and without which the log would not fit. */
export interface Inferred {
  readonly actor: string;
  /** The line before which it happened. */
  readonly line: number;
  readonly what: string;
}

export interface LogVerdict {
  readonly valid: boolean;
  readonly misfit?: LogMisfit;
  readonly lines: number;
  /** Lines that tell of no machine. */
  readonly unmapped: number;
  readonly observations: number;
  readonly actors: readonly string[];
  readonly inferred: readonly Inferred[];
  /** Whether the search for unlogged events met a bound: with higher ones, more might be explained. */
  readonly isCut: boolean;
}

const DEFAULTS: InferBounds = { infer: 0, payloads: 8, maxWorlds: 5_000, maxCandidates: 64, toleranceMs: 5 };

/** Judges an app's log against an XState v5 machine, observation by observation. */
export class LogValidator {
  readonly #subject: Subject;
  readonly #payloads: Payloads;
  readonly #bounds: InferBounds;
  readonly #beliefs = new Map<string, Belief>();
  readonly #counts = { lines: 0, unmapped: 0, observations: 0 };
  #misfit: LogMisfit | undefined;

  constructor(subject: Subject, payloads: Payloads, options: LogOptions = {}) {
    this.#subject = subject;
    this.#payloads = payloads;
    this.#bounds = { ...DEFAULTS, ...options };
  }

  /** Judges the next line. Returns the misfit, if there is one; from then on nothing is judged. */
  next(observed: Observation | readonly Observation[] | undefined): LogMisfit | undefined {
    if (this.#misfit) return this.#misfit;
    const line = ++this.#counts.lines;
    const all = observed === undefined ? [] : Array.isArray(observed) ? observed : [observed as Observation];
    if (all.length === 0) this.#counts.unmapped++;
    for (const each of all) {
      this.#counts.observations++;
      this.#misfit = this.#judge(each, line);
      if (this.#misfit) break;
    }
    return this.#misfit;
  }

  verdict(): LogVerdict {
    const inferred = [...this.#beliefs].flatMap(([actor, { hidden }]) =>
      hidden.map(({ line, stimulus }) => ({ actor, line, what: describeStimulus(stimulus) })),
    );
    return {
      valid: !this.#misfit,
      ...(this.#misfit && { misfit: this.#misfit }),
      ...this.#counts,
      actors: [...this.#beliefs.keys()],
      inferred: inferred.sort((a, b) => a.line - b.line),
      isCut: [...this.#beliefs.values()].some(({ isCut }) => isCut),
    };
  }

  #judge(observation: Observation, line: number): LogMisfit | undefined {
    const { actor = 'machine', start } = observation;
    let belief = this.#beliefs.get(actor);
    if (!belief || start) {
      belief = new Belief(this.#subject, this.#payloads, this.#bounds);
      belief.start(start);
      this.#beliefs.set(actor, belief);
    }
    const failure = belief.observe(observation, line);
    return failure && this.#tell(failure, observation, actor, line, belief);
  }

  #tell(failure: Failure, observation: Observation, actor: string, line: number, belief: Belief): LogMisfit {
    const before = belief.candidates[0]?.world as World;
    const { event, outcome, state, context } = observation;
    const what = event ? event.type : outcome ? describeStimulus(outcome) : 'this line';
    const within = this.#bounds.infer > 0 ? `, nor after up to ${this.#bounds.infer} unlogged events` : '';
    const cut = [
      belief.isCut ? ' The search for unlogged events met its bounds.' : '',
      belief.thrown === undefined ? '' : ` The machine refused what was tried: ${belief.thrown}`,
    ].join('');
    const common = { line, actor, allowed: this.#allowed(before) };
    const at = `Line ${line}: ${actor}`;
    if (failure.kind === 'event')
      return {
        ...common,
        code: 'EVENT_NOT_ALLOWED',
        message: `${at} takes ${what} in ${brief(before.value)}, where its chart has no transition for it${within}.${cut}`,
        told: what,
        machine: 'no transition',
      };
    const { world, kind } = failure;
    const [told, machine] =
      kind === 'state'
        ? [state, world.value]
        : [context, fieldsOf(plainJson(world.context, {}), Object.keys(context ?? {}))];
    return {
      ...common,
      code: kind === 'state' ? 'STATE_DIFFERS' : 'CONTEXT_DIFFERS',
      message: `${at} has ${brief(told)} after ${what}, where its machine has ${brief(machine)}${within}.${cut}`,
      told: brief(told),
      machine: brief(machine),
    };
  }

  #allowed(world: World): Allowed {
    const chart = this.#subject.charts.get('');
    const transitions = chart
      ? activeStates(chart, world.value).flatMap((each) => each.transitions.map(allowedOf))
      : [];
    return { state: world.value as StateValue, transitions, timers: world.timers.map(({ id }) => id) };
  }
}

const allowedOf = ({ ref, kind, event, guard, targets }: ChartTransition): AllowedTransition => ({
  ref,
  kind,
  event,
  ...(guard !== undefined && { guard }),
  targets,
});

const fieldsOf = (context: unknown, fields: readonly string[]): unknown =>
  Object.fromEntries(
    fields.map((field) => [field, (context as Readonly<Record<string, unknown>> | undefined)?.[field] ?? null]),
  );
