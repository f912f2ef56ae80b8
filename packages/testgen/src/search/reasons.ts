import { describeStimulus } from '../play/play.ts';
import { nameOf } from '../targets/chart-index.ts';
import type { DeadParts } from '../targets/dead.ts';
import type { Target } from '../targets/target.ts';
import { actorTitle, triggerOf } from '../targets/titles.ts';
import type { Coverage } from '../targets/tracker.ts';
import type { ActorPath } from '../test-case.ts';
import type { Searched } from './search.ts';

/**
 * Why a target is not covered. `dead`: the chart proves that nothing ever can. `guard`: a guard or condition never came out so. `unasked`: it
 * was never asked. `threw`: the machine threw instead. `source`: what it needs first was not reached. `value`: there was nothing to send. `delay`: its time never came.
 * `bounds`: it was not met, and might be.
 */
export type ReasonCode = 'dead' | 'guard' | 'unasked' | 'threw' | 'source' | 'value' | 'delay' | 'bounds';

/** A target that is not covered, and why: one clause for people. */
export interface Unreached {
  readonly target: Target;
  readonly code: ReasonCode;
  readonly reason: string;
}

/** Explains what a search left uncovered, in the order of the targets. */
export function explain(coverage: Coverage, searched: Searched): readonly Unreached[] {
  const explainer = new Explainer(coverage, searched);
  return coverage.targets
    .filter(({ id }) => !coverage.isCovered(id))
    .map((target) => ({ target, ...explainer.of(target) }));
}

type Why = Omit<Unreached, 'target'>;

class Explainer {
  readonly #coverage: Coverage;
  readonly #searched: Searched;
  readonly #within: string;

  constructor(coverage: Coverage, searched: Searched) {
    this.#coverage = coverage;
    this.#searched = searched;
    const worlds = searched.worlds.toLocaleString('en-US');
    this.#within =
      searched.ended === 'exhausted' && !searched.deep
        ? `in any of the ${worlds} worlds that these values lead to`
        : `within the bounds (${worlds} worlds); give larger bounds or more cases`;
  }

  of(target: Target): Why {
    switch (target.kind) {
      case 'states':
        return this.#state(target.actor, target.state);
      case 'transitions':
      case 'delays':
        return this.#transition(target.actor, target.transition, target.kind);
      case 'pairs':
        return this.#pair(target);
      case 'guards':
        return this.#guard(target);
      case 'regions':
        return this.#regions(target);
      case 'effects':
      case 'sometimes':
        return { code: 'bounds', reason: `it did not come true ${this.#within}` };
    }
  }

