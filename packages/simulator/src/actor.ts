import {
  type Address,
  type AskedGuards,
  assert,
  type DurableChange,
  type DurableState,
  durableChanges,
  type Effect,
  type Engine,
  type Envelope,
  type GuardOutcome,
  type Member,
  nodeOf,
  type Protocol,
  type Step,
  seedFrom,
  type TransitionRef,
  timed,
} from '@synod/protocol';
import type { AnyMachineSnapshot, EventObject } from 'xstate';
import type { Covered, Host, Premises } from './host.ts';
import { Happening } from './queue.ts';
import { micros, millis } from './time.ts';

interface Timer {
  readonly id: string;
  readonly event: EventObject;
  /** On the node's own clock, in microseconds. */
  readonly deadline: number;
  happening: Happening;
}

/** What a step lets out, and the record of the disk that it waits for. */
interface Waiting {
  readonly record: number;
  readonly effects: readonly Effect[];
}

type Snapshot = AnyMachineSnapshot;
type Fields = Readonly<Record<string, unknown>>;

/** A member of the cluster: a machine's snapshot, its timers, and what waits for the disk. */
export class SimActor {
  readonly index: number;
  readonly address: Address;
  readonly role: string;
  readonly protocol: Protocol;
  readonly premises: Premises;
  /** Whether its machine came to a final state. */
  ended = false;
  #snapshot: Snapshot | undefined;
  readonly #host: Host;
  readonly #engine: Engine;
  readonly #input: object;
  /** Those armed. There are few: in a list they are found sooner than in a map, and set anew for less. */
  readonly #timers: Timer[] = [];
  readonly #taken: Covered;
  #transitions: TransitionRef[] = [];
  readonly #asked: AskedGuards | undefined;
  #guards: GuardOutcome[] = [];
  #outbox: Waiting[] = [];
  /** The number of the last record it wrote. */
  #record = 0;
  #lives = 0;

  constructor(index: number, member: Member, protocol: Protocol, engine: Engine, around: Around) {
    this.index = index;
    this.address = member.address;
    this.role = member.role;
    this.protocol = protocol;
    this.premises = around.premises;
    this.#host = around.host;
    this.#engine = engine;
    this.#input = member.input ?? {};
    const { covered } = around;
    this.#taken = around.host.recorder
      ? (event, refs) => {
          covered?.(event, refs);
          this.#transitions.push(...refs);
        }
      : covered;
    if (around.host.recorder && around.host.guards) this.#asked = (outcome) => this.#guards.push(outcome);
  }

  /** Where it stands; of one that is down, what it would start with. */
  get snapshot(): Snapshot {
    assert(this.#snapshot, `${this.address} has not started`);
    return this.#snapshot;
  }

  /** Begins a life, with what the disk holds of earlier ones. */
  start(): void {
    const recovered = this.premises.disk.recover(this.index);
    const seed = seedFrom(`${this.#host.seed}/machine/${this.address}/${this.#lives++}`);
    const first = this.#initial(seed, recovered);
    if (!first) return;
    this.#snapshot = first.snapshot;
    this.ended = false;
    this.#host.recorder?.spawn(
      millis(this.#host.now),
      this.address,
      this.protocol,
      first.snapshot,
      recovered !== undefined,
      this.#given(seed, recovered),
    );
    this.#host.changed(this.index, undefined);
    this.#conclude(first, recovered ?? {});
  }

  /** Ends a life: all is lost but what the disk holds. */
  crash(): void {
    this.#disarm();
    this.#outbox = [];
    const rest = this.#initial(0, this.premises.disk.recover(this.index));
    if (rest) this.#snapshot = rest.snapshot;
    this.#host.changed(this.index, undefined);
  }

  /** Takes up an event: a message, a timer's end or a request. */
  take(event: EventObject, envelope?: Envelope): void {
    if (this.ended) return;
    const before = this.snapshot;
    const host = this.#host;
    let next: Step<Snapshot>;
    this.#transitions = [];
    this.#guards = [];
    try {
      next = this.#engine.step(before, event, this.#taken, this.#asked);
    } catch (error) {
      return host.failed(this.index, error);
    }
    if (host.recorder) {
      const taken = envelope ? { event, envelope } : { event };
      const [transitions, guards] = [this.#transitions, this.#guards];
      host.recorder.step(millis(host.now), this.address, taken, before, next.snapshot, transitions, guards);
    }
    if (next.snapshot !== before) {
      this.#snapshot = next.snapshot;
      host.changed(this.index, before);
    }
    this.#conclude(next, before.context);
  }

  /** The end of a timer, unless it was cancelled or set anew while the node was paused. */
  fire(happening: Happening): void {
    const at = this.#timerAt(happening.id as string);
    const timer = this.#timers[at];
    if (timer?.happening !== happening) return;
    this.#timers.splice(at, 1);
    this.#host.recorder?.record(millis(this.#host.now), nodeOf(this.address), {
      type: 'timer.fired',
      actor: this.address,
      id: timer.id,
    });
    this.take(timed(timer.event, this.premises.clock.read(this.#host.now)));
  }

  /** The node's clock was changed: its timers end when it shows their deadlines. */
  adjustTimers(): void {
    for (const timer of this.#timers) {
      timer.happening.kind = 'cancelled';
      timer.happening = this.#schedule(timer.id, timer.deadline);
    }
  }

  /** More is on the disk now: what waited for it leaves. */
  release(): void {
    const { synced } = this.premises.disk;
    let count = 0;
    for (const { record, effects } of this.#outbox) {
      if (record > synced) break;
      count++;
      this.#let(effects);
    }
    if (count > 0) this.#outbox.splice(0, count);
  }

  /** Tells the trace which fields are on the disk. */
  traceDurable(changes: readonly DurableChange[]): void {
    this.#host.recorder?.record(millis(this.#host.now), nodeOf(this.address), {
      type: 'durable',
      actor: this.address,
      fields: changes.map((change) =>
        change.kind === 'value'
          ? { field: change.field }
          : { field: change.field, from: change.keep, count: change.items.length },
      ),
    });
  }

  #given(seed: number, recovered: DurableState | undefined): Readonly<Record<string, unknown>> {
    return { self: this.address, seed, ...(recovered && { recovered }), ...this.#input };
  }

  #initial(seed: number, recovered: DurableState | undefined): Step<Snapshot> | undefined {
    try {
      return this.#engine.initial(this.#given(seed, recovered));
    } catch (error) {
      this.#host.failed(this.index, error);
      return undefined;
    }
  }

