import type { Actor, Outcome } from './actor.ts';
import type { Inboxes } from './inbox.ts';
import type { Delivery, Row, World } from './world.ts';

/** What may happen in a world. `cutShort`: an actor takes up an event and its node crashes before all is said. */
export type ActionKind =
  | 'deliver'
  | 'timer'
  | 'request'
  | 'drop'
  | 'duplicate'
  | 'lose'
  | 'crash'
  | 'cutShort'
  | 'restart'
  | 'partition'
  | 'heal';

/** No promise that this happens: faults, and requests that may come again. */
export const UNFAIR = -1;

const EVENTS = 1 << 20;

/** Tells the taking of an event by an actor from other fair actions. */
export const fairEvent = (actor: number, event: number): number => actor * EVENTS + event;

/** The actor and event of a fair action; undefined for a restart or a heal. */
export function eventOfFair(
  fair: number,
  actors: number,
): { readonly actor: number; readonly event: number } | undefined {
  const actor = Math.floor(fair / EVENTS);
  return actor < actors ? { actor, event: fair % EVENTS } : undefined;
}

/** Every message of a step, as bits. */
export const ALL = -1;

/**
 * All that may happen in a world. One object is used for a whole search: when `visit` is called, its fields tell the action, and
 * `slots` and `values` in what the new world differs from the old.
 */
export class Expansion {
  kind: ActionKind = 'deliver';
  actor = 0;
  /** The event; of a partition its number; of a crash or restart the node's. */
  event = 0;
  /** Of `cutShort`: which of its sends were out, one bit each. */
  sent = 0;
  /** Tells fair actions apart: one that stays possible must happen. */
  fair = UNFAIR;
  outcome: Outcome | undefined;
  /** How many things could happen so far that change nothing at all; `visit` is not called for them. */
  idle = 0;
  count = 0;
  readonly slots: Int32Array;
  readonly values: Int32Array;
  readonly #world: World;
  /** Whether the network keeps what it delivers. */
  readonly #keeps: boolean;
  readonly #deliveries = new WeakMap<Outcome, readonly Delivery[]>();
  #row: Row = new Int32Array();
  /** Of the present request: its slot, and that slot with its bit. */
  #asked = { slot: 0, used: 0 };
  #visit: () => void = () => {};

  constructor(world: World) {
    this.#world = world;
    this.#keeps = world.configuration.network?.order === 'duplicating';
    this.slots = new Int32Array(world.width + 1);
    this.values = new Int32Array(world.width + 1);
  }

  /** Calls `visit` for each thing that may happen in `row`. */
  each(row: Row, visit: () => void): void {
    this.#row = row;
    this.#visit = visit;
    const { actors } = this.#world;
    for (let index = 0; index < actors.length; index++) this.#ofActor(index, actors[index] as Actor);
    this.#ofRequests();
    this.#ofNodes();
    this.#ofPartitions();
  }

  /** The value of a slot in the world in which this may happen. */
  before(slot: number): number {
    return this.#row[slot] as number;
  }

  #ofActor(index: number, actor: Actor): void {
    const { firstInbox, inboxes, configuration, drops, duplicates, partition } = this.#world;
    const row = this.#row;
    const state = actor.state(row[index] as number);
    const inbox = (inboxes[index] as Inboxes).at(row[firstInbox + index] as number);
    const lossy = configuration.network?.lossy ?? false;
    for (const event of inbox.next) {
      const isCut = row[partition] !== 0 && this.#isCut(actor, event);
      if (!isCut) {
        if (state.up) this.#step('deliver', index, actor, event, true);
        else this.#lose('lose', index, event);
      }
      if (lossy || (row[drops] as number) > 0) this.#lose('drop', index, event);
      if (!isCut && state.up && (row[duplicates] as number) > 0) this.#step('duplicate', index, actor, event, false);
    }
    for (const timer of state.timers) {
      const may = configuration.timerMayFire;
      if (may && !may({ actor: actor.address, id: timer.id }, this.#world.views(row), this.#world.networkView(row)))
        continue;
      this.#step('timer', index, actor, timer.event, true);
    }
  }

  #isCut(actor: Actor, event: number): boolean {
    const from = actor.event(event).from as string;
    return this.#world.cut(this.#row, from.slice(from.indexOf('@') + 1), actor.node);
  }

