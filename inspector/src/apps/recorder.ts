import type { TraceEvent, TraceRecord } from '@synod/protocol';

/** Makes records of what happens in an app, which is one process: its clock counts its records. */
export class Recorder {
  readonly #node: string;
  readonly #say: (record: TraceRecord) => void;
  #seq = 0;
  #messages = 0;

  constructor(node: string, say: (record: TraceRecord) => void) {
    this.#node = node;
    this.#say = say;
  }

  readonly record = (event: TraceEvent): void => {
    const seq = ++this.#seq;
    this.#say({ seq, at: performance.now(), node: this.#node, clock: { [this.#node]: seq }, ...event });
  };

  /** An id for a message between two actors. */
  messageId(): string {
    return `${this.#node}:${++this.#messages}`;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of `after` that are others than in `before`. */
export function changedFields(before: unknown, after: unknown, same: (a: unknown, b: unknown) => boolean): Fields {
  const [old, now] = [fields(before), fields(after)];
  return Object.fromEntries(
    Object.keys(now)
      .filter((key) => !Object.hasOwn(old, key) || !same(old[key], now[key]))
      .map((key) => [key, now[key]]),
  );
}

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