  #deadParts(actor: ActorPath): DeadParts {
    return this.#coverage.deadIn(actor) ?? { states: new Set(), transitions: new Map() };
  }

  #state(actor: ActorPath, id: string): Why {
    if (this.#deadParts(actor).states.has(id)) return { code: 'dead', reason: 'no path of the chart leads to it' };
    if (!this.#ran(actor)) return notRun(actor);
    const index = this.#coverage.indexOf(actor);
    const into = [...(index?.transitions ?? [])].filter(([ref]) => index?.entered(ref).has(id) === true);
    const alive = into.filter(([ref]) => !this.#deadParts(actor).transitions.has(ref));
    const [first] = alive;
    if (!first || !index) return { code: 'bounds', reason: `it was not reached ${this.#within}` };
    const { reason } = this.#transition(actor, first[0], 'transitions');
    return {
      code: 'source',
      reason: `nothing led to it: of ${triggerOf(first[1].transition)} in ${nameOf(first[1].source)}, ${reason}`,
    };
  }

  #transition(actor: ActorPath, ref: string, kind: 'transitions' | 'delays'): Why {
    const dead = this.#deadParts(actor).transitions.get(ref);
    if (dead !== undefined) return { code: 'dead', reason: dead };
    const index = this.#coverage.indexOf(actor);
    const indexed = index?.transitions.get(ref);
    if (!this.#ran(actor)) return notRun(actor);
    if (!index || !indexed) return { code: 'bounds', reason: `it was not taken ${this.#within}` };
    const { transition, source } = indexed;
    if (!this.#reached(actor, source.state.id))
      return { code: 'source', reason: `${nameOf(source)} was not reached ${this.#within}` };
    const asked = this.#searched.notes.asked(actor, ref, '');
    const threw = this.#threwOn(transition.event);
    if (asked && asked.true === 0)
      return {
        code: threw ? 'threw' : 'guard',
        reason: `${this.#neverSo(transition.guard, asked, true)}${threw ? `; elsewhere ${threw}` : ''}`,
      };
    const missing = this.#missingValue(transition.event);
    if (missing) return { code: 'value', reason: missing };
    if (threw) return { code: 'threw', reason: threw };
    if (transition.guard !== undefined && !asked)
      return {
        code: 'unasked',
        reason: `its guard was never asked: something before it takes ${triggerOf(transition)} each time`,
      };
    if (transition.kind === 'after')
      return {
        code: 'delay',
        reason: `${nameOf(source)} was left each time before its time had come, ${kind === 'delays' ? 'or something else took its place, ' : ''}${this.#within}`,
      };
    return { code: 'bounds', reason: `it was not taken ${this.#within}` };
  }

  #pair({ actor, first, second }: Extract<Target, { kind: 'pairs' }>): Why {
    for (const ref of [first, second]) {
      const why = this.#uncovered(actor, ref);
      if (why) return { ...why, reason: `${ref === first ? 'the first' : 'the second'} of them: ${why.reason}` };
    }
    return { code: 'bounds', reason: `the second was never taken right after the first ${this.#within}` };
  }

  /** Why a transition was not taken; undefined for one that was. */
  #uncovered(actor: ActorPath, ref: string): Why | undefined {
    if (this.#coverage.isTaken(actor, ref)) return undefined;
    return this.#transition(actor, ref, 'transitions');
  }

  #guard({ actor, transition, condition, outcome }: Extract<Target, { kind: 'guards' }>): Why {
    const dead = this.#deadParts(actor).transitions.get(transition);
    if (dead !== undefined) return { code: 'dead', reason: dead };
    const asked = this.#searched.notes.asked(actor, transition, condition);
    if (asked)
      return { code: 'guard', reason: this.#neverSo(condition === '' ? undefined : condition, asked, outcome) };
    const why = this.#uncovered(actor, transition);
    return why ?? { code: 'unasked', reason: `it was never asked ${this.#within}` };
  }

  #neverSo(
    name: string | undefined,
    asked: {
      readonly true: number;
      readonly false: number;
      readonly samples: readonly Parameters<typeof describeStimulus>[0][];
    },
    outcome: boolean,
  ): string {
    const times = asked.true + asked.false;
    const samples = asked.samples.map((stimulus) => shorten(describeStimulus(stimulus))).join('; ');
    const what = name === undefined ? 'its guard' : `"${name}"`;
    return `${what} was never ${outcome} in ${times.toLocaleString('en-US')} times asked${samples === '' ? '' : `, for example on ${samples}`}; not met ${this.#within}`;
  }

  #regions({ actor, states }: Extract<Target, { kind: 'regions' }>): Why {
    const index = this.#coverage.indexOf(actor);
    const unreached = states.find((id) => !this.#reached(actor, id));
    const state = unreached === undefined ? undefined : index?.states.get(unreached);
    if (state && this.#deadParts(actor).states.has(state.state.id))
      return { code: 'dead', reason: `no path of the chart leads to ${nameOf(state)}` };
    if (state) return { code: 'source', reason: `the chart never rested in ${nameOf(state)} ${this.#within}` };
    return { code: 'bounds', reason: `they did not coincide ${this.#within}` };
  }

  /** What the machine threw at an event, where it did. */
  #threwOn(event: string): string | undefined {
    const thrown = this.#searched.notes.thrown.find(({ stimuli }) => {
      const last = stimuli.at(-1);
      return last !== undefined && 'send' in last && last.send.type === event;
    });
    return thrown && `the machine threw instead: ${thrown.error.message}`;
  }

  #missingValue(event: string): string | undefined {
    const { notes } = this.#searched;
    const actor = /^xstate\.(done|error|snapshot)\.(?:actor\.)?(.+)$/.exec(event);
    if (actor && !event.startsWith('xstate.done.state.')) {
      const kinds = { done: 'done', error: 'fail', snapshot: 'next' } as const;
      const kind = kinds[actor[1] as keyof typeof kinds];
      const id = actor[2] ?? '';
      return notes.isValueless(`${kind} ${id}`)
        ? `there is no value with which ${actorTitle(id)} could ${kind === 'fail' ? 'fail' : kind === 'done' ? 'end' : 'go on'}; give cases or a schema for it`
        : undefined;
    }
    return notes.isValueless(event)
      ? `there is no event of type ${event} to send; give cases or a schema for it`
      : undefined;
  }

  #reached(actor: ActorPath, id: string): boolean {
    return this.#coverage.wasActive(actor, id);
  }

  #ran(actor: ActorPath): boolean {
    return actor === '' || this.#searched.notes.actor(actor) !== undefined;
  }
}

const notRun = (actor: ActorPath): Why => ({ code: 'source', reason: `${actor} was never started` });

const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 117)}…` : text).replaceAll(/\s+/g, ' ');
