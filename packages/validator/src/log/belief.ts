import { isSynodError, plainJson } from '@synod/protocol';
import type { Payloads, Stimulus, Subject, World } from '@synod/testgen';
import { matchesState } from 'xstate';
import { sameJson } from '../same.ts';
import type { Observation } from './observation.ts';

/** What happened and stands in no line. */
export interface Hidden {
  /** The line before which it happened. */
  readonly line: number;
  readonly stimulus: Stimulus;
}

interface Chain {
  readonly hidden: Hidden;
  readonly before: Chain | undefined;
}

/** A world in which the machine may be by now, and what must have happened unseen on the way there. */
export interface Candidate {
  readonly world: World;
  readonly hidden: Chain | undefined;
  /** How many of the hidden ones count: what a clock brings does not. */
  readonly count: number;
}

export interface InferBounds {
  /** Unlogged events between two observations. */
  readonly infer: number;
  /** Payloads tried for one type of event. */
  readonly payloads: number;
  /** Worlds looked at between two observations. */
  readonly maxWorlds: number;
  /** Worlds kept in which the machine may be. */
  readonly maxCandidates: number;
  /** How far the times of a log may be off, in milliseconds. */
  readonly toleranceMs: number;
}

/** Why no world fits: the machine takes no transition on the event, or comes to something else than the line says. */
export type Failure = { readonly kind: 'event' } | { readonly kind: 'state' | 'context'; readonly world: World };

/** All that a machine may have come to, as far as a log tells. */
export class Belief {
  readonly #subject: Subject;
  readonly #payloads: Payloads;
  readonly #bounds: InferBounds;
  #candidates: readonly Candidate[] = [];
  #at: number | undefined;
  /** Whether some world was left out for want of room. */
  isCut = false;
  /** What the machine threw at something that was tried, last; a machine that ran did not, so that was not what happened. */
  thrown: string | undefined;

  constructor(subject: Subject, payloads: Payloads, bounds: InferBounds) {
    this.#subject = subject;
    this.#payloads = payloads;
    this.#bounds = bounds;
  }

  get candidates(): readonly Candidate[] {
    return this.#candidates;
  }

