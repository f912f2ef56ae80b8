import {
  type Address,
  actorOf,
  assert,
  chartOf,
  createEngine,
  type DurableChange,
  describeError,
  durableChanges,
  type Effect,
  type Engine,
  type GuardOutcome,
  type HostInput,
  isProtocol,
  type Message,
  type Protocol,
  received,
  type Step,
  type TraceEvent,
  type TransitionRef,
  timed,
  type Validated,
  validateMessage,
} from '@synod/protocol';
import { BehaviorSubject, Subject } from 'rxjs';
import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import type { Host } from './host.ts';
import { type Letter, Mailbox, type MailboxOptions } from './mailbox.ts';
import { Outbox } from './outbox.ts';
import { type Supervision, Supervisor } from './supervision.ts';
import { Timers } from './timers.ts';

/** Steps an actor may take before others get their turn. */
const TURN = 64;

/** Steps that may wait for the disk before the actor takes no more. */
const MAX_UNSYNCED = 1_024;

export interface CellOptions {
  readonly input?: Readonly<Record<string, unknown>> | undefined;
  readonly mailbox?: MailboxOptions | undefined;
  readonly supervision?: Supervision | undefined;
}

type Phase = 'starting' | 'running' | 'backingOff' | 'ended';

/** One actor: a machine's snapshot, and around it mailbox, timers, durable fields and supervision. */
export class Cell {
  readonly address: Address;
  readonly protocol: Protocol;
  readonly emitted$ = new Subject<EventObject>();
  /** Undefined until the machine has started. */
  readonly snapshot$ = new BehaviorSubject<AnyMachineSnapshot | undefined>(undefined);

  readonly #host: Host;
  readonly #isProtocol: boolean;
  readonly #engine: Engine;
  readonly #input: Readonly<Record<string, unknown>>;
  readonly #mailbox: Mailbox;
  readonly #supervisor: Supervisor;
  readonly #timers: Timers;
  #outbox: Outbox;
  #phase: Phase = 'starting';
  #scheduled = false;
  #lives = 0;
  #recovered = false;

  constructor(host: Host, address: Address, logic: Protocol | AnyStateMachine, options: CellOptions) {
    this.#host = host;
    this.address = address;
    this.#isProtocol = isProtocol(logic);
    this.protocol = isProtocol(logic) ? logic : bare(logic);
    this.#engine = createEngine(this.protocol.machine);
    this.#input = options.input ?? {};
    this.#mailbox = new Mailbox(options.mailbox);
    this.#supervisor = new Supervisor(options.supervision ?? {}, host.random);
    this.#timers = new Timers(host.clock);
    this.#outbox = this.#newOutbox();
  }

  /** The actor as a late subscriber of the trace should learn of it. */
  get present(): TraceEvent | undefined {
    return this.#phase === 'running' ? this.#spawnEvent() : undefined;
  }

