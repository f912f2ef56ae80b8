import {
  type Address,
  applyDurable,
  type DurableChange,
  type DurableState,
  type Message,
  plainJson,
  type TraceEvent,
} from '@synod/protocol';
import type { EventObject } from 'xstate';
import { Mismatch } from '../misfit.ts';
import { brief, difference, sameJson } from '../same.ts';

/** What a step lets out. */
export type Output =
  | { readonly kind: 'send'; readonly to: Address; readonly message: Message }
  | { readonly kind: 'emit'; readonly event: EventObject };

interface Entry {
  readonly changes: readonly DurableChange[] | undefined;
  written: boolean;
  readonly outputs: Output[];
}

export type Durable = Extract<TraceEvent, { type: 'durable' }>;

/** What the steps of one actor wrote and said, in order, until the trace shows it; and what is durable of it. */
export class OutboxTrack {
  readonly #self: Address;
  #entries: Entry[] = [];
  /** What is certainly durable; undefined for an actor whose disk the trace has not shown yet. */
  #stable: DurableState | undefined;
  /** Whether steps before the trace may still have something to write or say: until the first thing that a step of the trace explains. */
  #isOpen = false;

  constructor(self: Address) {
    this.#self = self;
  }

  get stable(): DurableState | undefined {
    return this.#stable;
  }

  /** A step's writes, and what it says after them. */
  push(changes: readonly DurableChange[] | undefined, outputs: readonly Output[]): void {
    if (changes || outputs.length > 0) this.#entries.push({ changes, written: !changes, outputs: [...outputs] });
  }

  /** Begins a life with this on the disk. */
  begin(stable: DurableState | undefined, isOpen: boolean): void {
    this.#stable = stable;
    this.#isOpen = isOpen;
    this.#entries = [];
  }

  /** All that the disk may hold if the present life ends here: writes become durable in their order, and the trace may miss the last ones. */
  *survivors(): Generator<DurableState> {
    if (!this.#stable) return;
    let state = this.#stable;
    yield state;
    for (const { changes, written } of this.#entries) {
      if (!changes || written) continue;
      state = applyDurable(state, changes);
      yield state;
    }
  }

  /** Fields became durable. False where no step wrote anything that waits. */
  durable({ fields }: Durable): boolean {
    const entry = this.#entries.find(({ written }) => !written);
    if (!entry?.changes) return this.#isOpen;
    const expected = entry.changes.map((change) =>
      change.kind === 'value'
        ? { field: change.field }
        : { field: change.field, from: change.keep, count: change.items.length },
    );
    const fits = sameJson(fields, expected);
    if (!fits && this.#isOpen) return true;
    if (!fits)
      throw new Mismatch(
        'DURABLE_DIFFERS',
        `${this.#self} makes ${brief(fields)} durable, where its step wrote ${brief(expected)}.`,
        { actor: this.#self, told: brief(fields), machine: brief(expected) },
      );
    entry.written = true;
    this.#isOpen = false;
    this.#stable = this.#stable && applyDurable(this.#stable, entry.changes);
    this.#tidy();
    return true;
  }

  /** An output that the trace shows. Returns the machine's own; undefined where a step before the trace may have asked for it. `held`: others may be held back. */
  say(output: Output, held: boolean): Output | undefined {
    let waits = false;
    let expected: Output | undefined;
    for (const { written, outputs } of this.#entries) {
      waits ||= !written;
      for (const [index, each] of outputs.entries()) {
        expected ??= each;
        if (!sameOutput(each, output)) {
          if (held || this.#isOpen) continue;
          throw this.#differs(output, each);
        }
        if (waits) throw this.#early(output);
        this.#isOpen = false;
        outputs.splice(index, 1);
        this.#tidy();
        return each;
      }
    }
    if (this.#isOpen) return undefined;
    if (expected) throw this.#differs(output, expected);
    throw this.#unasked(output);
  }

  /** What should be out by now and is not. */
  missing(): Output | undefined {
    if (this.#isOpen) return undefined;
    for (const { written, outputs } of this.#entries) {
      if (!written) return undefined;
      if (outputs[0]) return outputs[0];
    }
    return undefined;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  #tidy(): void {
    let done = 0;
    for (const { written, outputs } of this.#entries) {
      if (!written || outputs.length > 0) break;
      done++;
    }
    if (done > 0) this.#entries.splice(0, done);
  }

  #unasked(output: Output): Mismatch {
    return new Mismatch(
      output.kind === 'send' ? 'SEND_DIFFERS' : 'EMIT_DIFFERS',
      `${this.#self} ${tell(output)}, and none of its steps asks for that.`,
      { actor: this.#self, told: brief(plainJson(output, {})) },
    );
  }

  #early(output: Output): Mismatch {
    return new Mismatch(
      'SENT_BEFORE_DURABLE',
      `${this.#self} ${tell(output)} before the writes of its step, or of an earlier one, are durable.`,
      { actor: this.#self, told: brief(output) },
    );
  }

  #differs(told: Output, expected: Output): Mismatch {
    const where = told.kind === expected.kind ? difference(plainJson(told, {}), plainJson(expected, {})) : undefined;
    return new Mismatch(
      told.kind === 'send' ? 'SEND_DIFFERS' : 'EMIT_DIFFERS',
      `${this.#self} ${tell(told)}, where its machine next ${tell(expected)}${where ? `; they differ in "${where.path}"` : ''}.`,
      { actor: this.#self, told: brief(plainJson(told, {})), machine: brief(plainJson(expected, {})) },
    );
  }
}

export const tell = (output: Output): string =>
  output.kind === 'send' ? `sends ${output.message.type} to ${output.to}` : `emits ${output.event.type}`;

function sameOutput(a: Output, b: Output): boolean {
  if (a.kind === 'send')
    return b.kind === 'send' && a.to === b.to && sameJson(plainJson(a.message, {}), plainJson(b.message, {}));
  return b.kind === 'emit' && sameJson(plainJson(a.event, {}), plainJson(b.event, {}));
}