  /** It starts, with an input of the log or with one of those that the payloads propose. */
  start(given: { readonly input?: unknown } | undefined): void {
    const inputs = given && 'input' in given ? [given.input] : this.#payloads.inputs;
    this.#candidates = inputs.slice(0, this.#bounds.maxCandidates).map((input) => ({
      world: this.#subject.start(input).world,
      hidden: undefined,
      count: 0,
    }));
  }

  /** What it may have come to after an observation. Returns why nothing fits, and then changes nothing. */
  observe(observation: Observation, line: number): Failure | undefined {
    this.thrown = undefined;
    const { at } = observation;
    let layer = this.#passed(at, line);
    const fits: Candidate[] = [];
    let failure: Failure = { kind: 'event' };
    const seen = new Set(layer.map(({ world }) => world.key));
    for (let hidden = 0; ; hidden++) {
      for (const candidate of layer) {
        for (const after of this.#taken(candidate, observation)) {
          const wrong = unlike(after.world, observation);
          if (!wrong) fits.push(after);
          else if (failure.kind === 'event') failure = { kind: wrong, world: after.world };
        }
      }
      // With the least that must have happened unseen, it is explained.
      if (fits.length > 0 || hidden >= this.#bounds.infer) break;
      layer = this.#further(layer, seen, line);
    }
    if (fits.length === 0) return failure;
    this.#candidates = this.#distinct(fits);
    if (at !== undefined) this.#at = at;
    return undefined;
  }

  /** What may have happened unseen, of the simplest explanation. */
  get hidden(): readonly Hidden[] {
    const hidden: Hidden[] = [];
    for (let chain = this.#candidates[0]?.hidden; chain; chain = chain.before) hidden.push(chain.hidden);
    return hidden.reverse();
  }

  /** The candidates after the time that a log says has passed, give or take its tolerance. */
  #passed(at: number | undefined, line: number): readonly Candidate[] {
    if (at === undefined || this.#at === undefined) return this.#candidates;
    const elapsed = Math.max(0, at - this.#at);
    const { toleranceMs } = this.#bounds;
    const times = [...new Set([elapsed, elapsed + toleranceMs, Math.max(0, elapsed - toleranceMs)])];
    return this.#distinct(
      times.flatMap((ms) =>
        this.#candidates.flatMap((candidate) => {
          const stimulus = { wait: ms };
          const after = this.#step(candidate.world, stimulus);
          if (!after) return [];
          if (after.transitions.length === 0) return [{ ...candidate, world: after.world }];
          return [
            { ...candidate, world: after.world, hidden: { hidden: { line, stimulus }, before: candidate.hidden } },
          ];
        }),
      ),
    );
  }

  /** The worlds that one more unseen thing leads to. */
  #further(layer: readonly Candidate[], seen: Set<string>, line: number): readonly Candidate[] {
    const next: Candidate[] = [];
    for (const candidate of layer) {
      for (const stimulus of this.#possible(candidate.world)) {
        const after = this.#step(candidate.world, stimulus);
        if (!after || seen.has(after.world.key)) continue;
        if (seen.size >= this.#bounds.maxWorlds) {
          this.isCut = true;
          return next;
        }
        seen.add(after.world.key);
        const hidden = { hidden: { line, stimulus }, before: candidate.hidden };
        next.push({ world: after.world, hidden, count: candidate.count + 1 });
      }
    }
    return next;
  }

  /** All that can happen by itself or come from outside. */
  *#possible(world: World): Generator<Stimulus> {
    const most = this.#bounds.payloads;
    for (const each of this.#subject.pending(world)) {
      if (each.kind === 'wait') yield { wait: each.ms };
      else {
        for (const value of this.#payloads.values(each.kind, each.actor, world, most))
          yield stimulusOf(each.kind, each.actor.path, value);
      }
    }
    for (const type of this.#subject.accepts(world)) {
      if (type.includes('*')) continue;
      for (const event of this.#payloads.events(type, world, most)) yield { send: event };
    }
  }

  /** The worlds after what a line says happened; what it leaves out of an event may be what the payloads propose. */
  #taken(candidate: Candidate, { event, outcome }: Observation): readonly Candidate[] {
    if (!event && !outcome) return [candidate];
    const { world } = candidate;
    const stimuli: Stimulus[] = [];
    if (outcome) stimuli.push(outcome);
    else if (event) {
      stimuli.push({ send: event });
      for (const proposed of this.#payloads.events(event.type, world, this.#bounds.payloads))
        if (Object.keys(proposed).some((key) => !(key in event))) stimuli.push({ send: { ...proposed, ...event } });
    }
    return stimuli.flatMap((stimulus) => {
      const after = this.#step(world, stimulus);
      return after && after.transitions.length > 0 ? [{ ...candidate, world: after.world }] : [];
    });
  }

  /** A step; undefined where the machine refuses it by throwing, as no machine in a log did. */
  #step(world: World, stimulus: Stimulus): ReturnType<Subject['step']> | undefined {
    try {
      return this.#subject.step(world, stimulus);
    } catch (error) {
      if (!isSynodError(error)) throw error;
      this.thrown = error.message;
      return undefined;
    }
  }

  #distinct(candidates: readonly Candidate[]): readonly Candidate[] {
    const byKey = new Map<string, Candidate>();
    for (const candidate of [...candidates].sort((a, b) => a.count - b.count))
      if (!byKey.has(candidate.world.key)) byKey.set(candidate.world.key, candidate);
    if (byKey.size > this.#bounds.maxCandidates) this.isCut = true;
    return [...byKey.values()].slice(0, this.#bounds.maxCandidates);
  }
}

function stimulusOf(kind: 'done' | 'fail' | 'relay' | 'next', path: string, value: unknown): Stimulus {
  switch (kind) {
    case 'done':
      return { done: path, output: value };
    case 'fail':
      return { fail: path, error: value };
    case 'relay':
      return { relay: path, event: value as { type: string } };
    case 'next':
      return { next: path, value };
  }
}

/** In what a world is not as a line says. */
function unlike({ value, context }: World, observed: Observation): 'state' | 'context' | undefined {
  if (observed.state !== undefined && !matchesState(observed.state as never, value)) return 'state';
  const plain = plainJson(context, {}) as Readonly<Record<string, unknown>>;
  for (const [field, told] of Object.entries(observed.context ?? {}))
    if (!sameJson(plain?.[field], told)) return 'context';
  return undefined;
}
