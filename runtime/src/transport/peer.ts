import { assert, type DropReason, describeError, type Envelope, isSynodError, SynodError } from '@synod/protocol';
import type { Timer } from '../clock.ts';
import { Backoff } from './backoff.ts';
import { BATCH_OVERHEAD } from './codec.ts';
import type { Connection, Ending } from './connection.ts';
import { decides, isPermanent } from './handshake.ts';
import type { Settings } from './options.ts';
import { type Outgoing, SendQueue } from './send-queue.ts';
import type { Counters } from './stats.ts';

/** Frames are filled up to here, or to `maxFrameBytes`: larger ones keep a receiver from all else for too long. */
const TARGET_FRAME_BYTES = 256 * 1024;

/** What a peer needs of the transport it belongs to. */
export interface PeerHost {
  readonly self: string;
  readonly settings: Settings;
  readonly counters: Counters;
  dial(node: string, url: string): Connection;
  drop(reason: DropReason, envelope: Envelope, detail: string): void;
  note(text: string, code: string): void;
  /** Nothing is left to remember. */
  forget(peer: Peer): void;
}

/** Another node: what waits for it, the connection to it, and the attempts to get one. */
export class Peer {
  readonly node: string;
  readonly #host: PeerHost;
  readonly #queue: SendQueue;
  readonly #backoff: Backoff;
  readonly #frameBytes: number;
  /** Whether this node decides which of two crossing connections stays, and so dials again sooner. */
  readonly #first: boolean;
  /** Whether the connection is kept up even if there is nothing to send. */
  readonly #kept: boolean;
  #current: Connection | undefined;
  #dialling: Connection | undefined;
  #retry: Timer | undefined;
  #forgetting: Timer | undefined;
  #idle: Timer | undefined;
  /** When envelopes last went either way. */
  #activeAt = 0;
  #pumping = false;
  #stopped = false;
  /** The code of the last failure that was noted, so that a long outage is noted once. */
  #noted: string | undefined;
  #lives = 0;
  #wasIdle = false;

  constructor(node: string, host: PeerHost) {
    const { queue, backoff, random, maxFrameBytes } = host.settings;
    this.node = node;
    this.#host = host;
    this.#queue = new SendQueue(queue);
    this.#backoff = new Backoff(backoff, random);
    this.#frameBytes = Math.min(maxFrameBytes, TARGET_FRAME_BYTES) - BATCH_OVERHEAD;
    this.#first = decides(host.self, node);
    this.#kept = host.settings.directory.kept.has(node);
  }

  get current(): Connection | undefined {
    return this.#current;
  }

  /** Whether nothing waits that could still be brought over. */
  get settled(): boolean {
    return !this.#current || (this.#queue.length === 0 && this.#current.settled);
  }

  /** Whether nothing would be lost if it were forgotten. */
  get isResting(): boolean {
    return !this.#kept && !this.#current && !this.#dialling && this.#queue.length === 0;
  }

