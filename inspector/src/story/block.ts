import type { TraceRecord } from '@synod/protocol';

/** Records in a block. */
export const BLOCK = 1_024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** How much a record matters: a change of state or what is out of the ordinary, a message, or a detail of a step. */
export const WEIGHTS = ['rare', 'message', 'detail'] as const;
export type Weight = (typeof WEIGHTS)[number];

/** No record. */
export const NONE = -1;

/** What is kept of each record in columns, by number. */
export type Column =
  | 'at'
  | 'kind'
  | 'weight'
  | 'node'
  | 'actor'
  | 'other'
  | 'label'
  | 'link'
  | 'state'
  | 'step'
  | 'tick';

/**
 * A run of records: what views ask of all of them in columns, and the records themselves as they came, which are parsed again when somebody
 * looks.
 */
export class Block {
  readonly start: number;
  count = 0;
  /** On the axis that all nodes share, in milliseconds. */
  readonly at = new Float64Array(BLOCK);
  readonly kind = new Uint8Array(BLOCK);
  readonly weight = new Uint8Array(BLOCK);
  readonly node = new Uint16Array(BLOCK);
  /** Who did it, and the other party of a message: numbers of addresses. */
  readonly actor = new Uint32Array(BLOCK);
  readonly other = new Uint32Array(BLOCK);
  /** The type of a message or event, or the name of a timer. */
  readonly label = new Uint32Array(BLOCK);
  /** How many events its node had counted by then, in its vector clock; NaN of a record without a clock. */
  readonly tick = new Float64Array(BLOCK);
  /** Of what comes of a message, the index of its send; of a send, the index of its first delivery or loss. */
  readonly link = new Int32Array(BLOCK).fill(NONE);
  /** The state that its actor is in after it, in words: a number of `Story.states`. */
  readonly state = new Uint32Array(BLOCK);
  /** The transitions that a step took: a number of `Story.steps`. */
  readonly step = new Uint32Array(BLOCK);
  #lines: string[] = [];
  #bytes: Uint8Array | undefined;
  #records: TraceRecord[] | undefined;
  size = 0;

  constructor(start: number) {
    this.start = start;
  }

  add(line: string): number {
    this.#lines.push(line);
    this.size += line.length + 1;
    return this.count++;
  }

  /** Puts its text outside of the heap, where there is room for any amount. */
  seal(): void {
    this.#bytes = encoder.encode(this.#lines.join('\n'));
    this.#lines = [];
  }

  /** Its records are not looked at at present. */
  rest(): void {
    this.#records = undefined;
  }

  /** Whether its records are kept parsed. */
  get isAwake(): boolean {
    return this.#records !== undefined;
  }

  get lines(): readonly string[] {
    return this.#bytes ? decoder.decode(this.#bytes).split('\n') : this.#lines;
  }

  /** One of its records, if it is kept parsed. */
  known(place: number): TraceRecord | undefined {
    return this.#records?.[place];
  }

  records(parse: (line: string) => TraceRecord): readonly TraceRecord[] {
    this.#records ??= [];
    if (this.#records.length === this.count) return this.#records;
    for (const line of this.lines.slice(this.#records.length)) this.#records.push(parse(line));
    return this.#records;
  }
}
