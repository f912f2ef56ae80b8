import type { Address, Effect } from '@synod/protocol';
import type { EventObject } from 'xstate';
import { Mismatch } from '../misfit.ts';
import { sameJson } from '../same.ts';

/** What a step asks of its timers and the trace is to show next. */
type TimerEffect = Extract<Effect, { kind: 'setTimer' | 'cancelTimer' }>;

interface Armed {
  readonly event: EventObject;
  readonly delayMs: number;
  /** When it was set: what the machine was told as the time of that step; undefined for one of its start. */
  readonly toldAt: number | undefined;
  /** The time of the record that shows it. */
  recordedAt: number | undefined;
}

/** A timer is allowed to be so much early: clocks round. In milliseconds. */
const TOLERANCE_MS = 2;

/** One actor's timers: which are armed, and what the trace still has to say of them. */
export class TimersTrack {
  readonly #self: Address;
  readonly #armed = new Map<string, Armed>();
  #due: TimerEffect[] = [];
  /** Whether timers may be armed of which the trace does not tell: of an actor that lived before it began. */
  #isPartial = false;
  /** Of those, ids of which the trace has told since. */
  readonly #told = new Set<string>();

  constructor(self: Address) {
    this.#self = self;
  }

  get ids(): Iterable<string> {
    return this.#armed.keys();
  }

  /** What a step does to timers that the trace has not shown yet. */
  get next(): TimerEffect | undefined {
    return this.#due[0];
  }

  reset(isPartial: boolean): void {
    this.#armed.clear();
    this.#told.clear();
    this.#due = [];
    this.#isPartial = isPartial;
  }

  /** A step's timers; `toldAt` is the time of the step as the machine knows it. */
  take(effects: readonly Effect[], toldAt: number | undefined): void {
    for (const effect of effects) {
      if (effect.kind === 'setTimer') {
        const { event, delayMs } = effect;
        this.#armed.set(effect.id, { event, delayMs, toldAt, recordedAt: undefined });
        this.#due.push(effect);
      } else if (effect.kind === 'cancelTimer') {
        if (this.#armed.delete(effect.id)) this.#due.push(effect);
        else if (this.#isUnknown(effect.id)) this.#due.push({ ...effect });
      }
    }
  }

  set(id: string, delayMs: number, recordedAt: number): void {
    const next = this.#shift('setTimer', id);
    if (next?.kind !== 'setTimer' || next.id !== id) throw this.#differs(`sets timer ${id}`, next);
    if (next.delayMs !== delayMs)
      throw new Mismatch(
        'TIMER_DIFFERS',
        `${this.#self} sets timer ${id} to ${delayMs} ms, where its machine sets it to ${next.delayMs} ms.`,
        { actor: this.#self, told: `${delayMs} ms`, machine: `${next.delayMs} ms` },
      );
    this.#told.add(id);
    const armed = this.#armed.get(id);
    if (armed) armed.recordedAt = recordedAt;
  }

  cancelled(id: string): void {
    const next = this.#shift('cancelTimer', id);
    if (next?.kind !== 'cancelTimer' || next.id !== id) throw this.#differs(`cancels timer ${id}`, next);
    this.#told.add(id);
  }

  /** A timer ends. Returns what the machine receives for it; undefined where the trace began after it was set. */
  fire(id: string): Armed | undefined {
    const armed = this.#armed.get(id);
    if (!armed) {
      if (!this.#isUnknown(id))
        throw new Mismatch('TIMER_NOT_ARMED', `Timer ${id} of ${this.#self} ends, and is not armed.`, {
          actor: this.#self,
        });
      this.#told.add(id);
      return undefined;
    }
    this.#armed.delete(id);
    return armed;
  }

  /** Whether a timer's end is due: `now` by the machine's clock, `recordedAt` by that of the trace where the two are one. */
  checkDue(id: string, armed: Armed, now: number, recordedAt: number | undefined): void {
    const [since, until] = armed.toldAt === undefined ? [armed.recordedAt, recordedAt] : [armed.toldAt, now];
    if (since === undefined || until === undefined || until - since >= armed.delayMs - TOLERANCE_MS) return;
    throw new Mismatch(
      'TIMER_EARLY',
      `Timer ${id} of ${this.#self} ends ${Math.round((until - since) * 1_000) / 1_000} ms after it was set to ${armed.delayMs} ms.`,
      { actor: this.#self },
    );
  }

  /** Cancels of timers of which the trace does not know whether they are armed are shown, or not. */
  skipUnknown(): void {
    while (this.#due[0]?.kind === 'cancelTimer' && this.#isUnknown(this.#due[0].id)) {
      this.#told.add(this.#due[0].id);
      this.#due.shift();
    }
  }

  #shift(kind: TimerEffect['kind'], id: string): TimerEffect | undefined {
    const next = this.#due[0];
    if (next && !sameJson({ kind, id }, { kind: next.kind, id: next.id })) this.skipUnknown();
    return this.#due.shift();
  }

  #isUnknown(id: string): boolean {
    return this.#isPartial && !this.#told.has(id);
  }

  #differs(told: string, next: TimerEffect | undefined): Mismatch {
    const machine = next
      ? `its machine next ${next.kind === 'setTimer' ? 'sets' : 'cancels'} timer ${next.id}`
      : 'its step does nothing more to timers';
    return new Mismatch('TIMER_DIFFERS', `${this.#self} ${told}, where ${machine}.`, {
      actor: this.#self,
      told,
      machine,
    });
  }
}
