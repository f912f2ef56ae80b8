import {
  actorOf,
  address,
  type Envelope,
  type FactChanged,
  type GossipRequest,
  isSynodError,
  type MembershipEvent,
  type MembershipRequest,
  type MemberView,
  type Message,
  type Metadata,
  nodeOf,
  type ServiceRecipe,
  SynodError,
} from '@synod/protocol';
import { Subject } from 'rxjs';
import { SYSTEM_ACTOR } from '../watches.ts';
import { Arbiter } from './arbiter.ts';
import type { Cluster, ClusterEvent, JoinOptions, LeaveOptions } from './cluster.ts';
import { type ControlMessage, readControl } from './control.ts';
import { clusterDowned, clusterLeft, leaveTimeout, seedsUnreachable, stoppedBefore } from './errors.ts';
import { Facts } from './facts.ts';
import type { ClusterHost } from './host.ts';
import { type Change, Members } from './members.ts';
import { checkMetadata, KEYS, lifeOf, nextAge } from './metadata.ts';
import { Milestone } from './milestone.ts';
import type { ClusterOptions } from './options.ts';
import { FactRegistry } from './registry.ts';
import { FactTopics } from './topics.ts';

/** The cluster as one of its nodes runs it: members and facts come from two actors, whichever protocols they follow. */
export class NodeCluster implements Cluster {
  readonly name: string;
  readonly events$ = new Subject<ClusterEvent>();
  readonly registry: FactRegistry;
  readonly topics: FactTopics;
  readonly #options: ClusterOptions;
  readonly #host: ClusterHost;
  readonly #members: Members;
  readonly #facts: Facts;
  readonly #arbiter: Arbiter | undefined;
  readonly #joined: Milestone;
  readonly #departed: Milestone;
  #refusal: SynodError | undefined;
  #leaving = false;
  #closed = false;
  #peersAreDue = false;

