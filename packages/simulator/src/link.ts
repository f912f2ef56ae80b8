import type { LinkFault } from './faults.ts';
import type { Stream } from './random.ts';
import { type Micros, micros } from './time.ts';

/**
 * How long messages take: `minMs + (maxMs − minMs) · uᵏ` for a uniform u. With `tail` k = 1 that is uniform; the larger k, the more are
 * near the least and the fewer are very late. Products only, so that every JavaScript engine comes to the same bits.
 */
export interface Latency {
  readonly minMs: number;
  readonly maxMs: number;
  readonly tail?: number;
}

/** What a link is like when no fault lies on it. */
export interface LinkOptions {
  /** Default 0.5 to 5 ms with a tail of 3. */
  readonly latency?: Latency;
  /** The chance that a message is lost; default 0. */
  readonly loss?: number;
  /** The chance that a message comes twice; default 0. */
  readonly duplicates?: number;
  /** Whether a message may overtake an earlier one of its link; default false. */
  readonly reorders?: boolean;
  /** Messages queue for the line, by an estimate of their size as JSON. Default unlimited. */
  readonly bytesPerSecond?: number;
}

const DEFAULT_LATENCY: Latency = { minMs: 0.5, maxMs: 5, tail: 3 };

/** Messages take at least a microsecond, so that no two nodes keep each other busy for ever in no time. */
const LEAST: Micros = 1;

/** One direction between two nodes. */
export class Link {
  /** When the message arrives that `send` was last asked about; when its copy does, or -1. */
  arrival: Micros = -1;
  copy: Micros = -1;
  /** Faults that lie on this link. */
  readonly faults: LinkFault[] = [];
  /** Partitions that cut it. */
  cuts = 0;
  readonly #latencies: Stream;
  readonly #troubles: Stream;
  readonly #min: Micros;
  readonly #width: Micros;
  readonly #tail: number;
  readonly #options: LinkOptions;
  readonly #plain: boolean;
  /** When the last message that kept its turn arrives. */
  #last: Micros = 0;
  /** When the line is free. */
  #free: Micros = 0;

  /** What is drawn for each message comes from `latencies`, what only faults need from `troubles`. */
  constructor(options: LinkOptions, latencies: Stream, troubles: Stream) {
    const { minMs, maxMs, tail = 1 } = options.latency ?? DEFAULT_LATENCY;
    this.#options = options;
    this.#latencies = latencies;
    this.#troubles = troubles;
    this.#min = micros(minMs);
    this.#width = micros(maxMs) - this.#min;
    this.#tail = tail;
    this.#plain = !options.loss && !options.duplicates && !options.reorders && !options.bytesPerSecond;
  }

  /** Decides a message's fate: sets `arrival` and `copy`. False when it is lost. */
  send(now: Micros, message: object): boolean {
    if (this.#plain && this.cuts === 0 && this.faults.length === 0) {
      const at = now + this.#latency();
      this.arrival = this.#last = Math.max(at, this.#last);
      this.copy = -1;
      return true;
    }
    // Drawn in any case, so that a message has the same latency with a fault and without.
    const latency = this.#latency();
    return this.cuts === 0 && this.#send(now, latency, message);
  }

  #send(now: Micros, latency: Micros, message: object): boolean {
    const { loss = 0, duplicates = 0, reorders = false, bytesPerSecond } = this.#options;
    const troubles = this.#troubles;
    if (loss > 0 && troubles.chance(loss)) return false;
    let start = bytesPerSecond ? this.#queue(now, message, bytesPerSecond) : now;
    let twice = duplicates > 0 && troubles.chance(duplicates);
    let late = 0;
    let added = 0;
    for (const fault of this.faults) {
      if (fault.kind === 'drop') {
        if (troubles.chance(fault.chance)) return false;
      } else if (fault.kind === 'duplicate') twice = troubles.chance(fault.chance) || twice;
      else if (fault.kind === 'reorder') {
        if (troubles.chance(fault.chance)) late += 1 + micros(troubles.between(0, fault.withinMs));
      } else {
        added += micros(troubles.between(...fault.addMs));
        if (fault.bytesPerSecond) start = Math.max(start, this.#queue(now, message, fault.bytesPerSecond));
      }
    }
    const at = start + latency + added;
    if (late > 0 || reorders) this.arrival = at + late;
    else this.arrival = this.#last = Math.max(at, this.#last);
    this.copy = twice ? this.arrival + 1 + micros(troubles.between(0, 50)) : -1;
    return true;
  }

  #latency(): Micros {
    const u = this.#latencies.next();
    let power = u;
    for (let factor = 1; factor < this.#tail; factor++) power *= u;
    return Math.max(LEAST, this.#min + Math.round(this.#width * power));
  }

  /** When the line has taken the message. */
  #queue(now: Micros, message: object, bytesPerSecond: number): Micros {
    this.#free = Math.max(now, this.#free) + Math.ceil((estimateBytes(message) * 1e6) / bytesPerSecond);
    return this.#free;
  }
}

/** About how long a value is as JSON. What is deep or long is guessed from its beginning. */
export function estimateBytes(value: unknown, depth = 4): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 5;
  if (depth === 0) return 32;
  const items = Array.isArray(value) ? value : Symbol.iterator in value ? [...(value as Iterable<unknown>)] : undefined;
  if (items) {
    const seen = items.slice(0, 16).reduce((sum: number, item) => sum + estimateBytes(item, depth - 1) + 1, 2);
    return items.length > 16 ? Math.ceil((seen * items.length) / 16) : seen;
  }
  let bytes = 2;
  for (const key in value) bytes += key.length + 4 + estimateBytes((value as Record<string, unknown>)[key], depth - 1);
  return bytes;
}
