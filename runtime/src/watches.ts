import { type Address, actorOf, address, isAddress, isName, type Message, nodeOf } from '@synod/protocol';
import { Observable, type Subscriber } from 'rxjs';
import * as v from 'valibot';
import type { Clock, Timer } from './clock.ts';

/** Tells a watcher that an actor has ended for good; a supervised restart is no end. */
export interface Terminated extends Message {
  readonly type: 'Terminated';
  readonly actor: Address;
  readonly reason: string;
}

const name = v.pipe(v.string(), v.check(isName));
const addressSchema = v.custom<Address>(isAddress);

/** Between the `system` actors of two nodes. */
const control = v.variant('type', [
  v.strictObject({ type: v.literal('Watch'), actor: name }),
  v.strictObject({ type: v.literal('Unwatch'), actor: name }),
  v.strictObject({ type: v.literal('Terminated'), actor: addressSchema, reason: v.string() }),
]);
type ControlMessage = v.InferOutput<typeof control>;

/** The name under which a node's own control messages travel. */
export const SYSTEM_ACTOR = 'system';

/** How often a watch of a remote actor is renewed, so that neither a lost message nor a restart of its node ends it unseen. */
export const RENEWAL_MS = 5_000;

export interface WatchHost {
  readonly node: string;
  readonly clock: Clock;
  /** Whether such an actor lives on this node. */
  isAlive(actor: string): boolean;
  /** Why no actor lives on another node any more, if that is known. */
  endOf(node: string): string | undefined;
  send(from: Address, to: Address, message: Message): void;
}

/** Who watches whom, on this node and across nodes. */
export class Watches {
  readonly #host: WatchHost;
  readonly #self: Address;
  readonly #subscribers = new Map<Address, Set<Subscriber<Terminated>>>();
  readonly #renewals = new Map<Address, Timer>();
  /** Remote nodes that watch an actor of this node. */
  readonly #watchers = new Map<string, Set<Address>>();

  constructor(host: WatchHost) {
    this.#host = host;
    this.#self = address(SYSTEM_ACTOR, host.node);
  }

  /** Emits once, when `actor` has ended for good or is found not to exist, then completes. */
  watch(actor: Address): Observable<Terminated> {
    return new Observable((subscriber) => {
      const ended = this.#isLocal(actor)
        ? this.#host.isAlive(actorOf(actor))
          ? undefined
          : 'unknown'
        : this.#host.endOf(nodeOf(actor));
      if (ended !== undefined) {
        subscriber.next({ type: 'Terminated', actor, reason: ended });
        subscriber.complete();
        return undefined;
      }
      const subscribers = this.#subscribers.get(actor) ?? new Set();
      this.#subscribers.set(actor, subscribers.add(subscriber));
      if (!this.#isLocal(actor) && subscribers.size === 1) this.#renew(actor);
      return () => {
        if (subscribers.delete(subscriber) && subscribers.size === 0) this.#unwatch(actor);
      };
    });
  }

  /** An actor of this node has ended. */
  terminated(actor: string, reason: string): void {
    const terminated: Terminated = { type: 'Terminated', actor: address(actor, this.#host.node), reason };
    const watchers = this.#watchers.get(actor) ?? [];
    this.#watchers.delete(actor);
    for (const watcher of watchers) this.#host.send(this.#self, watcher, terminated);
    this.#announce(terminated);
  }

  /** No actor of another node lives any more, and nobody there watches. */
  nodeEnded(node: string, reason: string): void {
    for (const actor of [...this.#subscribers.keys()]) {
      if (nodeOf(actor) === node) this.#announce({ type: 'Terminated', actor, reason });
    }
    for (const watchers of this.#watchers.values()) watchers.delete(address(SYSTEM_ACTOR, node));
  }

  /** A control message from another node. False when it is none. */
  receive(from: Address, message: Message): boolean {
    const parsed = v.safeParse(control, message);
    if (!parsed.success || actorOf(from) !== SYSTEM_ACTOR) return false;
    const { output } = parsed;
    if (output.type === 'Watch') {
      if (!this.#host.isAlive(output.actor)) {
        const actor = address(output.actor, this.#host.node);
        this.#host.send(this.#self, from, { type: 'Terminated', actor, reason: 'unknown' } as Terminated);
      } else this.#watchers.set(output.actor, (this.#watchers.get(output.actor) ?? new Set()).add(from));
    } else if (output.type === 'Unwatch') this.#watchers.get(output.actor)?.delete(from);
    // Only the node an actor lives on may declare it ended.
    else if (output.type === 'Terminated' && nodeOf(output.actor) === nodeOf(from)) this.#announce(output);
    else return false;
    return true;
  }

  close(): void {
    for (const renewal of this.#renewals.values()) renewal.cancel();
    this.#renewals.clear();
    for (const subscribers of this.#subscribers.values()) for (const subscriber of subscribers) subscriber.complete();
    this.#subscribers.clear();
  }

  #isLocal(actor: Address): boolean {
    return nodeOf(actor) === this.#host.node;
  }

  #renew(actor: Address): void {
    this.#control(actor, 'Watch');
    this.#renewals.set(
      actor,
      this.#host.clock.setTimer(() => this.#renew(actor), RENEWAL_MS),
    );
  }

  #unwatch(actor: Address): void {
    this.#subscribers.delete(actor);
    const renewal = this.#renewals.get(actor);
    if (!renewal) return;
    renewal.cancel();
    this.#renewals.delete(actor);
    this.#control(actor, 'Unwatch');
  }

  #control(actor: Address, type: 'Watch' | 'Unwatch'): void {
    const message: ControlMessage = { type, actor: actorOf(actor) };
    this.#host.send(this.#self, address(SYSTEM_ACTOR, nodeOf(actor)), message);
  }

  #announce(terminated: Terminated): void {
    const subscribers = [...(this.#subscribers.get(terminated.actor) ?? [])];
    this.#renewals.get(terminated.actor)?.cancel();
    this.#renewals.delete(terminated.actor);
    this.#subscribers.delete(terminated.actor);
    for (const subscriber of subscribers) {
      subscriber.next(terminated);
      subscriber.complete();
    }
  }
}