  constructor(options: ClusterOptions, host: ClusterHost) {
    this.#options = options;
    this.#host = host;
    this.name = options.cluster ?? 'synod';
    const { node, clock, send } = host;
    const isAlive = host.isAlive.bind(host);
    this.#members = new Members(node, this.#metadata(options.metadata ?? {}), options.splitBrain !== undefined);
    this.#joined = new Milestone(clock);
    this.#departed = new Milestone(clock);
    this.#facts = new Facts({
      node,
      put: (key, value) => this.#askGossip({ type: 'gossip.put', key, value } satisfies GossipRequest),
      isPresent: (other) => this.#members.has(other),
      note: host.note,
    });
    const facts = this.#facts;
    this.registry = new FactRegistry({ node, facts, isAlive });
    const publish = (other: string, topic: string, message: Message) =>
      this.#tell(other, { type: 'Publish', topic, message });
    this.topics = new FactTopics({ node, self: address(SYSTEM_ACTOR, node), facts, isAlive, publish, send });
    this.#arbiter =
      options.splitBrain &&
      new Arbiter(options.splitBrain, {
        clock,
        members: () => this.#members.all(),
        decided: (decision, dead) => {
          if (decision === 'down') return this.#down('this side of a split must stop');
          for (const other of dead) this.#apply(other, this.#members.bury(other));
        },
      });
  }

  get members(): readonly MemberView[] {
    return this.#members.present;
  }

  get gone(): readonly MemberView[] {
    return this.#members.gone;
  }

  /** Starts the two actors. What the transport is called by is known by now. */
  async start(): Promise<void> {
    const { node, transport, spawn } = this.#host;
    const { membership, metadata = {} } = this.#options;
    for (const [seed, url] of Object.entries(membership.seedUrls)) {
      if (seed === node) continue;
      transport?.learn?.(seed, url);
      // It is no member yet, and may call itself by another URL.
      transport?.release?.(seed);
    }
    const told = this.#metadata(metadata);
    this.#members.describe(told);
    if (told.url !== undefined) transport?.learn?.(node, told.url);
    const about = { node, cluster: this.name, metadata: told };
    await spawn(membership.gossip, membership.gossip.input(about), (event) => this.#onGossip(event as FactChanged));
    await spawn(membership.member, membership.member.input(about), (event) => this.#onMember(event as MembershipEvent));
  }

  joined({ timeoutMs }: JoinOptions = {}): Promise<void> {
    return this.#joined.wait(timeoutMs, () => this.#refusal ?? seedsUnreachable(this.#host.node, timeoutMs));
  }

  describe(metadata: Metadata): void {
    checkMetadata(metadata);
    const { url, age } = this.#members.self.metadata;
    const told = this.#metadata({ ...(url && { url }), ...(age && { age }), ...metadata });
    if (told.url !== undefined) this.#host.transport?.learn?.(this.#host.node, told.url);
    this.#describe(told);
  }

  async leave({ timeoutMs = 5_000 }: LeaveOptions = {}): Promise<void> {
    const { node, note, isAlive } = this.#host;
    if (!this.#leaving) {
      this.#leaving = true;
      this.#arbiter?.close();
      this.#joined.settle(clusterLeft(node));
      if (!isAlive(this.#options.membership.member.name)) this.#departed.settle();
      this.#askMember({ type: 'member.leave' });
    }
    const given = this.#departed.wait(timeoutMs, () => leaveTimeout(node));
    await given.catch((error: SynodError) => note(error.message, error.code));
    for (const other of this.#members.disperse()) this.#facts.turned(other);
    this.#meetSoon();
  }

  /** Leaves, if the node is in and nobody has given it up. */
  async depart(): Promise<void> {
    if (this.#joined.isReached && !this.#closed) await this.leave();
  }

  /** A message for the node's `system` address. False when it is not the cluster's. */
  receive(envelope: Envelope): boolean {
    const { from, message } = envelope;
    const control = actorOf(from) === SYSTEM_ACTOR ? readControl(message) : undefined;
    if (control?.type === 'Publish' && this.topics.has(control.topic)) {
      const actors = this.topics.receive(control.topic, { from, message: control.message });
      for (const actor of actors)
        this.#host.deliver({ ...envelope, to: address(actor, this.#host.node), message: control.message });
      return true;
    }
    const isMember = this.#members.has(nodeOf(from)) || this.#members.endOf(nodeOf(from)) !== undefined;
    if (control?.type !== 'Down' || control.life !== this.#host.life || !this.#arbiter || !isMember) return false;
    this.#down(`${nodeOf(from)} is on the side of a split that went on`);
    return true;
  }

  /** Why nobody lives on a node any more, if that is so. */
  endOf(node: string): string | undefined {
    return this.#members.endOf(node);
  }

  /** An actor of this node has ended. */
  ended(actor: string): void {
    this.registry.ended(actor);
    this.topics.ended(actor);
    if (actor === this.#options.membership.member.name) this.#departed.settle();
  }

  close(): void {
    this.#closed = true;
    this.#arbiter?.close();
    this.#joined.settle(stoppedBefore());
    this.#departed.settle();
    this.topics.close();
    this.#facts.close();
    this.events$.complete();
  }

  #onMember(event: MembershipEvent): void {
    if (this.#closed) return;
    switch (event.type) {
      case 'memberChanged':
        return this.#leaving ? undefined : this.#onChange(event.member);
      case 'memberJoined':
        if (this.#options.splitBrain?.strategy === 'keep-oldest' && !this.#joined.isReached) {
          const { metadata } = this.#members.self;
          this.#describe({ ...metadata, [KEYS.age]: String(nextAge(this.#members.all())) });
        }
        return this.#joined.settle();
      case 'memberDeparted':
        return this.#departed.settle();
      case 'membershipRefused':
        return this.#onRefusal(event);
    }
  }

  #onGossip(event: FactChanged | Extract<MembershipEvent, { type: 'membershipRefused' }>): void {
    if (this.#closed) return;
    if (event.type === 'factChanged') this.#facts.learn(event.node, event.key, event.value);
    else if (event.type === 'membershipRefused') this.#onRefusal(event);
  }

  #onChange(member: MemberView): void {
    const { node, status, metadata } = member;
    const isUp = status === 'alive' || status === 'suspect';
    const life = lifeOf(member);
    if (this.#members.isBuried(member)) {
      if (isUp && life !== undefined) this.#tell(node, { type: 'Down', life });
      return;
    }
    const url = metadata.url;
    if (isUp && url !== undefined && node !== this.#host.node) this.#learn(node, url);
    this.#apply(node, this.#members.take(member));
  }

  #learn(node: string, url: string): void {
    try {
      this.#host.transport?.learn?.(node, url);
    } catch (error) {
      if (!isSynodError(error)) throw error;
      this.#host.note(error.message, error.code);
    }
  }

  #onRefusal({ code, text }: { readonly code: string; readonly text: string }): void {
    this.#refusal = new SynodError(code, text, { definite: false });
    this.#host.note(text, code);
    this.events$.next({ type: 'refused', code, text });
  }

  #apply(node: string, { events, ended }: Change): void {
    if (ended !== undefined) {
      this.#host.nodeEnded(node, ended);
      if (!this.#members.has(node)) {
        this.#host.transport?.release?.(node);
        this.#askGossip({ type: 'gossip.forget', node } satisfies GossipRequest);
      }
    }
    if (ended !== undefined || events.some(({ type }) => type === 'joined')) {
      this.#facts.turned(node);
      this.#meetSoon();
    }
    for (const event of events) this.events$.next(event);
    this.#arbiter?.look();
  }

  /** Whom to gossip with changes for many at once when a table is learnt: told once a turn. */
  #meetSoon(): void {
    if (this.#peersAreDue) return;
    this.#peersAreDue = true;
    this.#host.clock.defer(() => {
      this.#peersAreDue = false;
      const { name } = this.#options.membership.gossip;
      const peers = this.#members.present.map(({ node }) => address(name, node));
      if (!this.#closed) this.#askGossip({ type: 'gossip.peers', peers } satisfies GossipRequest);
    });
  }

  #metadata(told: Metadata): Metadata {
    const url = this.#host.transport?.url;
    return { ...(url === undefined ? {} : { url }), ...told, [KEYS.life]: this.#host.life };
  }

  #describe(metadata: Metadata): void {
    this.events$.next(this.#members.describe(metadata));
    this.#askMember({ type: 'member.describe', metadata });
  }

  #down(why: string): void {
    if (this.#closed || this.#leaving) return;
    this.#leaving = true;
    this.#arbiter?.close();
    this.#departed.settle();
    const error = clusterDowned(this.#host.node, why);
    this.#host.note(error.message, error.code);
    this.events$.next({ type: 'downed', code: error.code, text: error.message });
    const { onDown } = this.#options.splitBrain ?? {};
    if (onDown) onDown(error);
    else this.#host.fail(error);
  }

  #tell(node: string, message: ControlMessage): void {
    this.#host.send(address(SYSTEM_ACTOR, node), message);
  }

  #askMember(request: MembershipRequest): void {
    this.#ask(this.#options.membership.member, request);
  }

  #askGossip(request: GossipRequest): void {
    this.#ask(this.#options.membership.gossip, request);
  }

  #ask({ name }: ServiceRecipe, request: Message): void {
    if (!this.#closed && this.#host.isAlive(name)) this.#host.send(address(name, this.#host.node), request);
  }
}
