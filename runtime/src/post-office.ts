import {
  type Address,
  actorOf,
  type DropReason,
  type Envelope,
  type Message,
  nodeOf,
  SynodError,
} from '@synod/protocol';
import { type Asks, isAskName } from './asks.ts';
import type { Cell } from './cell.ts';
import type { Tracer } from './tracer.ts';
import type { Transport, TransportEvents } from './transport/transport.ts';
import { SYSTEM_ACTOR } from './watches.ts';

interface PostOfficeParts {
  readonly node: string;
  readonly tracer: Tracer;
  readonly transport: Transport | undefined;
  readonly cells: ReadonlyMap<string, Cell>;
  readonly asks: Asks;
  /** Takes what another node says to this one's `system` address; false when it is nothing of the kind. */
  readonly control: (envelope: Envelope) => boolean;
}

/** Where every message of a node passes: to its actors and requests, or to the transport. */
export class PostOffice {
  readonly #parts: PostOfficeParts;

  constructor(parts: PostOfficeParts) {
    this.#parts = parts;
  }

  /** What the transport reports. */
  readonly events: TransportEvents = {
    receive: (envelope) => this.#receive(envelope),
    drop: (reason, envelope, detail) => this.#lost(reason, envelope, detail),
    note: (text, code) => this.#parts.tracer.record({ type: 'note', text, ...(code === undefined ? {} : { code }) }),
  };

  /** Sends from an actor of this node. */
  send(from: Address, to: Address, message: Message): void {
    const { node, tracer, transport } = this.#parts;
    const clock = tracer.tick();
    const envelope: Envelope = { id: `${node}:${clock[node]}`, from, to, message, clock };
    if (tracer.watched) tracer.record({ type: 'send', id: envelope.id, from, to, message });
    if (nodeOf(to) === node) this.#deliver(envelope);
    else if (transport) transport.send(envelope);
    else this.#drop(envelope, 'unreachable', 'ACTOR_UNKNOWN', `${node} has no transport, so ${to} cannot be reached.`);
  }

  /** From another node: the transport vouches for `from`, nobody for the message. */
  #receive(envelope: Envelope): void {
    const { tracer, control } = this.#parts;
    const { id, from, to, message } = envelope;
    tracer.receive(envelope.clock);
    if (actorOf(to) === SYSTEM_ACTOR && control(envelope)) {
      return tracer.record({ type: 'deliver', id, from, to, message: message.type });
    }
    this.deliver(envelope);
  }

  /** Hands what another node sent to an actor here, if its schemas allow it. */
  deliver(envelope: Envelope): void {
    const { tracer, cells } = this.#parts;
    const { id, from, to, message } = envelope;
    const cell = cells.get(actorOf(to));
    if (!cell) return this.#deliver(envelope);
    const valid = cell.validate(message);
    if (valid.message) return this.#deliver({ ...envelope, message: valid.message });
    const detail = valid.error.message;
    tracer.record({ type: 'drop', reason: 'invalid-message', id, from, to, message: message.type, detail });
  }

  #deliver(envelope: Envelope): void {
    const { tracer, cells, asks } = this.#parts;
    const { id, from, to, message } = envelope;
    const cell = cells.get(actorOf(to));
    if (cell) {
      tracer.record({ type: 'deliver', id, from, to, message: message.type });
      const refused = cell.post({ kind: 'message', id, from, message });
      const text = `The mailbox of ${to} is full; try again later.`;
      if (refused) this.#drop({ ...refused, to, clock: {} }, 'mailbox-full', 'MAILBOX_FULL', text);
    } else if (isAskName(actorOf(to)) && asks.answer(envelope)) {
      tracer.record({ type: 'deliver', id, from, to, message: message.type });
    } else this.#drop(envelope, 'dead-letter', 'ACTOR_UNKNOWN', `There is no actor ${to}.`);
  }

  /** A message was lost on this node: into the trace, and to the request that waits for its answer. */
  #drop({ id, from, to, message }: Envelope, reason: DropReason, code: string, text: string): void {
    this.#parts.tracer.record({ type: 'drop', reason, id, from, to, message: message.type });
    this.#parts.asks.fail(from, new SynodError(code, text));
  }

  /** A message was lost on its way, perhaps after it arrived, or a frame that could not be read. */
  #lost(reason: DropReason, envelope: Envelope | undefined, detail: string): void {
    const { node, tracer, asks } = this.#parts;
    if (!envelope) return tracer.record({ type: 'drop', reason, detail });
    const { id, from, to, message } = envelope;
    tracer.record({ type: 'drop', reason, detail, id, from, to, message: message.type });
    if (nodeOf(from) !== node) return;
    const text = `The request to ${to} was lost on its way (${reason}); look whether it took effect before you try again.`;
    asks.fail(from, new SynodError('MESSAGE_UNDELIVERED', text, { definite: reason !== 'unreachable' }));
  }
}