  /** Recovers the durable fields and starts the machine. Rejects when the storage cannot be trusted or the machine throws. */
  async start(): Promise<void> {
    const actor = actorOf(this.address);
    const durable = this.protocol.durable.length > 0;
    const recovered = durable ? await this.#host.storage.recover(actor) : undefined;
    if (this.#phase === 'ended') return;
    const host: HostInput = {
      self: this.address,
      seed: this.#host.seed(actor, this.#lives++),
      ...(recovered ? { recovered } : {}),
    };
    const input = { ...host, ...this.#input };
    const first = this.#engine.initial(input);
    this.#recovered = recovered !== undefined;
    this.#phase = 'running';
    this.#host.tracer.tick();
    this.snapshot$.next(first.snapshot);
    if (this.#host.tracer.watched) this.#host.tracer.record({ ...this.#spawnEvent(), input });
    this.#conclude(first, recovered ?? {});
    this.#schedule();
  }

  /** Checks a message from another node. A bare machine has no schemas: it takes what comes. */
  validate(message: Message): Validated {
    return this.#isProtocol ? validateMessage(this.protocol, message) : { message };
  }

  /** Puts a letter into the mailbox. Returns the message that did not fit. */
  post(letter: Letter): Extract<Letter, { kind: 'message' }> | undefined {
    const dropped = this.#mailbox.push(letter);
    this.#schedule();
    return dropped;
  }

  /** Ends the actor after the outputs of the steps it has taken. */
  stop(): Promise<void> {
    if (this.#phase === 'ended') return Promise.resolve();
    this.#halt();
    return new Promise((resolve) => {
      this.#outbox.whenEmpty(() => {
        this.#host.tracer.record({ type: 'stop', actor: this.address });
        this.#end('stopped');
        resolve();
      });
    });
  }

  /** Ends the actor at once, as a crash of the node does. */
  kill(): void {
    this.#halt();
    this.#outbox.close();
  }

  #halt(): void {
    this.#phase = 'ended';
    this.#timers.clear();
    for (const { id, from, message } of this.#mailbox.drain()) {
      this.#host.tracer.record({ type: 'drop', reason: 'stopped', id, from, to: this.address, message: message.type });
    }
  }

  #schedule(): void {
    if (this.#scheduled || this.#phase !== 'running' || this.#mailbox.length === 0) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    for (let steps = 0; steps < TURN && this.#phase === 'running'; steps++) {
      if (this.#outbox.length >= MAX_UNSYNCED) return this.#outbox.whenEmpty(() => this.#schedule());
      const letter = this.#mailbox.shift();
      if (!letter) return;
      if (letter.kind === 'message' || letter.isCurrent()) this.#take(letter);
    }
    if (this.#mailbox.length === 0 || this.#phase !== 'running') return;
    this.#scheduled = true;
    this.#host.clock.defer(() => this.#turn());
  }

  #take(letter: Letter): void {
    const { tracer, clock } = this.#host;
    tracer.tick();
    const at = clock.now();
    const event = letter.kind === 'timer' ? timed(letter.event, at) : received(letter.message, letter.from, at);
    if (letter.kind === 'timer') {
      this.#timers.done(letter.id);
      tracer.record({ type: 'timer.fired', actor: this.address, id: letter.id });
    }
    if (tracer.watched) {
      const source = letter.kind === 'message' ? { id: letter.id, from: letter.from } : {};
      tracer.record({ type: 'receive', actor: this.address, event, ...source });
    }
    const before = this.snapshot$.value as AnyMachineSnapshot;
    let next: Step<AnyMachineSnapshot>;
    const transitions: TransitionRef[] = [];
    const guards: GuardOutcome[] = [];
    try {
      next = tracer.watched
        ? this.#engine.step(
            before,
            event,
            (_, refs) => transitions.push(...refs),
            (outcome) => guards.push(outcome),
          )
        : this.#engine.step(before, event);
    } catch (error) {
      return this.#fail(error);
    }
    if (tracer.watched) tracer.record(this.#transitionEvent(event.type, before, next.snapshot, transitions, guards));
    if (next.snapshot !== before) this.snapshot$.next(next.snapshot);
    this.#conclude(next, before.context);
  }

  /** Sets the timers of a step, makes it durable, and lets its outputs out after that. */
  #conclude({ snapshot, effects }: Step<AnyMachineSnapshot>, before: Readonly<Record<string, unknown>>): void {
    const outputs: Effect[] = [];
    for (const effect of effects) {
      if (effect.kind === 'setTimer') this.#setTimer(effect);
      else if (effect.kind === 'cancelTimer') this.#cancelTimer(effect.id);
      else outputs.push(effect);
    }
    const changes = durableChanges(this.protocol.durable, before, snapshot.context);
    const { tracer } = this.#host;
    const written = changes && this.#host.storage.write(actorOf(this.address), changes);
    this.#outbox.push(() => {
      if (changes && tracer.watched) {
        tracer.record({ type: 'durable', actor: this.address, fields: changes.map(durableField) });
      }
      for (const output of outputs) this.#output(output);
    }, written);
    if (snapshot.status !== 'active') void this.stop();
  }

  #output(effect: Effect): void {
    if (effect.kind === 'send') for (const to of effect.to) this.#host.send(this.address, to, effect.message);
    if (effect.kind === 'emit') {
      this.#host.tracer.record({ type: 'emit', actor: this.address, event: effect.event });
      this.emitted$.next(effect.event);
    }
  }

  #setTimer({ id, delayMs, event }: Extract<Effect, { kind: 'setTimer' }>): void {
    this.#host.tracer.record({ type: 'timer.set', actor: this.address, id, delayMs });
    this.#timers.set(id, delayMs, (isCurrent) => this.post({ kind: 'timer', id, event, isCurrent }));
  }

  #cancelTimer(id: string): void {
    if (this.#timers.cancel(id)) this.#host.tracer.record({ type: 'timer.cancelled', actor: this.address, id });
  }

  /** The machine threw, or its storage failed: nothing of the present life can be relied on. */
  #fail(error: unknown): void {
    assert(this.#phase !== 'ended', 'an ended actor cannot fail');
    this.#outbox.close();
    this.#outbox = this.#newOutbox();
    this.#timers.clear();
    this.#host.tracer.record({ type: 'crash', actor: this.address, reason: describeError(error) });
    const verdict = this.#supervisor.decide(error, this.#host.clock.now());
    if (verdict.directive !== 'restart') {
      this.#halt();
      this.#end(describeError(error));
      if (verdict.directive === 'escalate') this.#host.escalate(error);
      return;
    }
    this.#phase = 'backingOff';
    this.#host.clock.setTimer(() => {
      if (this.#phase !== 'backingOff') return;
      this.#host.tracer.record({ type: 'restart', actor: this.address, attempt: verdict.attempt });
      this.start().catch((cause: unknown) => {
        if (this.#phase !== 'ended') this.#fail(cause);
      });
    }, verdict.delayMs);
  }

  #newOutbox(): Outbox {
    return new Outbox((error) => {
      if (this.#phase !== 'ended') this.#fail(error);
    });
  }

  #end(reason: string): void {
    this.snapshot$.complete();
    this.emitted$.complete();
    this.#host.terminated(actorOf(this.address), reason);
  }

  #spawnEvent(): Extract<TraceEvent, { type: 'spawn' }> {
    const { value, context } = this.snapshot$.value as AnyMachineSnapshot;
    const { name, machine } = this.protocol;
    const chart = chartOf(machine, this.protocol.view);
    return {
      type: 'spawn',
      actor: this.address,
      protocol: name,
      chart,
      state: value,
      context,
      recovered: this.#recovered,
    };
  }

  #transitionEvent(
    event: string,
    before: AnyMachineSnapshot,
    { value, context }: AnyMachineSnapshot,
    transitions: readonly TransitionRef[],
    guards: readonly GuardOutcome[],
  ): TraceEvent {
    const changed: Record<string, unknown> = {};
    for (const field in context) if (!Object.is(before.context[field], context[field])) changed[field] = context[field];
    return {
      type: 'transition',
      actor: this.address,
      event,
      state: value,
      transitions,
      changed,
      ...(guards.length > 0 && { guards }),
    };
  }
}

/** A bare machine as a protocol without schemas, durable fields or properties. */
const bare = (machine: AnyStateMachine): Protocol => ({
  name: 'machine',
  machine,
  messages: {},
  durable: [],
  properties: [],
});

const durableField = (change: DurableChange) =>
  change.kind === 'value'
    ? { field: change.field }
    : { field: change.field, from: change.keep, count: change.items.length };
