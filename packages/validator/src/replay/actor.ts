import {
  type Address,
  describeError,
  durableChanges,
  type Effect,
  type Step,
  type TransitionRef,
  timed,
} from '@synod/protocol';
import type { AnyMachineSnapshot, EventObject } from 'xstate';
import { type MisfitCode, Mismatch } from '../misfit.ts';
import { brief } from '../same.ts';
import { begin } from './begin.ts';
import { compareEvent, compareStep, type Differs } from './compare.ts';
import { MailboxTrack } from './mailbox.ts';
import type { Durable, Output } from './outbox.ts';
import { OutboxTrack, tell } from './outbox.ts';
import type { RecordOf } from './records.ts';
import type { Part, Scene } from './scene.ts';
import { TimersTrack } from './timers.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What an actor took up, and what its machine makes of it. */
interface Taken {
  readonly event: EventObject;
  readonly next: Step<AnyMachineSnapshot> | undefined;
  readonly transitions: readonly TransitionRef[];
  /** What the machine threw. */
  readonly error: string | undefined;
}

/** A timer that has ended, of which the machine is told next. */
interface Fired {
  readonly id: string;
  readonly armed: ReturnType<TimersTrack['fire']>;
  readonly at: number;
}

/** One actor: its very machine takes each event that the trace says it took, and must come to what the trace says it came to. */
export class ActorTrack {
  readonly address: Address;
  readonly part: Part;
  readonly mailbox: MailboxTrack;
  readonly #scene: Scene;
  readonly #timers: TimersTrack;
  readonly #outbox: OutboxTrack;
  #phase: 'alive' | 'crashed' | 'ended' = 'ended';
  #snapshot: AnyMachineSnapshot | undefined;
  #taken: Taken | undefined;
  #fired: Fired | undefined;

  constructor(address: Address, part: Part, scene: Scene) {
    this.address = address;
    this.part = part;
    this.#scene = scene;
    this.#timers = new TimersTrack(address);
    this.#outbox = new OutboxTrack(address);
    this.mailbox = new MailboxTrack(address, part.protocol);
  }

  get isAlive(): boolean {
    return this.#phase === 'alive';
  }