  /** Queues an envelope; it leaves together with all others of this turn of the event loop. */
  send(item: Outgoing): void {
    for (const { envelope } of this.#queue.push(item)) {
      this.#host.drop(
        'queue-full',
        envelope,
        `QUEUE_FULL: Too much waits for ${this.node}; send less, or raise the limit.`,
      );
    }
    if (!this.#current) return this.connect();
    if (this.#pumping) return;
    this.#pumping = true;
    this.#host.settings.clock.defer(() => {
      this.#pumping = false;
      this.pump();
    });
  }

  /** Sends what waits, as far as the connection takes it. */
  pump(): void {
    const connection = this.#current;
    while (this.#queue.length > 0 && connection?.hasRoom()) {
      const items = this.#queue.take(this.#frameBytes);
      this.#host.counters.sent += items.length;
      this.#host.counters.framesSent++;
      this.active();
      connection.send(items);
    }
  }

  /** Envelopes go either way. */
  active(): void {
    this.#activeAt = this.#host.settings.clock.now();
  }

  /** Sees to it that there will be a connection, if this node can. */
  connect(): void {
    if (this.#stopped || this.#current || this.#dialling || this.#retry) return;
    // Two that are kept connected both dial: the second one waits for the first. On demand only one may have something to say.
    if (this.#first || !this.#kept) this.#dial();
    else this.#dialLater(2 * this.#backoff.next());
  }

  /** It may be reached now, or elsewhere than before: what waits is not kept waiting. */
  moved(): void {
    this.#backoff.reset();
    if (!this.#retry) return;
    this.#retry.cancel();
    this.#retry = undefined;
    this.connect();
  }

  /** The handshake of `connection` is complete and it is the one to use. */
  adopt(connection: Connection): void {
    assert(!this.#current && !this.#stopped, 'an established connection is not replaced');
    connection.open();
    this.#current = connection;
    if (this.#dialling === connection) this.#dialling = undefined;
    this.#dialling?.close(surplus(this.node));
    this.#retry?.cancel();
    this.#retry = undefined;
    this.#forgetting?.cancel();
    this.#forgetting = undefined;
    this.#noted = undefined;
    this.#host.counters.connections++;
    if (this.#lives++ > 0) this.#host.counters.reconnects++;
    if (!this.#wasIdle) this.#host.note(`Connected to ${this.node}.`, 'CONNECTION_OPEN');
    this.#wasIdle = false;
    this.active();
    if (!connection.isKept) this.#watchIdle(this.#host.settings.idleMs);
    this.pump();
  }

  /** The peer answers: the next outage begins with a short wait. */
  reached(): void {
    this.#backoff.reset();
  }

  /** A connection of this peer ended. */
  ended(connection: Connection, ending: Ending): void {
    if (connection === this.#dialling) {
      this.#dialling = undefined;
      if (!this.#current) this.#failed(ending);
    }
    if (connection !== this.#current) return;
    this.#current = undefined;
    this.#idle?.cancel();
    this.#host.counters.connections--;
    const isIdle = ending.code === IDLE;
    if (!isIdle) this.#host.note(`The connection to ${this.node} ended: ${sentence(ending.text)}.`, ending.code);
    // Not even of an idle connection: what crossed its close may have been taken up just before.
    for (const { envelope } of ending.unconfirmed) {
      const detail = `CONNECTION_LOST: The connection to ${this.node} ended before the message, which may have arrived, was confirmed.`;
      this.#host.drop('unreachable', envelope, detail);
    }
    if (isIdle) this.#rest();
    else this.#again(this.#pause(ending.code));
  }

  /** Makes no more attempts; `finish` ends the rest. */
  quiesce(): void {
    this.#stopped = true;
    this.#retry?.cancel();
    this.#forgetting?.cancel();
    this.#idle?.cancel();
    this.#retry = undefined;
    if (!this.#current) this.finish();
  }

  /** Drops what still waits. */
  finish(): void {
    for (const { envelope } of this.#queue.clear()) {
      this.#host.drop(
        'stopped',
        envelope,
        `NODE_STOPPED: This node stopped before the message could leave for ${this.node}.`,
      );
    }
  }

  #dial(): void {
    const url = this.#url();
    if (url !== undefined) this.#dialling = this.#host.dial(this.node, url);
    if (url === undefined || !this.#kept) this.#forgetLater();
  }

  /** Dials after a while if there is a reason to. */
  #again(delayMs: number): void {
    if (this.#kept || this.#queue.length > 0) this.#dialLater(delayMs);
    else this.#forgetLater();
  }

  /** There was nothing to say; what there is to say by now goes over another connection. */
  #rest(): void {
    this.#wasIdle = true;
    if (this.#queue.length > 0) this.connect();
    else this.#forgetLater();
  }

  #watchIdle(delayMs: number): void {
    const { clock, idleMs, heartbeatMs } = this.#host.settings;
    this.#idle = clock.setTimer(() => {
      const leftMs = this.#activeAt + idleMs - clock.now();
      if (leftMs > 0) this.#watchIdle(leftMs);
      else if (!this.settled) this.#watchIdle(heartbeatMs);
      else this.#current?.close(idle(this.node, idleMs));
    }, delayMs);
  }

  #url(): string | undefined {
    try {
      return this.#host.settings.directory.urlOf(this.node);
    } catch (error) {
      if (!isSynodError(error)) throw error;
      this.#noteOnce(describeError(error), error.code);
      return undefined;
    }
  }

  #dialLater(delayMs: number): void {
    if (this.#stopped || this.#current || this.#dialling || this.#retry) return;
    this.#retry = this.#host.settings.clock.setTimer(() => {
      this.#retry = undefined;
      this.#dial();
    }, delayMs);
  }

  #failed({ code, text }: Ending): void {
    const pauseMs = this.#pause(code);
    const next = isPermanent(code) ? `the next attempt is in ${Math.round(pauseMs / 1000)} s` : 'trying on';
    this.#noteOnce(`${this.node} cannot be reached: ${sentence(text)}; ${next}.`, code);
    this.#again(pauseMs);
  }

  #noteOnce(text: string, code: string): void {
    if (this.#noted === code) return;
    this.#noted = code;
    this.#host.note(text, code);
  }

  #pause(code: string): number {
    if (isPermanent(code)) return this.#backoff.refused();
    return this.#backoff.next() * (this.#first ? 1 : 2);
  }

  /** Nothing waits for ever: neither for a peer without a URL, which alone can come back, nor for one that is not to be kept. */
  #forgetLater(): void {
    if (this.#stopped) return;
    const { clock, forgetMs } = this.#host.settings;
    this.#forgetting ??= clock.setTimer(() => {
      for (const { envelope } of this.#queue.clear()) this.#host.drop('unreachable', envelope, peerGone(this.node));
      this.#host.forget(this);
      this.quiesce();
      this.#dialling?.close(new SynodError('PEER_GONE', peerGone(this.node)));
    }, forgetMs);
  }
}

const sentence = (text: string) => text.replace(/\.$/, '');

const peerGone = (node: string) =>
  `PEER_GONE: ${node} cannot be reached; look whether it runs, and where. What is sent to it from now on is tried anew.`;

/** How a connection ends over which nothing went. */
const IDLE = 'CONNECTION_IDLE';

const idle = (node: string, ms: number) =>
  new SynodError(
    IDLE,
    `Nothing went to or from ${node} for ${ms} ms; there will be another connection when it is needed.`,
  );

const surplus = (node: string) =>
  new SynodError('HANDSHAKE_DUPLICATE', `There is a connection to ${node} already; this one is not needed.`);
