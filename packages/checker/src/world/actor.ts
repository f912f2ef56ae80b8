import {
  type Address,
  type AskedGuards,
  type CheckConfiguration,
  canonical,
  describeError,
  type Effect,
  type Engine,
  type Member,
  type Message,
  type NodeView,
  nodeOf,
  type Protocol,
  received,
  type StepProperty,
  SynodError,
  type TakenTransitions,
} from '@synod/protocol';
import type { AnyMachineSnapshot, EventObject } from 'xstate';
import { Interner } from './interner.ts';

/** An event an actor may take up: a message and who sent it, a timer's end, or a request. */
export interface ActorEvent {
  readonly id: number;
  readonly event: EventObject;
  /** Of a message: who sent it. */
  readonly from?: Address;
  /** Of a message: what was sent. */
  readonly message?: Message;
}

/** An armed timer: XState's id of it, and the event that its end is. */
export interface Timer {
  readonly id: string;
  readonly event: number;
}

/** All that an actor is between two steps. */
export interface ActorState {
  readonly id: number;
  readonly up: boolean;
  /** Of one that is up. */
  readonly snapshot?: AnyMachineSnapshot;
  readonly timers: readonly Timer[];
  /** What would survive a crash now. */
  readonly durable: Readonly<Record<string, unknown>>;
  readonly view: NodeView;
  /** Steps known from here, by event. */
  readonly steps: Map<number, Outcome>;
}

/** What a step comes to. */
export interface Outcome {
  /** The state's number; of a step that failed, the one before. */
  readonly next: number;
  readonly sends: readonly { readonly to: Address; readonly message: Message }[];
  /** An assertion of the machine that did not hold. */
  readonly failure?: string;
  /** Step properties that it breaks. */
  readonly broken: readonly StepProperty[];
  /** Nothing is sent, nothing fails, nothing is broken. */
  readonly isIdle: boolean;
}

/** Stands for a restart among a state's steps. */
const RESTART = -1;

const NOTHING = { sends: [], broken: [], isIdle: false } as const;

/** One member of the configuration: every state and event of it that ever occurred, each once, and its steps. */
export class Actor {
  readonly address: Address;
  readonly node: string;
  readonly stable: boolean;
  readonly protocol: Protocol;
  readonly member: Member;
  readonly #engine: Engine;
  readonly #ignored: ReadonlySet<string>;
  readonly #stepProperties: readonly StepProperty[];
  readonly #states = new Interner<ActorState>();
  readonly #events = new Interner<ActorEvent>();
  readonly #memoLimit: number;
  #remembered = 0;

  constructor(
    member: Member,
    protocol: Protocol,
    engine: Engine,
    configuration: CheckConfiguration,
    memoLimit: number,
  ) {
    this.member = member;
    this.address = member.address;
    this.node = nodeOf(member.address);
    this.stable = member.stable ?? false;
    this.protocol = protocol;
    this.#engine = engine;
    this.#ignored = new Set(configuration.ignored);
    this.#stepProperties = configuration.properties.filter((property) => property.kind === 'step');
    this.#memoLimit = memoLimit;
  }

  get states(): Interner<ActorState> {
    return this.#states;
  }

  /** A state by its number. */
  state(id: number): ActorState {
    return this.#states.at(id);
  }

  event(id: number): ActorEvent {
    return this.#events.at(id);
  }

  /** All that tells a state from others: what is compared and renamed. */
  content(id: number): unknown {
    const { up, snapshot, timers, durable } = this.state(id);
    if (!up || !snapshot) return ['down', durable];
    return [
      snapshot.value,
      this.#seen(snapshot.context),
      timers.map((timer) => [timer.id, this.event(timer.event).event]),
    ];
  }

