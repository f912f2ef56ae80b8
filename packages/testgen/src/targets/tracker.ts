import type { TransitionRef } from '@synod/protocol';
import type { StateValue } from 'xstate';
import type { Subject, Taken, World } from '../subject.ts';
import type { ActorPath, Stimulus } from '../test-case.ts';
import type { ChartIndex } from './chart-index.ts';
import { conditionsAt } from './conditions.ts';
import { type DeadParts, isDead } from './dead.ts';
import { effectsOf } from './effects.ts';
import { type Active, type ChartFacts, NO_FOLLOWERS, type Part, provenOf, type Running, union } from './facts.ts';
import { followers } from './follow.ts';
import { guardTargets, targetsOf } from './of-chart.ts';
import { COVERAGE_KINDS, type CoverageKind, type Target } from './target.ts';
import { transitionTitle } from './titles.ts';

/** Something that must be reachable, as a protocol's `sometimes` properties are. */
export interface Sometimes {
  readonly name: string;
  holds(world: World): boolean;
}

/**
 * By machine, of each transition that may come next the one that it would follow. What a world does not tell: two runs may come to the same
 * world by different transitions.
 */
export type Trail = ReadonlyMap<ActorPath, ReadonlyMap<TransitionRef, TransitionRef>>;

/** All targets of a subject, which of them are covered, and what a step covers. */
export class Coverage {
  readonly #kinds: ReadonlySet<CoverageKind>;
  readonly #sometimes: readonly Sometimes[];
  readonly #charts: ReadonlyMap<ActorPath, ChartFacts>;
  readonly #targets = new Map<string, Target>();
  readonly #covered = new Set<string>();
  /** Targets that the charts prove to be out of reach. */
  readonly #dead = new Set<string>();
  /** By machine, the states that were ever active and the transitions that were ever taken, whatever kinds are asked for. */
  readonly #seen = new Set<string>();
  /** By machine and state, how many targets wait that can only be covered in it. */
  readonly #waiting = new Map<string, number>();

