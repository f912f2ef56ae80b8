import type { TransitionRef } from '@synod/protocol';
import type { EventObject, StateValue } from 'xstate';
import { candidatesFor } from './candidates.ts';
import type { CompiledChart, CompiledTransition } from './chart.ts';
import { type Frame, guardArgsOf } from './frame.ts';
import { isAtomic, properAncestors, type StateNode, type Transition } from './nodes.ts';
import { type Plan, type Planned, planOf } from './plan.ts';
import { withoutConflicts } from './sets.ts';

/** A transition that may be taken where a configuration stands. */
interface Candidate {
  readonly compiled: CompiledTransition;
  /** What taking it alone comes to; made when it is first taken. */
  plan: Plan<Configuration> | undefined;
}

/** What an event may do in a state: it is asked of the regions first, and of the state itself if none of them takes it. */
interface Choice {
  /** Of a parallel state. */
  readonly regions: readonly Choice[];
  /** Innermost state first. */
  readonly candidates: readonly Candidate[];
}

/** Where configurations are kept, each once. */
export interface Registry {
  readonly chart: CompiledChart;
  of(nodes: readonly StateNode[]): Configuration;
}

/** Event types that are remembered per configuration; what comes from outside could have any number of them. */
const MOST_TYPES = 1_000;

/** A set of active states, and all that follows from it alone. */
export class Configuration implements Planned {
  /** In the order in which they were entered, as XState has them. */
  readonly nodes: readonly StateNode[];
  readonly value: StateValue;
  readonly tags: ReadonlySet<string>;
  readonly #registry: Registry;
  readonly #choices = new Map<string, Choice>();
  readonly #plans = new Map<string, Plan<Configuration>>();
  #always: readonly (readonly Candidate[])[] | undefined;

  constructor(registry: Registry, nodes: readonly StateNode[], value?: StateValue) {
    this.#registry = registry;
    this.nodes = nodes;
    this.value = value ?? stateValueOf(registry.chart.root, nodes);
    this.tags = new Set(nodes.flatMap(({ tags }) => tags));
  }

  /** What the event of the frame does here; undefined if nothing. */
  onEvent(frame: Frame): Plan<Configuration> | undefined {
    const { type } = frame.event;
    const choice = this.#choices.get(type) ?? this.#choose(type);
    if (choice.regions.length === 0) return this.#taken(first(choice.candidates, frame));
    const taken: CompiledTransition[] = [];
    select(choice, frame, taken);
    return taken.length > 0 ? this.plan(taken) : undefined;
  }

  /** What happens here without an event; undefined if nothing. */
  eventless(frame: Frame): Plan<Configuration> | undefined {
    this.#always ??= this.#findAlways();
    const lists = this.#always;
    if (lists.length === 0) return undefined;
    if (lists.length === 1) return this.#taken(firstAlways(lists[0] as readonly Candidate[], frame));
    const taken = new Set<CompiledTransition>();
    for (const list of lists) {
      const candidate = firstAlways(list, frame);
      if (candidate) taken.add(candidate.compiled);
    }
    if (taken.size === 0) return undefined;
    const { chart } = this.#registry;
    const transitions = [...taken].map(({ transition }) => transition);
    return this.plan(withoutConflicts(transitions, this.nodes).map((transition) => chart.transition(transition)));
  }

  /** What taking these transitions at once comes to. */
  plan(taken: readonly CompiledTransition[]): Plan<Configuration> {
    const key = taken.map(({ number }) => number).join();
    let plan = this.#plans.get(key);
    if (!plan) {
      plan = planOf(
        this.#registry,
        this,
        taken.map(({ transition }) => transition),
        taken.map(({ ref }): TransitionRef => ref),
      );
      this.#plans.set(key, plan);
    }
    return plan;
  }

  #taken(candidate: Candidate | undefined): Plan<Configuration> | undefined {
    if (!candidate) return undefined;
    candidate.plan ??= this.plan([candidate.compiled]);
    return candidate.plan;
  }

  #choose(type: string): Choice {
    const choice = this.#choiceOf(this.#registry.chart.root, this.value, type);
    if (this.#choices.size < MOST_TYPES) this.#choices.set(type, choice);
    return choice;
  }

  #choiceOf(node: StateNode, value: StateValue, type: string): Choice {
    const own = this.#candidates(candidatesFor(node, type));
    if (typeof value === 'string') {
      const child = node.states[value] as StateNode;
      return { regions: [], candidates: [...this.#candidates(candidatesFor(child, type)), ...own] };
    }
    const keys = Object.keys(value);
    const choices = keys.map((key) =>
      this.#choiceOf(node.states[key] as StateNode, (value as Record<string, StateValue>)[key] as StateValue, type),
    );
    if (choices.length !== 1) return { regions: choices, candidates: own };
    const [inner] = choices as [Choice];
    return { regions: inner.regions, candidates: [...inner.candidates, ...own] };
  }

  #candidates(transitions: readonly Transition[]): Candidate[] {
    return transitions.map((transition) => ({
      compiled: this.#registry.chart.transition(transition),
      plan: undefined,
    }));
  }

  #findAlways(): (readonly Candidate[])[] {
    return this.nodes
      .filter(isAtomic)
      .map((node) =>
        [node, ...properAncestors(node, undefined)].flatMap(({ always }) => this.#candidates(always ?? [])),
      )
      .filter((candidates) => candidates.length > 0);
  }
}

/** The first candidate whose guard lets it pass. */
function first(candidates: readonly Candidate[], frame: Frame): Candidate | undefined {
  if (candidates.length === 0) return undefined;
  const args = guardArgsOf(frame);
  for (let at = 0; at < candidates.length; at++) {
    const candidate = candidates[at] as Candidate;
    const { guard } = candidate.compiled;
    if (!guard) return candidate;
    try {
      if (guard(args, frame)) return candidate;
    } catch (error) {
      throw failed(candidate, args.event, error);
    }
  }
  return undefined;
}

/** As XState words it. */
function failed({ compiled: { transition } }: Candidate, event: EventObject, error: unknown): Error {
  const { guard, source } = transition;
  const name = typeof guard === 'string' ? guard : typeof guard === 'object' ? guard.type : undefined;
  return new Error(
    `Unable to evaluate guard ${name ? `'${name}' ` : ''}in transition for event '${event.type}' in state node '${source.id}':\n${(error as Error).message}`,
  );
}

/** The same without an event, where what a guard throws is thrown as it is. */
function firstAlways(candidates: readonly Candidate[], frame: Frame): Candidate | undefined {
  const args = guardArgsOf(frame);
  for (let at = 0; at < candidates.length; at++) {
    const candidate = candidates[at] as Candidate;
    const { guard } = candidate.compiled;
    if (!guard || guard(args, frame)) return candidate;
  }
  return undefined;
}

/** The transitions that an event takes in parallel regions. */
function select({ regions, candidates }: Choice, frame: Frame, taken: CompiledTransition[]): void {
  const before = taken.length;
  for (const region of regions) select(region, frame, taken);
  if (taken.length > before) return;
  const candidate = first(candidates, frame);
  if (candidate) taken.push(candidate.compiled);
}

/** The state value of active states, with keys in the order in which the states were entered. */
function stateValueOf(root: StateNode, nodes: readonly StateNode[]): StateValue {
  const active = (node: StateNode) => nodes.filter(({ parent }) => parent === node);
  const value = (node: StateNode): StateValue => {
    const children = active(node);
    const [only] = children;
    if (node.type === 'compound' && only && isAtomic(only)) return only.key;
    return Object.fromEntries(children.map((child) => [child.key, value(child)]));
  };
  return value(root);
}
