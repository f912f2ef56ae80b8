import {
  type DropReason,
  type Envelope,
  isParted,
  type LinkFault,
  liesOn,
  type NetworkFaults,
  nextRandom,
  nodeOf,
  noNetworkFaults,
  seedFrom,
} from '@synod/protocol';
import { type Clock, systemClock } from '../clock.ts';
import type { Transport, TransportEvents } from '../transport/transport.ts';
import { Line } from './line.ts';

export interface FaultyTransportOptions {
  /** Seeds what is lost, how late and how often; with the same messages the same comes of it. Default: drawn anew. */
  readonly seed?: number;
  /** For delays. Default: the system's. */
  readonly clock?: Clock;
}

/** A transport on whose links faults can be laid while it runs. */
export interface FaultyTransport extends Transport {
  /** What goes wrong at present. */
  readonly faults: NetworkFaults;
  /** What goes wrong from now on, in the place of what went wrong before. What is held already keeps its time. */
  setFaults(faults: NetworkFaults): void;
}

/**
 * Stands between a system and its transport. Each node's decides over what its node sends; what crosses a partition is lost on arrival,
 * too. What is lost is a `drop` with reason `fault` in the trace; what is held or sent twice is a note (`DELAYED`, `DUPLICATED`).
 * Messages keep their order for each pair of nodes unless a `reorder` lies on the link. The inner transport's own signs of life pass,
 * as only messages are touched. Without faults it passes everything on at once.
 */
export function createFaultyTransport(inner: Transport, options: FaultyTransportOptions = {}): FaultyTransport {
  return new Faulty(inner, options);
}

class Faulty implements FaultyTransport {
  readonly #inner: Transport;
  readonly #clock: Clock;
  readonly #lines = new Map<string, Line<Envelope>>();
  readonly #seed: number;
  #random = 0;
  #node = '';
  #events: TransportEvents | undefined;
  #faults: NetworkFaults = noNetworkFaults;
  #isQuiet = true;

  constructor(inner: Transport, { seed, clock = systemClock }: FaultyTransportOptions) {
    this.#inner = inner;
    this.#clock = clock;
    this.#seed = seed ?? Math.floor(Math.random() * 2 ** 32);
  }

  get faults(): NetworkFaults {
    return this.#faults;
  }

  get url(): string | undefined {
    return this.#inner.url;
  }

  setFaults(faults: NetworkFaults): void {
    this.#faults = faults;
    this.#isQuiet = faults.groups.length === 0 && faults.links.length === 0;
  }

  async start(node: string, events: TransportEvents): Promise<void> {
    this.#node = node;
    this.#events = events;
    // Each node has luck of its own.
    this.#random = seedFrom(`${this.#seed}/${node}`);
    await this.#inner.start(node, {
      receive: (envelope) => this.#receive(envelope, events),
      drop: (reason, envelope, detail) => events.drop(reason, envelope, detail),
      note: (text, code) => events.note(text, code),
    });
  }

  send(envelope: Envelope): void {
    const to = nodeOf(envelope.to);
    const line = this.#lines.get(to);
    if (this.#isQuiet && (line === undefined || line.isEmpty)) return this.#inner.send(envelope);
    if (isParted(this.#faults.groups, this.#node, to)) return this.#drop('fault', envelope, PARTED);
    this.#decide(envelope, to);
  }

  learn(node: string, url: string): void {
    this.#inner.learn?.(node, url);
  }

  release(node: string): void {
    this.#inner.release?.(node);
  }

  async stop(): Promise<void> {
    for (const line of this.#lines.values())
      for (const held of line.clear())
        this.#drop('stopped', held, 'NODE_STOPPED: This node stopped while a fault held it.');
    await this.#inner.stop();
  }

  #receive(envelope: Envelope, events: TransportEvents): void {
    if (isParted(this.#faults.groups, this.#node, nodeOf(envelope.from))) events.drop('fault', envelope, PARTED);
    else events.receive(envelope);
  }

  /** What the faults on its link make of a message. */
  #decide(envelope: Envelope, to: string): void {
    let delayMs = 0;
    let overtakes = false;
    let isTwice = false;
    for (const fault of this.#faults.links) {
      if (!liesOn(fault, this.#node, to)) continue;
      if (fault.kind === 'drop') {
        if (this.#chance(fault)) return this.#drop('fault', envelope, LOST);
      } else if (fault.kind === 'delay') delayMs += this.#between(...fault.addMs);
      else if (fault.kind === 'duplicate') isTwice = this.#chance(fault) || isTwice;
      else if (this.#chance(fault)) {
        overtakes = true;
        delayMs += this.#between(0, fault.withinMs);
      }
    }
    this.#pass(envelope, to, delayMs, overtakes);
    const name = `${envelope.message.type} ${envelope.id} to ${envelope.to}`;
    if (delayMs > 0) this.#events?.note(`${name} is held for ${delayMs.toFixed(1)} ms by a fault`, 'DELAYED');
    if (!isTwice) return;
    this.#events?.note(`${name} is sent twice by a fault`, 'DUPLICATED');
    this.#pass(envelope, to, delayMs, overtakes);
  }

  #pass(envelope: Envelope, to: string, delayMs: number, overtakes: boolean): void {
    const known = this.#lines.get(to);
    if (delayMs === 0 && (known === undefined || known.isEmpty)) return this.#inner.send(envelope);
    const line = known ?? new Line<Envelope>(this.#clock, (held) => this.#inner.send(held));
    if (!known) this.#lines.set(to, line);
    if (!line.add(envelope, delayMs, overtakes)) this.#drop('queue-full', envelope, FULL);
  }

  #drop(reason: DropReason, envelope: Envelope, detail: string): void {
    this.#events?.drop(reason, envelope, detail);
  }

  #chance({ chance }: Exclude<LinkFault, { kind: 'delay' }>): boolean {
    return this.#next() < chance;
  }

  #between(least: number, most: number): number {
    return least + this.#next() * (most - least);
  }

  #next(): number {
    const [value, next] = nextRandom(this.#random);
    this.#random = next;
    return value;
  }
}

const PARTED = 'PARTITIONED: A partition was made between the two nodes; heal it.';
const LOST = 'LINK_FAULT: A fault that lies on this link drops messages; clear it.';
const FULL = 'LINK_FULL: A fault delays this link, which holds all it can.';