  spawn(record: RecordOf<'spawn'>): void {
    if (this.#phase === 'alive') throw this.#misfit('SPAWN_OF_LIVING', `${this.address} comes to life, and is alive.`);
    const first = begin(record, this.part, this.#outbox);
    this.#phase = 'alive';
    this.#snapshot = first.step.snapshot;
    this.#taken = undefined;
    this.#fired = undefined;
    this.#timers.reset(first.isPartial);
    this.#outbox.begin(first.stable, first.isPartial);
    if (!first.isPartial) this.#conclude(first.step, first.stable ?? {}, undefined);
  }

  fired(record: RecordOf<'timer.fired'>): void {
    this.#settled();
    this.#fired = { id: record.id, armed: this.#timers.fire(record.id), at: record.at };
  }

  receive(record: RecordOf<'receive'>, mayBeUnknown: boolean): void {
    let { event } = record;
    if (this.#fired) this.#receiveTimer(record);
    else {
      this.#settled();
      if (record.id !== undefined) event = this.#receiveMessage(record, mayBeUnknown);
      else if (event.type.startsWith('xstate.'))
        throw this.#misfit('TIMER_NOT_ARMED', `${this.address} takes up ${event.type}, and no timer ended.`);
      else if (Object.hasOwn(this.part.protocol.messages, event.type))
        throw this.#misfit(
          'EVENT_UNEXPLAINED',
          `${this.address} takes up ${event.type}, and there is no message of it.`,
        );
    }
    this.#take(event);
  }

  transition(record: RecordOf<'transition'>): void {
    const taken = this.#taken;
    if (!taken)
      throw this.#misfit('STEP_UNPROVOKED', `${this.address} takes a step (${record.event}) without an event.`);
    if (record.event !== taken.event.type)
      throw this.#misfit(
        'TRANSITION_NOT_ALLOWED',
        `${this.address} takes a step on ${record.event}, and what it took up is ${taken.event.type}.`,
      );
    if (!taken.next)
      throw this.#misfit('MACHINE_THREW', `The machine of ${this.address} throws on ${record.event}: ${taken.error}.`);
    const before = this.#snapshot as AnyMachineSnapshot;
    const own = { transitions: taken.transitions, before, after: taken.next.snapshot };
    this.#refuse(compareStep(record, own, this.#scene));
    this.#taken = undefined;
    this.#snapshot = taken.next.snapshot;
    this.#conclude(taken.next, before.context, (taken.event as { at?: number }).at);
  }

  timerSet({ id, delayMs, at }: RecordOf<'timer.set'>): void {
    this.#expectAlive('timer.set');
    this.#timers.set(id, delayMs, at);
  }

  timerCancelled({ id }: RecordOf<'timer.cancelled'>): void {
    this.#expectAlive('timer.cancelled');
    this.#timers.cancelled(id);
  }

  durable(record: Durable): void {
    if (!this.#outbox.durable(record))
      throw new Mismatch(
        'DURABLE_DIFFERS',
        `${this.address} makes ${brief(record.fields)} durable, and none of its steps waits for that.`,
        { actor: this.address, told: brief(record.fields) },
      );
  }

  /** An output that the trace shows. Returns the machine's own, equal to it; of an actor that lived before the trace, perhaps none. */
  say(output: Output): Output | undefined {
    return this.#outbox.say(output, !this.#scene.promises.prompt);
  }

  emit(event: EventObject): void {
    this.say({ kind: 'emit', event });
  }

  /** It ended in failure, alone or with its node. */
  crash(reason: string, alone: boolean): void {
    if (alone && this.#taken?.next && this.#phase === 'alive')
      throw this.#misfit(
        'CRASH_UNEXPLAINED',
        `${this.address} fails at ${this.#taken.event.type} (${reason}), on which its machine does not throw.`,
      );
    this.#phase = 'crashed';
    this.#taken = undefined;
    this.#fired = undefined;
    this.#timers.reset(false);
    if (!alone) this.mailbox.clear();
  }

  restart(): void {
    if (this.#phase !== 'crashed')
      throw this.#misfit('ACTOR_NOT_ALIVE', `${this.address} starts again, and did not fail.`);
  }

  stop(): void {
    if (this.#phase === 'ended') throw this.#misfit('ACTOR_NOT_ALIVE', `${this.address} ends, and is not alive.`);
    if (this.#phase === 'alive') this.#settled();
    this.#phase = 'ended';
    this.#timers.reset(false);
    this.mailbox.clear();
  }

  /** A timer's event, which the timer that ended must have been set with. */
  #receiveTimer({ event }: RecordOf<'receive'>): void {
    const { id, armed, at } = this.#fired as Fired;
    this.#fired = undefined;
    if (!armed) return;
    const now = (event as { at?: number }).at ?? at;
    const expected = timed(armed.event, now);
    this.#refuse(compareEvent(this.address, event, expected, `the event of timer ${id}`));
    this.#timers.checkDue(id, armed, now, this.#scene.promises.prompt ? at : undefined);
  }

  #receiveMessage(record: RecordOf<'receive'>, mayBeUnknown: boolean): EventObject {
    const { event, differs } = this.mailbox.take(record, mayBeUnknown);
    this.#refuse(differs);
    return event;
  }

  #take(event: EventObject): void {
    const transitions: TransitionRef[] = [];
    let next: Step<AnyMachineSnapshot> | undefined;
    let error: string | undefined;
    try {
      next = this.part.engine.step(this.#snapshot as AnyMachineSnapshot, event, (_, refs) => transitions.push(...refs));
    } catch (thrown) {
      error = describeError(thrown);
    }
    this.#taken = { event, next, transitions, error };
  }

  /** Sets the timers of a step, writes what must be durable, and lets the rest out after that. */
  #conclude({ snapshot, effects }: Step<AnyMachineSnapshot>, before: Fields, at: number | undefined): void {
    this.#timers.take(effects, at);
    const changes = durableChanges(this.part.protocol.durable, before, snapshot.context as Fields);
    this.#outbox.push(changes, effects.flatMap(outputsOf));
  }

  /** Nothing of the last step may be outstanding when the next thing happens. */
  #settled(): void {
    this.#expectAlive('a step');
    if (this.#taken)
      throw this.#misfit(
        'STEP_MISSING',
        `${this.address} took up ${this.#taken.event.type}, and the trace has no step of it.`,
      );
    if (this.#fired)
      throw this.#misfit('STEP_MISSING', `Timer ${this.#fired.id} of ${this.address} ended, and it took up nothing.`);
    this.#timers.skipUnknown();
    const timer = this.#timers.next;
    if (timer)
      throw this.#misfit(
        'TIMER_DIFFERS',
        `The last step of ${this.address} ${timer.kind === 'setTimer' ? 'sets' : 'cancels'} timer ${timer.id}, and the trace does not.`,
      );
    const output = this.#scene.promises.prompt ? this.#outbox.missing() : undefined;
    if (output)
      throw this.#misfit(
        'SEND_MISSING',
        `${this.address} ${tell(output)} in a step whose writes are durable, and the trace does not.`,
      );
  }

  #refuse(differs: Differs | undefined): void {
    if (differs) throw this.#misfit(differs.code, differs.message, differs);
  }

  #expectAlive(what: string): void {
    if (this.#phase !== 'alive')
      throw this.#misfit('ACTOR_NOT_ALIVE', `The trace has ${what} of ${this.address}, which is not alive.`);
  }

  #misfit(
    code: MisfitCode,
    message: string,
    facts: { readonly told?: string; readonly machine?: string } = {},
  ): Mismatch {
    const snapshot = this.#snapshot;
    const allowed = snapshot && this.part.chart.allowed(snapshot.value, this.#timers.ids);
    const { told, machine } = facts;
    return new Mismatch(code, message, { actor: this.address, allowed, told, machine });
  }
}

function outputsOf(effect: Effect): Output[] {
  if (effect.kind === 'send') return effect.to.map((to) => ({ kind: 'send', to, message: effect.message }));
  return effect.kind === 'emit' ? [{ kind: 'emit', event: effect.event }] : [];
}
