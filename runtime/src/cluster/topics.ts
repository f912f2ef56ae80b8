import { type Address, actorOf, address, isName, type Message, nodeOf, SynodError } from '@synod/protocol';
import { Observable, Subject, Subscription } from 'rxjs';
import type { Facts } from './facts.ts';

/** A message that was published. */
export interface Publication {
  /** The `system` address of the node on which it was published. */
  readonly from: Address;
  readonly message: Message;
}

/**
 * Messages to all who want them, on whatever node. At most once: what is published while a subscription is not yet known everywhere, or on
 * a connection that breaks, does not arrive. From one node to one subscriber they arrive in order.
 */
export interface Topics {
  /**
   * Sends a message once to each node that has a subscriber, and there to each of them; never within the call.
   * @throws SynodError `TOPIC_INVALID`.
   */
  publish(topic: string, message: Message): void;
  /**
   * What is published from now on; this node is a subscriber for as long as somebody is subscribed.
   * @throws SynodError `TOPIC_INVALID`; when subscribed to, `TOPICS_FULL`.
   */
  subscribe(topic: string): Observable<Publication>;
  /**
   * Lets an actor of this node receive what is published, as messages that its schemas allow, until it ends or is unsubscribed.
   * @throws SynodError `TOPIC_INVALID`, `ACTOR_UNKNOWN`, `TOPICS_FULL`.
   */
  subscribeActor(topic: string, actor: Address): Subscription;
}

/** Topics that one node subscribes to. */
const MAX_TOPICS = 1_000;

const PREFIX = 'topic/';

interface TopicsHost {
  readonly node: string;
  /** This node's `system` address. */
  readonly self: Address;
  readonly facts: Facts;
  isAlive(actor: string): boolean;
  /** Sends a publication to another node. */
  publish(node: string, topic: string, message: Message): void;
  /** Hands a publication of this node to an actor here. */
  send(to: Address, message: Message): void;
}

interface Subscribers {
  readonly observers$: Subject<Publication>;
  /** Actors, and how often each is subscribed. */
  readonly actors: Map<string, number>;
  /** Of both kinds. */
  count: number;
}

/** Topics as facts: a node tells for which it has subscribers. */
export class FactTopics implements Topics {
  readonly #host: TopicsHost;
  readonly #subscribers = new Map<string, Subscribers>();

  constructor(host: TopicsHost) {
    this.#host = host;
  }

  publish(topic: string, message: Message): void {
    check(topic);
    const { node, self, facts, publish, send } = this.#host;
    for (const [other] of facts.told(PREFIX + topic)) if (other !== node) publish(other, topic, message);
    if (!this.#subscribers.has(topic)) return;
    queueMicrotask(() => {
      for (const actor of this.receive(topic, { from: self, message })) send(address(actor, node), message);
    });
  }

  subscribe(topic: string): Observable<Publication> {
    check(topic);
    return new Observable((subscriber) => {
      const subscribers = this.#enter(topic);
      const inner = subscribers.observers$.subscribe(subscriber);
      return () => {
        inner.unsubscribe();
        this.#exit(topic, subscribers);
      };
    });
  }

  subscribeActor(topic: string, actor: Address): Subscription {
    check(topic);
    const { node, isAlive } = this.#host;
    const name = actorOf(actor);
    if (nodeOf(actor) !== node || !isAlive(name)) throw unknownHere(actor, node);
    const subscribers = this.#enter(topic);
    const { actors } = subscribers;
    actors.set(name, (actors.get(name) ?? 0) + 1);
    return new Subscription(() => {
      const times = actors.get(name);
      if (times === undefined) return;
      if (times > 1) actors.set(name, times - 1);
      else actors.delete(name);
      this.#exit(topic, subscribers);
    });
  }

  /** A publication reached this node: observers get it; returns the actors that are to have it. */
  receive(topic: string, publication: Publication): readonly string[] {
    const subscribers = this.#subscribers.get(topic);
    if (!subscribers) return [];
    subscribers.observers$.next(publication);
    return [...subscribers.actors.keys()];
  }

  has(topic: string): boolean {
    return this.#subscribers.has(topic);
  }

  /** An actor of this node has ended. */
  ended(actor: string): void {
    for (const [topic, subscribers] of [...this.#subscribers]) {
      const times = subscribers.actors.get(actor) ?? 0;
      subscribers.actors.delete(actor);
      for (let i = 0; i < times; i++) this.#exit(topic, subscribers);
    }
  }

  close(): void {
    for (const { observers$ } of [...this.#subscribers.values()]) observers$.complete();
  }

  #enter(topic: string): Subscribers {
    const known = this.#subscribers.get(topic);
    if (known) {
      known.count++;
      return known;
    }
    if (this.#subscribers.size >= MAX_TOPICS) throw full(this.#host.node);
    const subscribers = { observers$: new Subject<Publication>(), actors: new Map<string, number>(), count: 1 };
    this.#subscribers.set(topic, subscribers);
    this.#host.facts.put(PREFIX + topic, '');
    return subscribers;
  }

  #exit(topic: string, subscribers: Subscribers): void {
    if (--subscribers.count > 0 || this.#subscribers.get(topic) !== subscribers) return;
    this.#subscribers.delete(topic);
    this.#host.facts.put(PREFIX + topic, null);
  }
}

function check(topic: string): void {
  if (isName(topic)) return;
  const text = `"${topic.slice(0, 100)}" cannot name a topic; use 1 to 128 letters, digits, ".", "-" and "_".`;
  throw new SynodError('TOPIC_INVALID', text);
}

const unknownHere = (actor: Address, node: string) =>
  new SynodError(
    'ACTOR_UNKNOWN',
    `There is no actor ${actor} on ${node}; a node subscribes its own actors, once they live.`,
  );

const full = (node: string) =>
  new SynodError(
    'TOPICS_FULL',
    `${node} subscribes to ${MAX_TOPICS} topics, which is the most; use fewer, wider ones.`,
  );
