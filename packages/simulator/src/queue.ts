import type { Address, Envelope, Message } from '@synod/protocol';
import TinyQueue from 'tinyqueue';
import type { Micros } from './time.ts';

/** What is to happen at a moment. */
export type HappeningKind =
  | 'deliver'
  | 'timer'
  | 'synced'
  | 'request'
  | 'probe'
  | 'faultBegins'
  | 'faultEnds'
  | 'cancelled';

/** One class for all kinds, so that a JavaScript engine sees one shape in the queue; what a kind does not need stays empty. */
export class Happening {
  readonly at: Micros;
  kind: HappeningKind;
  /** The actor, node, request or fault it is about, as its index. */
  readonly target: number;
  /** Ties are broken by it: what was put in first happens first. */
  order = 0;
  /** Of a message: what was sent, by whom, and from which node, as its index. */
  message: Message | undefined = undefined;
  from: Address | undefined = undefined;
  source = -1;
  /** Of a message, while a trace is kept. */
  envelope: Envelope | undefined = undefined;
  /** Of a timer. */
  id: string | undefined = undefined;

  constructor(kind: HappeningKind, at: Micros, target: number) {
    this.at = at;
    this.kind = kind;
    this.target = target;
  }
}

const sooner = (a: Happening, b: Happening): number => a.at - b.at || a.order - b.order;

/** What lies ahead, soonest first. */
export class EventQueue {
  #heap = new TinyQueue<Happening>([], sooner);
  #order = 0;

  get length(): number {
    return this.#heap.length;
  }

  push(happening: Happening): void {
    happening.order = ++this.#order;
    this.#heap.push(happening);
  }

  peek(): Happening | undefined {
    return this.#heap.peek();
  }

  pop(): Happening | undefined {
    return this.#heap.pop();
  }

  /** Takes out something that is not to happen in its turn. */
  remove(happening: Happening): void {
    this.#heap = new TinyQueue(
      this.#heap.data.filter((each) => each !== happening),
      sooner,
    );
  }

  /** All that lies ahead, in the order in which it was put in. */
  all(): Happening[] {
    return [...this.#heap.data].sort((a, b) => a.order - b.order);
  }
}