  /** The number of a message's arrival. */
  message(from: Address, message: Message): number {
    return this.#events.id(`m${from}${canonical(message)}`, (id) => ({
      id,
      event: received(message, from, 0),
      from,
      message,
    }));
  }

  /** The number of an event that is no message: a request, or a timer's end. */
  local(event: EventObject, from?: Address): number {
    const full = { ...event, at: 0, ...(from && { from }) };
    return this.#events.id(`e${canonical(full)}`, (id) => ({ id, event: full }));
  }

  /** The first state of a life, and what it asks for; a failed start is a failure of the model. */
  start(recovered?: Readonly<Record<string, unknown>>): Outcome {
    const input = { self: this.address, seed: 1, ...(recovered && { recovered }), ...this.member.input };
    const { snapshot, effects } = this.#engine.initial(input);
    return {
      next: this.#up(snapshot as AnyMachineSnapshot, [], effects),
      sends: sendsOf(effects),
      broken: [],
      isIdle: false,
    };
  }

  /** A start once more, for those who want to know its transitions. */
  restarted(recovered: Readonly<Record<string, unknown>> | undefined, taken: TakenTransitions): void {
    this.#engine.initial({ self: this.address, seed: 1, ...(recovered && { recovered }), ...this.member.input }, taken);
  }

  /** The start after a crash, from what is durable in `state`. */
  restart(state: number): Outcome {
    const { durable, steps } = this.state(state);
    const known = steps.get(RESTART);
    if (known) return known;
    let outcome: Outcome;
    try {
      outcome = this.start(durable);
    } catch (error) {
      outcome = { ...NOTHING, next: state, failure: describeError(error) };
    }
    steps.set(RESTART, outcome);
    return outcome;
  }

  /** The state after a crash in `state`: of all it was, its durable fields are left. */
  crashed(state: number): number {
    return this.down(this.state(state).durable);
  }

  down(durable: Readonly<Record<string, unknown>>): number {
    return this.#states.id(`down${canonical(durable)}`, (id) => {
      const { snapshot } = this.#engine.initial({
        self: this.address,
        seed: 1,
        recovered: durable,
        ...this.member.input,
      });
      return {
        id,
        up: false,
        timers: [],
        durable,
        view: this.#view(snapshot as AnyMachineSnapshot, false),
        steps: new Map(),
      };
    });
  }

  /** What `event` comes to in `state`: pure, so it is computed once. */
  step(state: number, event: number): Outcome {
    const from = this.state(state);
    const known = from.steps.get(event);
    if (known) return known;
    const outcome = this.#compute(from, event);
    if (this.#memoLimit === 0) return outcome;
    if (this.#remembered++ >= this.#memoLimit) {
      for (const each of this.#states) each.steps.clear();
      this.#remembered = 0;
    }
    from.steps.set(event, outcome);
    return outcome;
  }

  /** The step once more, for those who want to know its transitions and how guards came out. */
  retake(from: ActorState, event: number, taken: TakenTransitions, asked?: AskedGuards): AnyMachineSnapshot {
    return this.#engine.step(from.snapshot as AnyMachineSnapshot, this.event(event).event, taken, asked).snapshot;
  }

  #compute(from: ActorState, event: number): Outcome {
    try {
      const { snapshot, effects } = this.#engine.step(from.snapshot as AnyMachineSnapshot, this.event(event).event);
      // A timer that ended is no longer armed, unless the step sets it anew.
      const timers = from.timers.filter((timer) => timer.event !== event);
      const next = this.#up(snapshot as AnyMachineSnapshot, timers, effects);
      const view = this.state(next).view;
      const broken = this.#stepProperties.filter(
        (property) => !judge(property.name, () => property.holds(from.view, view)),
      );
      const sends = sendsOf(effects);
      return { next, sends, broken, isIdle: sends.length === 0 && broken.length === 0 };
    } catch (error) {
      if (error instanceof SynodError && error.code === 'PROPERTY_FAILED') throw error;
      return { ...NOTHING, next: from.id, failure: describeError(error) };
    }
  }

  #up(snapshot: AnyMachineSnapshot, before: readonly Timer[], effects: readonly Effect[]): number {
    const timers = new Map(before.map((timer) => [timer.id, timer]));
    for (const effect of effects) {
      if (effect.kind === 'setTimer') timers.set(effect.id, { id: effect.id, event: this.local(effect.event) });
      else if (effect.kind === 'cancelTimer') timers.delete(effect.id);
    }
    const armed = [...timers.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return this.up(snapshot, armed);
  }

  /** The number of the state with this snapshot and these timers. */
  up(snapshot: AnyMachineSnapshot, timers: readonly Timer[]): number {
    const { value, context } = snapshot;
    const key = `${canonical([value, this.#seen(context), snapshot.historyValue])}${timers.map(({ id, event }) => `${id}=${event}`).join()}`;
    return this.#states.id(key, (id) => {
      const durable: Record<string, unknown> = {};
      for (const field of this.protocol.durable) durable[field] = (context as Record<string, unknown>)[field];
      return { id, up: true, snapshot, timers, durable, view: this.#view(snapshot, true), steps: new Map() };
    });
  }

  #seen(context: object): object {
    if (this.#ignored.size === 0) return context;
    return Object.fromEntries(Object.entries(context).filter(([field]) => !this.#ignored.has(field)));
  }

  #view({ value, context }: AnyMachineSnapshot, up: boolean): NodeView {
    return { node: this.node, actor: this.address, role: this.member.role, up, value, context };
  }
}

const sendsOf = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.kind === 'send' ? effect.to.map((to) => ({ to, message: effect.message })) : []));

/** Asks a property; one that throws is a mistake in the model, and named. */
export function judge(property: string, holds: () => boolean): boolean {
  try {
    return holds();
  } catch (error) {
    throw new SynodError(
      'PROPERTY_FAILED',
      `Property "${property}" threw "${describeError(error)}" instead of answering; it must return true or false for every state.`,
      { cause: error, details: { property } },
    );
  }
}
