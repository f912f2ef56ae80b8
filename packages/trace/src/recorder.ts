import { type VectorClock, vectorMerge, vectorTick } from '@synod/clocks';
import {
  type Address,
  type Chart,
  chartOf,
  type DropReason,
  type Envelope,
  type GuardOutcome,
  type Message,
  nodeOf,
  type Protocol,
  type TraceEvent,
  type TraceRecord,
  type TransitionRef,
} from '@synod/protocol';
import type { EventObject, StateValue } from 'xstate';

/** The parts of a machine's snapshot that a trace tells of. */
export interface Seen {
  readonly value: StateValue;
  readonly context: unknown;
}

/** What an actor takes up: an event, and for a message the envelope it came in. */
export interface Taken {
  readonly event: EventObject;
  readonly envelope?: Envelope;
}

/**
 * Makes the trace of a whole cluster that lives in one place, as a simulator's or a counterexample's does: it keeps each node's vector
 * clock and counts its records. Times are milliseconds of the caller's clock.
 */
export class Recorder {
  readonly #sink: (record: TraceRecord) => void;
  readonly #nodes = new Map<string, { vector: VectorClock; seq: number }>();
  readonly #charts = new Map<Protocol, Chart>();

  constructor(sink: (record: TraceRecord) => void) {
    this.#sink = sink;
  }

  /** An actor comes to life, anew or with what it recovered. `input`: what its machine was started with. */
  spawn(
    at: number,
    actor: Address,
    protocol: Protocol,
    { value, context }: Seen,
    recovered: boolean,
    input?: Readonly<Record<string, unknown>>,
  ): void {
    this.#tick(nodeOf(actor));
    const chart = this.#charts.get(protocol) ?? chartOf(protocol.machine, protocol.view);
    this.#charts.set(protocol, chart);
    this.#add(at, nodeOf(actor), {
      type: 'spawn',
      actor,
      protocol: protocol.name,
      chart,
      state: value,
      context,
      recovered,
      ...(input && { input }),
    });
  }

  /** An actor takes up an event, and the step that follows. A message's sender is known from then on. `guards`: where they were asked for. */
  step(
    at: number,
    actor: Address,
    taken: Taken,
    before: Seen,
    after: Seen,
    transitions: readonly TransitionRef[],
    guards: readonly GuardOutcome[] = [],
  ): void {
    const { event, envelope } = taken;
    const node = nodeOf(actor);
    const own = this.#node(node);
    if (envelope) own.vector = vectorMerge(own.vector, envelope.clock);
    this.#tick(node);
    const source = envelope ? { id: envelope.id, from: envelope.from } : {};
    this.#add(at, node, { type: 'receive', actor, event, ...source });
    const changed = changes(before.context, after.context);
    this.#add(at, node, {
      type: 'transition',
      actor,
      event: event.type,
      state: after.value,
      transitions,
      changed,
      ...(guards.length > 0 && { guards }),
    });
  }

  /** A message leaves; the envelope it travels in. */
  send(at: number, from: Address, to: Address, message: Message): Envelope {
    const node = nodeOf(from);
    const clock = this.#tick(node);
    const envelope: Envelope = { id: `${node}:${clock[node]}`, from, to, message, clock };
    this.#add(at, node, { type: 'send', id: envelope.id, from, to, message });
    return envelope;
  }

  deliver(at: number, { id, from, to, message }: Envelope): void {
    this.#add(at, nodeOf(to), { type: 'deliver', id, from, to, message: message.type });
  }

  drop(at: number, { id, from, to, message }: Envelope, reason: DropReason): void {
    this.#add(at, nodeOf(to), { type: 'drop', reason, id, from, to, message: message.type });
  }

  /** Anything that needs no clock of its own: timers, durable writes, emits, crashes, notes. */
  record(at: number, node: string, event: TraceEvent): void {
    this.#add(at, node, event);
  }

  #node(node: string): { vector: VectorClock; seq: number } {
    const known = this.#nodes.get(node);
    if (known) return known;
    const fresh = { vector: {}, seq: 0 };
    this.#nodes.set(node, fresh);
    return fresh;
  }

  #tick(node: string): VectorClock {
    const own = this.#node(node);
    own.vector = vectorTick(own.vector, node);
    return own.vector;
  }

  #add(at: number, node: string, event: TraceEvent): void {
    const own = this.#node(node);
    this.#sink({ seq: ++own.seq, at, node, clock: own.vector, ...event });
  }
}

/** The fields of a context that are not the same as before. */
function changes(before: unknown, after: unknown): Record<string, unknown> {
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const changed: Record<string, unknown> = {};
  for (const field in now) if (!Object.is(old[field], now[field])) changed[field] = now[field];
  return changed;
}