  #ofRequests(): void {
    const { requests, firstRequest, actors } = this.#world;
    for (let index = 0; index < requests.length; index++) {
      const { actor: to, event, once } = requests[index] as (typeof requests)[number];
      const actor = actors[to] as Actor;
      if (!actor.state(this.#row[to] as number).up) continue;
      const slot = firstRequest + Math.floor(index / 30);
      const used = (this.#row[slot] as number) | (1 << (index % 30));
      if (once && used === this.#row[slot]) continue;
      this.#asked = { slot, used: once ? used : (this.#row[slot] as number) };
      this.#step('request', to, actor, event, once);
    }
  }

  #step(kind: ActionKind, index: number, actor: Actor, event: number, fair: boolean): void {
    const outcome = actor.step(this.#row[index] as number, event);
    // Where the network keeps what it delivers, most deliveries come to nothing.
    if (outcome.isIdle && outcome.next === this.#row[index] && this.#leavesNoMark(kind)) {
      this.idle++;
      return;
    }
    this.#begin(kind, index, event, fair ? fairEvent(index, event) : UNFAIR);
    this.#arrive(kind, index, event);
    this.outcome = outcome;
    this.#set(index, outcome.next);
    this.#send(index, outcome, ALL);
    this.#visit();
    const { crashes, stable, nodes } = this.#world;
    const node = nodes.indexOf(actor.node);
    if ((this.#row[crashes] as number) === 0 || stable[node] || outcome.failure !== undefined) return;
    const count = this.#deliveriesOf(index, outcome).length;
    // The first few are out, or, of nodes that count as the same and so have no order, any of them.
    if (this.#world.configuration.symmetry === undefined)
      for (let sent = 0; sent < count; sent++) this.#cutShort(kind, index, event, outcome, 2 ** sent - 1, node);
    else for (let sent = 0; sent < 2 ** count - 1; sent++) this.#cutShort(kind, index, event, outcome, sent, node);
  }

  /** Whether taking an event up changes nothing but the actor. */
  #leavesNoMark(kind: ActionKind): boolean {
    return kind === 'deliver' ? this.#keeps : kind === 'request' && this.#asked.used === this.#row[this.#asked.slot];
  }

  /** The message leaves its inbox, or is counted as doubled. */
  #arrive(kind: ActionKind, index: number, event: number): void {
    const { firstInbox, inboxes, duplicates } = this.#world;
    const slot = firstInbox + index;
    if (kind === 'deliver') this.#set(slot, (inboxes[index] as Inboxes).take(this.#row[slot] as number, event));
    else if (kind === 'request') this.#set(this.#asked.slot, this.#asked.used);
    else if (kind === 'duplicate') this.#set(duplicates, (this.#row[duplicates] as number) - 1);
  }

  /** A crash within a step: what it wrote is durable, and only its first sends are out. */
  #cutShort(kind: ActionKind, index: number, event: number, outcome: Outcome, sent: number, node: number): void {
    this.#begin('cutShort', index, event, UNFAIR);
    this.sent = sent;
    this.outcome = outcome;
    this.#arrive(kind, index, event);
    this.#set(index, outcome.next);
    this.#send(index, outcome, sent);
    this.#fall(node);
    this.#visit();
  }

  #send(index: number, outcome: Outcome, which: number): void {
    if (outcome.sends.length === 0) return;
    const { firstInbox, inboxes } = this.#world;
    const deliveries = this.#deliveriesOf(index, outcome);
    for (let at = 0; at < deliveries.length; at++) {
      if (((which >> at) & 1) === 0) continue;
      const { actor, event } = deliveries[at] as Delivery;
      const slot = firstInbox + actor;
      this.#set(slot, (inboxes[actor] as Inboxes).put(this.#get(slot), event));
    }
  }

  #deliveriesOf(index: number, outcome: Outcome): readonly Delivery[] {
    let deliveries = this.#deliveries.get(outcome);
    if (!deliveries) {
      deliveries = this.#world.deliveries(index, outcome);
      this.#deliveries.set(outcome, deliveries);
    }
    return deliveries;
  }

  /** A message is lost: by the network, or because its receiver is down. */
  #lose(kind: 'drop' | 'lose', index: number, event: number): void {
    const { firstInbox, inboxes, drops, configuration } = this.#world;
    const slot = firstInbox + index;
    this.#begin(kind, index, event, kind === 'lose' ? fairEvent(index, event) : UNFAIR);
    const inbox = inboxes[index] as Inboxes;
    this.#set(
      slot,
      kind === 'drop' ? inbox.remove(this.#row[slot] as number, event) : inbox.take(this.#row[slot] as number, event),
    );
    if (kind === 'drop' && !configuration.network?.lossy) this.#set(drops, (this.#row[drops] as number) - 1);
    this.#visit();
  }

