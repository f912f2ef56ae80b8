import {
  type Address,
  actorOf,
  assert,
  type CheckConfiguration,
  type Engine,
  isAddress,
  type NetworkView,
  type NodeView,
  type Protocol,
  type Roles,
  SynodError,
} from '@synod/protocol';
import { Actor, type Outcome } from './actor.ts';
import { Inboxes } from './inbox.ts';

/** A world as numbers, one a slot: each actor's state, each actor's inbox, then what is left of the budgets. */
export type Row = Int32Array;

/** A message that goes out: to which actor, as which of its events. */
export interface Delivery {
  readonly actor: number;
  readonly event: number;
}

/** One of the protocol's own inputs, as numbers. */
interface Asked {
  readonly actor: number;
  readonly event: number;
  readonly once: boolean;
}

/** What a configuration fixes: actors, where things stand in a row, which partitions there may be. */
export class World {
  readonly configuration: CheckConfiguration;
  readonly actors: readonly Actor[];
  readonly inboxes: readonly Inboxes[];
  readonly nodes: readonly string[];
  /** By node, its actors. */
  readonly actorsOf: readonly (readonly number[])[];
  /** By node, whether it may crash and be cut off. */
  readonly stable: readonly boolean[];
  readonly requests: readonly Asked[];
  /** Which nodes are on the other side, by partition; 0 is none. */
  readonly partitions: readonly (ReadonlySet<string> | undefined)[];
  /** Slots. */
  readonly width: number;
  readonly firstInbox: number;
  readonly crashes: number;
  readonly drops: number;
  readonly duplicates: number;
  readonly cuts: number;
  readonly partition: number;
  readonly firstRequest: number;
  readonly #indices = new Map<Address, number>();

  constructor(
    configuration: CheckConfiguration,
    roles: Roles,
    engineOf: (protocol: Protocol) => Engine,
    memoLimit: number,
  ) {
    this.configuration = configuration;
    const { members, network } = configuration;
    this.actors = members.map((member) => {
      const protocol = roles[member.role];
      assert(protocol, `member ${member.address} is of role "${member.role}", which the specification does not have`);
      assert(isAddress(member.address) && actorOf(member.address), `"${member.address}" is no address`);
      return new Actor(member, protocol, engineOf(protocol), configuration, memoLimit);
    });
    for (const [index, { address }] of this.actors.entries()) {
      assert(!this.#indices.has(address), `${address} is a member twice`);
      this.#indices.set(address, index);
    }
    const order = network?.order ?? 'unordered';
    const capacity = network?.capacity ?? Number.POSITIVE_INFINITY;
    assert(network?.lossy || capacity === Number.POSITIVE_INFINITY, 'only a lossy network may have a capacity');
    this.inboxes = this.actors.map(
      (actor) => new Inboxes(order, capacity, (event) => actor.event(event).from as string),
    );
    this.nodes = [...new Set(this.actors.map(({ node }) => node))];
    const indices = [...this.actors.keys()];
    this.actorsOf = this.nodes.map((node) => indices.filter((index) => this.actors[index]?.node === node));
    this.stable = this.actorsOf.map((those) => those.some((index) => this.actors[index]?.stable));
    this.partitions = [undefined, ...this.#splits()];
    this.requests = (configuration.requests ?? []).map(({ to, event, from, times }) => {
      const actor = this.index(to);
      if (actor === undefined)
        throw new SynodError(
          'MODEL_INVALID',
          `A request is to ${to}, which is no member; name one of ${members.map((m) => m.address).join(', ')}.`,
        );
      return { actor, event: (this.actors[actor] as Actor).local(event, from), once: times !== 'always' };
    });
    this.firstInbox = this.actors.length;
    const end = 2 * this.actors.length;
    [this.crashes, this.drops, this.duplicates, this.cuts, this.partition] = [end, end + 1, end + 2, end + 3, end + 4];
    this.firstRequest = end + 5;
    this.width = this.firstRequest + Math.ceil(this.requests.length / 30);
  }

  /** The number of a member's actor; undefined for those outside the model. */
  index(to: Address): number | undefined {
    return this.#indices.get(to);
  }

  /** The world in which every member has just started. */
  initial(): Row {
    const { faults } = this.configuration;
    const row = new Int32Array(this.width);
    row[this.crashes] = faults?.crashes ?? 0;
    row[this.drops] = faults?.drops ?? 0;
    row[this.duplicates] = faults?.duplicates ?? 0;
    row[this.cuts] = faults?.partitions ?? 0;
    const starts = this.actors.map((actor) => actor.start());
    for (const [index, inboxes] of this.inboxes.entries()) row[this.firstInbox + index] = inboxes.empty;
    for (const [index, { next }] of starts.entries()) row[index] = next;
    for (const [index, start] of starts.entries()) {
      for (const { actor, event } of this.deliveries(index, start)) {
        const slot = this.firstInbox + actor;
        row[slot] = (this.inboxes[actor] as Inboxes).put(row[slot] as number, event);
      }
    }
    return row;
  }

  /** Where a step's sends go, as numbers; what leaves the model is left out. */
  deliveries(sender: number, outcome: Outcome): Delivery[] {
    const from = (this.actors[sender] as Actor).address;
    return outcome.sends.flatMap(({ to, message }) => {
      const actor = this.#indices.get(to);
      return actor === undefined ? [] : [{ actor, event: (this.actors[actor] as Actor).message(from, message) }];
    });
  }

  /** All actors as properties see them. */
  views(row: Row): NodeView[] {
    return this.actors.map((actor, index) => actor.state(row[index] as number).view);
  }

  /** Whether a partition keeps `a` from reaching `b`. */
  cut(row: Row, a: string, b: string): boolean {
    const side = this.partitions[row[this.partition] as number];
    return side !== undefined && side.has(a) !== side.has(b) && !this.#isStable(a) && !this.#isStable(b);
  }

  /** The network as a model's assumptions of synchrony see it. */
  networkView(row: Row): NetworkView {
    const inFlight = this.actors.flatMap((actor, index) => {
      const inbox = (this.inboxes[index] as Inboxes).at(row[this.firstInbox + index] as number);
      return inbox.all.map((id) => {
        const { from, message } = actor.event(id);
        return { from, to: actor.address, message };
      });
    });
    return { inFlight: inFlight as NetworkView['inFlight'], connected: (a, b) => !this.cut(row, a, b) };
  }

  #isStable(node: string): boolean {
    return this.stable[this.nodes.indexOf(node)] ?? false;
  }

  /** Every way to part the nodes in two, by the side on which the first one is not. */
  #splits(): ReadonlySet<string>[] {
    if (!this.configuration.faults?.partitions) return [];
    const movable = this.nodes.filter((_, index) => !this.stable[index]);
    return Array.from(
      { length: 2 ** Math.max(0, movable.length - 1) - 1 },
      (_, bits) => new Set(movable.filter((_, index) => index > 0 && ((bits + 1) >> (index - 1)) & 1)),
    );
  }
}
