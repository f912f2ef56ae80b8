import type { ActorStep } from '@synod/checker';
import {
  type Address,
  canonical,
  createEngine,
  type Effect,
  type Engine,
  type Member,
  type NodeView,
  nodeOf,
  type Protocol,
  type Step,
  type TransitionRef,
} from '@synod/protocol';
import type { AnyMachineSnapshot, EventObject } from 'xstate';
import { inputOf } from './cluster.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a step of a rehearsed actor comes to. */
export interface Played {
  readonly step: ActorStep;
  readonly effects: readonly Effect[];
}

/** One member as its machine alone, with its timers and what would survive a crash. */
export class RehearsedActor {
  readonly member: Member;
  readonly protocol: Protocol;
  readonly timers = new Map<string, EventObject>();
  /** Context at the very first start. */
  readonly first: Fields;
  up = true;
  readonly #engine: Engine;
  #snapshot: AnyMachineSnapshot;
  /** What the starts gave that have not been asked for. */
  #started: Played;
  /** What the last crash left. */
  #durable: Fields = {};

  constructor(member: Member, protocol: Protocol) {
    this.member = member;
    this.protocol = protocol;
    this.#engine = createEngine(protocol.machine);
    [this.#snapshot, this.#started] = this.#begin(undefined);
    this.first = this.#snapshot.context as Fields;
  }

  get address(): Address {
    return this.member.address;
  }

  get snapshot(): AnyMachineSnapshot {
    return this.#snapshot;
  }

  /** Whether events still reach it. */
  get takesEvents(): boolean {
    return this.up && this.#snapshot.status === 'active';
  }

  get view(): NodeView {
    return viewOf(this.member, this.#snapshot, this.up);
  }

  start(): Played {
    return this.#started;
  }

  /** Goes down: a down actor is seen as it would start. */
  crash(): void {
    this.up = false;
    this.timers.clear();
    this.#durable = durableOf(this.protocol, this.#snapshot.context as Fields);
    this.#snapshot = asRecovered(this.#engine, this.member, this.#durable);
  }

  restart(): Played {
    [this.#snapshot, this.#started] = this.#begin(this.#durable);
    this.up = true;
    return this.#started;
  }

  take(event: EventObject): Played {
    const before = this.view;
    const transitions: TransitionRef[] = [];
    const { role } = this.member;
    const step = this.#engine.step(this.#snapshot, event, (_, taken) => transitions.push(...taken));
    this.#adopt(step);
    return { step: { role, before, event, transitions }, effects: step.effects };
  }

  #begin(recovered: Fields | undefined): [AnyMachineSnapshot, Played] {
    const transitions: TransitionRef[] = [];
    const input = { self: this.address, ...(recovered && { recovered }), ...inputOf(this.member) };
    const step = this.#engine.initial(input, (_, taken) => transitions.push(...taken)) as Step<AnyMachineSnapshot>;
    const before = viewOf(this.member, step.snapshot, false);
    this.#adopt(step);
    const survived = recovered && Object.keys(changes(durableOf(this.protocol, this.first), recovered));
    const { role } = this.member;
    return [
      step.snapshot,
      { step: { role, before, transitions, ...(survived && { survived }) }, effects: step.effects },
    ];
  }

  #adopt({ snapshot, effects }: Step<AnyMachineSnapshot>): void {
    this.#snapshot = snapshot;
    for (const effect of effects) {
      if (effect.kind === 'setTimer') this.timers.set(effect.id, effect.event);
      else if (effect.kind === 'cancelTimer') this.timers.delete(effect.id);
    }
    if (snapshot.status !== 'active') this.timers.clear();
  }
}

export const durableOf = ({ durable }: Protocol, context: Fields): Fields =>
  Object.fromEntries(durable.map((field) => [field, context[field]]));

/** What the checker shows of an actor that is down: the state in which it would start. */
export const asRecovered = (engine: Engine, member: Member, recovered: Fields): AnyMachineSnapshot =>
  engine.initial({ self: member.address, recovered, ...inputOf(member) }).snapshot as AnyMachineSnapshot;

/** An actor as properties see it. */
export const viewOf = ({ address, role }: Member, { value, context }: AnyMachineSnapshot, up: boolean): NodeView => ({
  node: nodeOf(address),
  actor: address,
  role,
  up,
  value,
  context,
});

/** The fields of `after` that are other than in `before`, sorted, but for those of which nothing is to be expected. */
export function changes(before: Fields, after: Fields, ignored: readonly string[] = []): Fields {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return Object.fromEntries(
    fields
      .filter((field) => !ignored.includes(field) && canonical(before[field]) !== canonical(after[field]))
      .map((field) => [field, after[field]]),
  );
}