  #ofNodes(): void {
    const { nodes, actorsOf, actors, crashes, configuration } = this.#world;
    const restarts = configuration.faults?.restarts ?? true;
    for (let node = 0; node < nodes.length; node++) {
      if (this.#world.stable[node]) continue;
      const first = actorsOf[node]?.[0] as number;
      const up = (actors[first] as Actor).state(this.#row[first] as number).up;
      if (up && (this.#row[crashes] as number) > 0) {
        this.#begin('crash', first, node, UNFAIR);
        this.#fall(node);
        this.#visit();
      } else if (!up && restarts) this.#restart(node, first);
    }
  }

  #fall(node: number): void {
    const { actorsOf, actors, crashes } = this.#world;
    for (const index of actorsOf[node] ?? []) this.#set(index, (actors[index] as Actor).crashed(this.#get(index)));
    this.#set(crashes, (this.#row[crashes] as number) - 1);
  }

  #restart(node: number, first: number): void {
    const { actorsOf, actors } = this.#world;
    this.#begin('restart', first, node, (actors.length + node) * EVENTS);
    for (const index of actorsOf[node] ?? []) {
      const actor = actors[index] as Actor;
      const start: Outcome = actor.restart(this.#row[index] as number);
      this.#set(index, start.next);
      this.#send(index, start, ALL);
      if (start.failure !== undefined) this.outcome = start;
    }
    this.#visit();
  }

  #ofPartitions(): void {
    const { partitions, partition, cuts, actors } = this.#world;
    if (this.#row[partition] !== 0) {
      this.#begin('heal', 0, 0, actors.length * 2 * EVENTS);
      this.#set(partition, 0);
      this.#visit();
    } else if ((this.#row[cuts] as number) > 0) {
      for (let number = 1; number < partitions.length; number++) {
        this.#begin('partition', 0, number, UNFAIR);
        this.#set(partition, number);
        this.#set(cuts, (this.#row[cuts] as number) - 1);
        this.#visit();
      }
    }
  }

  #begin(kind: ActionKind, actor: number, event: number, fair: number): void {
    this.kind = kind;
    this.actor = actor;
    this.event = event;
    this.sent = 0;
    this.fair = fair;
    this.outcome = undefined;
    this.count = 0;
  }

  #get(slot: number): number {
    for (let at = 0; at < this.count; at++) if (this.slots[at] === slot) return this.values[at] as number;
    return this.#row[slot] as number;
  }

  #set(slot: number, value: number): void {
    for (let at = 0; at < this.count; at++) {
      if (this.slots[at] === slot) {
        this.values[at] = value;
        return;
      }
    }
    this.slots[this.count] = slot;
    this.values[this.count++] = value;
  }
}
