import type { RandomState } from '@synod/protocol';
import type { LinkFault } from './faults.ts';
import { Stream } from './random.ts';
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

const NO_FAULTS: readonly LinkFault[] = [];

/** What all links of one kind share: in a large cluster there are millions of links, and few kinds. */
export class LinkKind {
  readonly options: LinkOptions;
  readonly min: Micros;
  readonly width: Micros;
  readonly tail: number;
  /** Whether it does nothing but take its time. */
  readonly plain: boolean;

  constructor(options: LinkOptions) {
    const { minMs, maxMs, tail = 1 } = options.latency ?? DEFAULT_LATENCY;
    this.options = options;
    this.min = micros(minMs);
    this.width = micros(maxMs) - this.min;
    this.tail = tail;
    this.plain = !options.loss && !options.duplicates && !options.reorders && !options.bytesPerSecond;
  }
}

/** One direction between two nodes. */
export class Link {
  /** When the message arrives that `send` was last asked about; when its copy does, or -1. */
  arrival: Micros = -1;
  copy: Micros = -1;
  readonly #kind: LinkKind;
  readonly #latencies: Stream;
  readonly #troubleSeed: RandomState;
  /** Made when it is first needed: most links never have any. */
  #troubles: Stream | undefined;
  /** When the last message that kept its turn arrives. */
  #last: Micros = 0;
  /** When the line is free. */
  #free: Micros = 0;

  /** What is drawn for each message comes of `latencySeed`, what only faults need of `troubleSeed`. */
  constructor(kind: LinkKind, latencySeed: RandomState, troubleSeed: RandomState) {
    this.#kind = kind;
    this.#latencies = new Stream(latencySeed);
    this.#troubleSeed = troubleSeed;
  }

  /** Decides a message's fate under the faults that lie on the link: sets `arrival` and `copy`. False when it is lost. */
  send(now: Micros, message: object, faults: readonly LinkFault[] = NO_FAULTS, cut = false): boolean {
    // Drawn in any case, so that a message has the same latency with a fault and without.
    const latency = this.#latency();
    if (cut) return false;
    if (!this.#kind.plain || faults.length > 0) return this.#send(now, latency, message, faults);
    this.arrival = this.#last = Math.max(now + latency, this.#last);
    this.copy = -1;
    return true;
  }

  #send(now: Micros, latency: Micros, message: object, faults: readonly LinkFault[]): boolean {
    const { loss = 0, duplicates = 0, reorders = false, bytesPerSecond } = this.#kind.options;
    this.#troubles ??= new Stream(this.#troubleSeed);
    const troubles = this.#troubles;
    if (loss > 0 && troubles.chance(loss)) return false;
    let start = bytesPerSecond ? this.#queue(now, message, bytesPerSecond) : now;
    let twice = duplicates > 0 && troubles.chance(duplicates);
    let late = 0;
    let added = 0;
    for (const fault of faults) {
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
    const { min, width, tail } = this.#kind;
    const u = this.#latencies.next();
    let power = u;
    for (let factor = 1; factor < tail; factor++) power *= u;
    return Math.max(LEAST, min + Math.round(width * power));
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