  constructor(
    { charts, machine }: Pick<Subject, 'charts' | 'machine'>,
    kinds: readonly CoverageKind[],
    sometimes: readonly Sometimes[] = [],
  ) {
    this.#kinds = new Set(kinds);
    this.#sometimes = kinds.includes('sometimes') ? sometimes : [];
    const facts = new Map<ActorPath, ChartFacts>();
    for (const [actor, chart] of charts) {
      const { index, dead } = provenOf(chart);
      const conditions = this.#kinds.has('guards') ? conditionsAt(machine, actor) : undefined;
      const targets = COVERAGE_KINDS.filter((kind) => this.#kinds.has(kind)).flatMap((kind) =>
        targetsOf(kind, actor, index, conditions),
      );
      for (const target of targets) {
        this.#add(target, index);
        if (isDead(target, dead)) this.#dead.add(target.id);
      }
      const regions = targets.filter((each) => each.kind === 'regions');
      facts.set(actor, {
        actor,
        index,
        followers: this.#kinds.has('pairs') ? followers(index) : NO_FOLLOWERS,
        active: { byObject: new WeakMap(), byText: new Map() },
        taken: new Map(),
        dead,
        regions,
      });
    }
    this.#charts = facts;
    for (const { name } of this.#sometimes)
      this.#targets.set(`sometimes||${name}`, {
        kind: 'sometimes',
        id: `sometimes||${name}`,
        title: name,
        actor: '',
        name,
      });
  }

  get targets(): readonly Target[] {
    return [...this.#targets.values()];
  }

  /** Whether all is covered that the charts do not prove to be dead. */
  get complete(): boolean {
    return this.#covered.size + this.#dead.size === this.#targets.size;
  }

  /** Whether there may be more to cover than is known: effects show only when they happen. */
  get isOpen(): boolean {
    return this.#kinds.has('effects');
  }

  get coveredCount(): number {
    return this.#covered.size;
  }

  isCovered(id: string): boolean {
    return this.#covered.has(id);
  }

  /** Whether a state was active after some step, or entered within one. */
  wasActive(actor: ActorPath, state: string): boolean {
    return this.#seen.has(`state ${actor}|${state}`);
  }

  isTaken(actor: ActorPath, transition: TransitionRef): boolean {
    return this.#seen.has(`transition ${actor}|${transition}`);
  }

  /** What the chart of a machine proves by itself. */
  deadIn(actor: ActorPath): DeadParts | undefined {
    return this.#charts.get(actor)?.dead;
  }

  indexOf(actor: ActorPath): ChartIndex | undefined {
    return this.#charts.get(actor)?.index;
  }

  /** What a step covers, whether it was covered before or not, and what may follow it. */
  take(
    trail: Trail,
    stimulus: Stimulus | undefined,
    taken: Taken,
  ): { readonly trail: Trail; readonly covers: readonly string[] } {
    const { transitions, guards, world } = taken;
    const parts: (readonly string[])[] = [];
    // Without a transition the states are those from before.
    if (!stimulus || transitions.length > 0)
      for (const { facts, value } of this.#machines(world)) parts.push(this.#active(facts, value).covers);
    const isWait = stimulus !== undefined && 'wait' in stimulus;
    for (const each of transitions) {
      const part = this.#part(each);
      if (part) parts.push(isWait ? part.coversByTime : part.covers);
    }
    const isTraced = this.#kinds.has('pairs') && transitions.length > 0;
    if (isTraced || this.#isNoting) {
      const covers = new Set<string>();
      const after = isTraced ? this.#coverPairs(trail, taken, covers) : trail;
      if (this.#kinds.has('guards')) for (const outcome of guards) this.#coverGuard(outcome, covers);
      if (this.#kinds.has('effects')) this.#coverEffects(taken, covers);
      for (const { name, holds } of this.#sometimes) if (holds(world)) covers.add(`sometimes||${name}`);
      parts.push([...covers].filter((id) => this.#targets.has(id)));
      return { trail: after, covers: union(parts) };
    }
    return { trail, covers: union(parts) };
  }

  /** Whether there is more to a step than its transitions and states. */
  get #isNoting(): boolean {
    return this.#kinds.has('guards') || this.#kinds.has('effects') || this.#sometimes.length > 0;
  }

  /** Notes targets as covered. Returns those that were not before. */
  cover(ids: readonly string[]): readonly string[] {
    const fresh = ids.filter((id) => !this.#covered.has(id));
    for (const id of fresh) {
      this.#covered.add(id);
      for (const place of this.#placesOf(this.#targets.get(id)))
        this.#waiting.set(place, (this.#waiting.get(place) ?? 1) - 1);
    }
    return fresh;
  }

  /** How many targets wait that a next step could cover, as far as the charts alone tell. */
  promise(world: World, trail: Trail): number {
    let promise = this.#openPairs(world, trail).length;
    for (const { actor, facts, value } of this.#machines(world))
      for (const id of this.#active(facts, value).ids) promise += this.#waiting.get(`${actor}|${id}`) ?? 0;
    return promise;
  }

  /** What sets runs apart that came to equal worlds: pairs not covered yet that only one of them can complete. */
  distinction(world: World, trail: Trail): string {
    return this.#openPairs(world, trail).join('\n');
  }

  /** The states that are active in a world, by machine. */
  activeStates(world: World, actor: ActorPath): ReadonlySet<string> {
    const machine = this.#machines(world).find((each) => each.actor === actor);
    return machine ? this.#active(machine.facts, machine.value).ids : new Set();
  }

  #add(target: Target, index: ChartIndex): void {
    this.#targets.set(target.id, target);
    for (const place of this.#placesOf(target, index)) this.#waiting.set(place, (this.#waiting.get(place) ?? 0) + 1);
  }

  #placesOf(target: Target | undefined, index = target && this.indexOf(target.actor)): readonly string[] {
    // Effects are never waited for: there is nothing to find them by.
    if (!target || !('transition' in target) || target.kind === 'effects') return [];
    const source = index?.transitions.get(target.transition)?.source;
    return source ? [`${target.actor}|${source.state.id}`] : [];
  }

  /** The machines that run. */
  #machines(world: World): readonly Running[] {
    const root = this.#charts.get('');
    if (root && this.#charts.size === 1) return [{ actor: '', facts: root, value: world.value }];
    return world.actors.flatMap(({ path, value }) => {
      const facts = this.#charts.get(path);
      return facts && value !== undefined ? [{ actor: path, facts, value }] : [];
    });
  }

  #active(facts: ChartFacts, value: StateValue): Active {
    const { byObject, byText } = facts.active;
    const same = typeof value === 'object' ? byObject.get(value) : undefined;
    if (same) return same;
    const key = JSON.stringify(value);
    const active = byText.get(key) ?? this.#activeIn(facts, value);
    byText.set(key, active);
    if (typeof value === 'object') byObject.set(value, active);
    return active;
  }

  #activeIn({ actor, index, regions }: ChartFacts, value: StateValue): Active {
    const ids = index.active(value);
    const whole = regions.filter(({ states }) => states.every((state) => ids.has(state)));
    for (const id of ids) this.#seen.add(`state ${actor}|${id}`);
    const covers = [...[...ids].map((id) => `states|${actor}|${id}`), ...whole.map(({ id }) => id)];
    return { ids, covers: covers.filter((id) => this.#targets.has(id)) };
  }

  /** What comes with a transition of which the charts tell. */
  #part({ actor, transition }: Taken['transitions'][number]): Part | undefined {
    const facts = this.#charts.get(actor);
    const known = facts?.taken.get(transition);
    if (known || !facts?.index.transitions.has(transition)) return known;
    const states = facts.index.entered(transition);
    this.#seen.add(`transition ${actor}|${transition}`);
    for (const id of states) this.#seen.add(`state ${actor}|${id}`);
    const entered = [...states].map((id) => `states|${actor}|${id}`);
    const targets = (ids: readonly string[]) => ids.filter((id) => this.#targets.has(id));
    const taken = `transitions|${actor}|${transition}`;
    const part: Part = {
      covers: targets([taken, ...entered]),
      coversByTime: targets([taken, `delays|${actor}|${transition}`, ...entered]),
    };
    facts.taken.set(transition, part);
    return part;
  }

  #coverPairs(trail: Trail, { transitions }: Taken, covers: Set<string>): Trail {
    const after = new Map([...trail].map(([actor, next]) => [actor, new Map(next)]));
    for (const { actor, transition } of transitions) {
      const facts = this.#charts.get(actor);
      if (!facts?.index.transitions.has(transition)) continue;
      const next = after.get(actor) ?? new Map<TransitionRef, TransitionRef>();
      const before = next.get(transition);
      if (before !== undefined) covers.add(`pairs|${actor}|${before}>${transition}`);
      for (const follower of facts.followers.get(transition) ?? []) next.set(follower, transition);
      after.set(actor, next);
    }
    return after;
  }

  /** A condition that the charts do not tell of becomes a target when it is first asked. */
  #coverGuard({ actor, transition, condition, outcome }: Taken['guards'][number], covers: Set<string>): void {
    const facts = this.#charts.get(actor);
    if (!facts?.index.transitions.has(transition)) return;
    const id = `guards|${actor}|${transition}|${condition}|${outcome}`;
    if (!this.#targets.has(id))
      for (const target of guardTargets(actor, facts.index, transition, condition)) this.#add(target, facts.index);
    covers.add(id);
  }

  /** What a step does becomes a target when it is first seen. */
  #coverEffects(taken: Taken, covers: Set<string>): void {
    for (const { id, actor, transition, effect } of effectsOf(taken)) {
      const index = this.#charts.get(actor)?.index;
      const indexed = index?.transitions.get(transition);
      if (!index || !indexed) continue;
      const title = `${transitionTitle(index, indexed)}: ${effect}`;
      if (!this.#targets.has(id)) this.#targets.set(id, { kind: 'effects', id, title, actor, transition, effect });
      covers.add(id);
    }
  }

  #openPairs(world: World, trail: Trail): readonly string[] {
    if (!this.#kinds.has('pairs')) return [];
    const open: string[] = [];
    for (const { actor, facts, value } of this.#machines(world)) {
      const active = this.#active(facts, value).ids;
      for (const [second, first] of trail.get(actor) ?? []) {
        const source = facts.index.transitions.get(second)?.source.state.id;
        const id = `pairs|${actor}|${first}>${second}`;
        if (source !== undefined && active.has(source) && !this.#covered.has(id)) open.push(id);
      }
    }
    return open.sort();
  }
}
