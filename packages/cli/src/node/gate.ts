import type { Envelope } from '@synod/protocol';
import type { Clock, Timer, Transport, TransportEvents } from '@synod/runtime';

/** Envelopes held for a member that is paused; as a socket's buffer, it takes no more when it is full. */
const MAX_HELD = 10_000;

/**
 * Stands between a system and its network and clock, to do to one of many in a process what signals do to a process of its own: while it
 * is paused nothing goes in or out and no timer fires, though time passes, as under SIGSTOP.
 */
export class Gate {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly #inner: { readonly transport: Transport; readonly clock: Clock };
  #events: TransportEvents | undefined;
  #paused = false;
  /** Timers that ran out while it was paused, and then what came in and what was to go out, in order. */
  #timers: (() => void)[] = [];
  #envelopes: (() => void)[] = [];

  constructor(inner: { readonly transport: Transport; readonly clock: Clock }) {
    this.#inner = inner;
    this.transport = {
      start: (node, events) => this.#start(node, events),
      send: (envelope) => this.#orHold(envelope, () => inner.transport.send(envelope)),
      get url() {
        return inner.transport.url;
      },
      learn: (node, url) => inner.transport.learn?.(node, url),
      release: (node) => inner.transport.release?.(node),
      stop: () => inner.transport.stop(),
    };
    this.clock = {
      now: () => inner.clock.now(),
      defer: (callback) => inner.clock.defer(() => this.#fire(callback)),
      setTimer: (callback, delayMs) => this.#setTimer(callback, delayMs),
    };
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  pause(): void {
    this.#paused = true;
  }

  /** Lets through what was held: first the timers, as a process's event loop does, then the messages. */
  resume(): void {
    this.#paused = false;
    const held = [...this.#timers, ...this.#envelopes];
    this.#timers = [];
    this.#envelopes = [];
    for (const each of held) each();
  }

  async #start(node: string, events: TransportEvents): Promise<void> {
    this.#events = events;
    await this.#inner.transport.start(node, {
      receive: (envelope) => this.#orHold(envelope, () => events.receive(envelope)),
      drop: (reason, envelope, detail) => events.drop(reason, envelope, detail),
      note: (text, code) => events.note(text, code),
    });
  }

  #orHold(envelope: Envelope, act: () => void): void {
    if (!this.#paused) act();
    else if (this.#envelopes.length < MAX_HELD) this.#envelopes.push(act);
    else this.#events?.drop('queue-full', envelope, 'NODE_PAUSED: This node is paused, and holds all it can.');
  }

  #setTimer(callback: () => void, delayMs: number): Timer {
    let cancelled = false;
    const timer = this.#inner.clock.setTimer(() => this.#fire(() => cancelled || callback()), delayMs);
    return {
      cancel() {
        cancelled = true;
        timer.cancel();
      },
    };
  }

  #fire(callback: () => void): void {
    if (this.#paused) this.#timers.push(callback);
    else callback();
  }
}