  /** Sets the timers of a step, writes what must be durable, and lets the rest out after that. */
  #conclude({ snapshot, effects }: Step<Snapshot>, before: Fields): void {
    let speaks = false;
    for (const effect of effects) {
      if (effect.kind === 'setTimer') this.#set(effect);
      else if (effect.kind === 'cancelTimer') this.#cancel(effect.id);
      else speaks = true;
    }
    const { durable } = this.protocol;
    const changes = durable.length > 0 ? durableChanges(durable, before, snapshot.context) : undefined;
    if (changes) {
      const record = this.premises.write(this.index, changes);
      if (record === 0) return;
      this.#record = record;
    }
    if (speaks) {
      if (this.#record <= this.premises.disk.synced) this.#let(effects);
      else this.#outbox.push({ record: this.#record, effects });
    }
    if (snapshot.status !== 'active') this.#end();
  }

  #end(): void {
    this.ended = true;
    this.#disarm();
  }

  #let(effects: readonly Effect[]): void {
    const host = this.#host;
    for (const effect of effects) {
      if (effect.kind === 'send') for (const to of effect.to) host.send(this.index, to, effect.message);
      else if (effect.kind === 'emit') {
        host.recorder?.record(millis(host.now), nodeOf(this.address), {
          type: 'emit',
          actor: this.address,
          event: effect.event,
        });
        host.emitted(this.index, effect.event);
      }
    }
  }

  #set({ id, delayMs, event }: Extract<Effect, { kind: 'setTimer' }>): void {
    const at = this.#timerAt(id);
    const old = this.#timers[at];
    if (old) old.happening.kind = 'cancelled';
    const deadline = this.premises.clock.local(this.#host.now) + micros(delayMs);
    this.#timers[at] = { id, event, deadline, happening: this.#schedule(id, deadline) };
    this.#host.recorder?.record(millis(this.#host.now), nodeOf(this.address), {
      type: 'timer.set',
      actor: this.address,
      id,
      delayMs,
    });
  }

  /** Where among the armed timers one is, or would be: at their end. */
  #timerAt(id: string): number {
    let at = 0;
    while (at < this.#timers.length && (this.#timers[at] as Timer).id !== id) at++;
    return at;
  }

  #disarm(): void {
    for (const { happening } of this.#timers) happening.kind = 'cancelled';
    this.#timers.length = 0;
  }

  #schedule(id: string, deadline: number): Happening {
    const { now, queue } = this.#host;
    const happening = new Happening('timer', this.premises.clock.when(deadline, now), this.index);
    happening.id = id;
    queue.push(happening);
    return happening;
  }

  #cancel(id: string): void {
    const at = this.#timerAt(id);
    const timer = this.#timers[at];
    if (!timer) return;
    timer.happening.kind = 'cancelled';
    this.#timers.splice(at, 1);
    this.#host.recorder?.record(millis(this.#host.now), nodeOf(this.address), {
      type: 'timer.cancelled',
      actor: this.address,
      id,
    });
  }
}

/** What an actor lives in. */
interface Around {
  readonly host: Host;
  readonly premises: Premises;
  readonly covered: Covered;
}
