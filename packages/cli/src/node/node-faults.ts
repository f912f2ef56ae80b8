import {
  createFaultyTransport,
  createSkewedClock,
  type FaultyTransport,
  type System,
  type Transport,
} from '@synod/runtime';
import type { NodeFaults } from '../launcher/messages.ts';

/** What a node's process does to its own network and clock on purpose. Heeds its launcher from the start, before there is a system. */
export class OwnFaults {
  readonly clock = createSkewedClock();
  #faults: NodeFaults | undefined;
  #transport: FaultyTransport | undefined;
  #system: System | undefined;

  /** The transport, with what goes wrong at present. */
  wrap(inner: Transport): FaultyTransport {
    this.#transport = createFaultyTransport(inner);
    if (this.#faults) this.#transport.setFaults(this.#faults.network);
    return this.#transport;
  }

  /** Says what is done in the trace of `system` from now on. */
  tellIn(system: System): void {
    this.#system = system;
  }

  /** From now on. `text`: what was done, for the trace. */
  put(faults: NodeFaults, text?: string): void {
    const { network, rate, jumpMs } = faults;
    this.#faults = faults;
    this.#transport?.setFaults(network);
    if (rate !== this.clock.rate || jumpMs > 0) this.clock.skew({ rate, jumpMs });
    if (text !== undefined) this.#system?.note(text, 'FAULT');
  }
}
