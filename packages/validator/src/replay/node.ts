import type { TraceRecord, VectorTimestamp } from '@synod/protocol';
import { Mismatch } from '../misfit.ts';
import { brief } from '../same.ts';

/** Records that are no events of their own: the clock stands as it stood. */
const STILL = new Set<TraceRecord['type']>([
  'transition',
  'timer.set',
  'timer.cancelled',
  'durable',
  'emit',
  'note',
  'stop',
  'restart',
]);

/** What the records of one node have in common: their count, their times, their vector clocks. */
export class NodeTrack {
  readonly name: string;
  /** Whether the trace has it from its first record on. */
  readonly complete: boolean;
  #seq: number;
  #at = Number.NEGATIVE_INFINITY;
  #clock: VectorTimestamp;
  /** Its own counts that the trace does not tell of: those before it began, and before its part of a new life did. */
  readonly #untold: (readonly [from: number, to: number])[] = [];

  constructor(first: TraceRecord) {
    this.name = first.node;
    this.complete = first.seq === 1;
    this.#seq = first.seq - 1;
    this.#clock = {};
    this.#begin(first);
  }

  /** How many of its own events are known. */
  get own(): number {
    return this.#clock[this.name] ?? 0;
  }

  /** Whether the trace need not tell of an event of this count. */
  isUntold(count: number): boolean {
    return this.#untold.some(([from, to]) => count > from && count <= to);
  }

  /** Whether a record begins a new life: a process that was killed left no word, and the next one counts from 1. */
  isNewLife(record: TraceRecord): boolean {
    return record.seq === 1 && this.#seq >= 1;
  }

  /** Checks what every record has. Call once a record, in order; `merges` is the clock of the message that it takes in, if one is known. */
  check(record: TraceRecord, merges: VectorTimestamp | undefined, mayMerge: boolean): void {
    if (this.isNewLife(record)) this.#renew(record);
    const { seq, at } = record;
    if (seq <= this.#seq)
      throw new Mismatch(
        'RECORD_ORDER',
        `Record ${seq} of ${this.name} comes after its record ${this.#seq}; records of a node stand in their order, each once.`,
      );
    if (seq > this.#seq + 1)
      throw new Mismatch(
        'RECORD_MISSING',
        `Between record ${this.#seq} and record ${seq} of ${this.name} ${seq - this.#seq - 1 === 1 ? 'a record is' : 'records are'} missing.`,
      );
    if (at < this.#at)
      throw new Mismatch(
        'TIME_BACKWARD',
        `Record ${seq} of ${this.name} is of ${at} ms, the one before it of ${this.#at} ms; a node's clock never goes back.`,
      );
    this.#checkClock(record, merges, mayMerge);
    this.#seq = seq;
    this.#at = at;
    this.#clock = record.clock;
  }

  #renew(record: TraceRecord): void {
    const own = record.clock[this.name] ?? 0;
    if (own <= this.own)
      throw new Mismatch(
        'CLOCK_DIFFERS',
        `${this.name} begins a new life with ${own} events of its own, and had ${this.own} before; a count never repeats.`,
      );
    this.#seq = 0;
    this.#at = Number.NEGATIVE_INFINITY;
    this.#begin(record);
  }

  /** The clock before a first record: a node may have heard and said something before anybody kept its trace. */
  #begin(first: TraceRecord): void {
    const own = first.clock[this.name] ?? 0;
    // A send counts itself, and so does a birth.
    const isCounted = first.type === 'send' || (first.type === 'spawn' && first.input !== undefined);
    const before = isCounted ? own - 1 : own;
    this.#untold.push([this.own, before]);
    this.#clock = { ...first.clock, [this.name]: before };
  }

  #checkClock(record: TraceRecord, merges: VectorTimestamp | undefined, mayMerge: boolean): void {
    const { clock, type } = record;
    const own = clock[this.name] ?? 0;
    const step = own - this.own;
    const ticks = type === 'send' || type === 'receive' || (type === 'spawn' && record.input !== undefined);
    const known = this.#clock;
    if (step < 0 || step > 1 || (step === 1 && STILL.has(type)))
      throw this.#clockDiffers(record, this.name, own, step < 0 || !ticks ? this.own : this.own + 1);
    if (type === 'send' && step !== 1) throw this.#clockDiffers(record, this.name, own, this.own + 1);
    for (const node of new Set([...Object.keys(clock), ...Object.keys(known)])) {
      if (node === this.name) continue;
      const [before, now] = [known[node] ?? 0, clock[node] ?? 0];
      if (now === before && !merges) continue;
      if (mayMerge && !merges && now >= before) continue;
      // A simulator counts a message in when it is taken up, a runtime when it arrives.
      const merged = Math.max(before, merges?.[node] ?? 0);
      const arrives = type === 'deliver' || type === 'drop';
      if (now !== merged && !(arrives && now === before)) throw this.#clockDiffers(record, node, now, merged);
    }
  }

  #clockDiffers({ seq, type, clock }: TraceRecord, node: string, told: number, expected: number): Mismatch {
    return new Mismatch(
      'CLOCK_DIFFERS',
      `The clock of record ${seq} (${type}) of ${this.name} counts ${told} events of ${node}, where it can only be ${expected}.`,
      { told: brief(clock) },
    );
  }
}
