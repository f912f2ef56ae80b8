import { assert, type Envelope, isSynodError, nodeOf } from '@synod/protocol';
import { BATCH_OVERHEAD, decodeFrame, encodeBatch, encodeEnvelope } from './codec.ts';
import type { Transport, TransportEvents } from './transport.ts';

export interface MemoryNetworkOptions {
  /** Whether every envelope goes through the bytes of the wire, so that what would not survive it is dropped here too. Default false. */
  readonly serialise?: boolean;
  /** When an envelope is handed over, never within `send`. Called in the order of sending. Default: in the next microtask. */
  readonly schedule?: (deliver: () => void) => void;
  /**
   * Decides over each envelope: call `deliver` never, once, later or twice, or `drop` to report it lost. A seeded test drops,
   * delays, duplicates and reorders with it. A delivery is still handed to `schedule`; without both calls it is lost unreported.
   */
  readonly route?: (envelope: Envelope, deliver: () => void, drop: (detail: string) => void) => void;
}

/** The nodes of one process. */
export interface MemoryNetwork {
  /** A transport for one node; it may be started again after it was stopped. */
  transport(): Transport;
}

/**
 * Creates a network within this process: first in first out for each pair of nodes unless `route` says otherwise.
 * An envelope to a node that does not run when it would arrive is dropped (`unreachable`).
 */
export function createMemoryNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
  const nodes = new Map<string, TransportEvents>();
  return { transport: () => new MemoryTransport(options, nodes) };
}

class MemoryTransport implements Transport {
  readonly #options: MemoryNetworkOptions;
  readonly #nodes: Map<string, TransportEvents>;
  #self: string | undefined;
  #events: TransportEvents | undefined;
  #running = false;

  constructor(options: MemoryNetworkOptions, nodes: Map<string, TransportEvents>) {
    this.#options = options;
    this.#nodes = nodes;
  }

  async start(node: string, events: TransportEvents): Promise<void> {
    assert(!this.#running, 'a transport belongs to one node');
    assert(!this.#nodes.has(node), `there is a node ${node} on this network already`);
    this.#nodes.set(node, events);
    this.#self = node;
    this.#events = events;
    this.#running = true;
  }

  send(envelope: Envelope): void {
    const events = this.#events;
    assert(events, 'the transport was not started');
    if (!this.#running) {
      return events.drop('stopped', envelope, 'NODE_STOPPED: This node has stopped; start it again.');
    }
    const sent = this.#options.serialise ? overTheWire(envelope, events) : envelope;
    if (!sent) return;
    const { schedule = queueMicrotask, route } = this.#options;
    const deliver = () => schedule(() => this.#deliver(sent, events));
    if (route) route(sent, deliver, (detail) => events.drop('fault', sent, detail));
    else deliver();
  }

  async stop(): Promise<void> {
    if (!this.#running || this.#self === undefined) return;
    this.#running = false;
    this.#nodes.delete(this.#self);
  }

  #deliver(envelope: Envelope, sender: TransportEvents): void {
    const node = nodeOf(envelope.to);
    const target = this.#nodes.get(node);
    if (target) target.receive(envelope);
    else sender.drop('unreachable', envelope, `PEER_UNKNOWN: No node ${node} runs on this network; start it.`);
  }
}

function overTheWire(envelope: Envelope, events: TransportEvents): Envelope | undefined {
  try {
    const bytes = encodeEnvelope(envelope);
    const frame = decodeFrame(encodeBatch([bytes]), bytes.length + BATCH_OVERHEAD);
    assert(frame.kind === 'batch' && frame.envelopes[0], 'a batch of one was encoded');
    return frame.envelopes[0];
  } catch (error) {
    if (!isSynodError(error)) throw error;
    events.drop('not-serialisable', envelope, `${error.code}: ${error.message}`);
    return undefined;
  }
}
