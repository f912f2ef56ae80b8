import type { EventObject } from 'xstate';
import type { Address } from './address.ts';
import { assert } from './assert.ts';
import type { Message } from './envelope.ts';
import type { SequentialObject } from './history.ts';
import type { NodeView, Property } from './property.ts';
import type { Protocol } from './protocol.ts';

/** A protocol's parts by their names in the paper: `{ coordinator, participant }`. A protocol of equals has one. */
export type Roles = Readonly<Record<string, Protocol>>;

/** An actor of a configuration. Members with the same node share its fate. */
export interface Member {
  readonly address: Address;
  /** A role of the specification. */
  readonly role: string;
  /** The machine's input; the host adds `self`, `seed` and, after a crash, `recovered`. */
  readonly input?: object;
  /** Its node never crashes or pauses and no partition cuts it off: clients, mostly. */
  readonly stable?: boolean;
}

/** Something the outside world may ask of a member: the protocol's own inputs. */
export interface Request {
  readonly to: Address;
  /** The event the member receives. `from` and `at` are the host's, as in every event. */
  readonly event: EventObject;
  readonly from?: Address;
  /** How often it may happen: once (default), or in any state again. */
  readonly times?: 'once' | 'always';
}

/** Who takes part, and what is promised. */
export interface Cluster {
  readonly members: readonly Member[];
  readonly properties: readonly Property[];
}

// --- For the checker ---------------------------------------------------------------------------------------------

/**
 * `fifo`: messages of a pair arrive in order. `unordered`: in any order. `duplicating`: messages are read but never taken,
 * so that each may arrive any number of times in any order.
 */
export type NetworkOrder = 'fifo' | 'unordered' | 'duplicating';

/** What the checker's network and nodes may do besides what is right. Counts are budgets for one path; without a count, none. */
export interface CheckFaults {
  /** Crashes of any node that is not stable. */
  readonly crashes?: number;
  /** Whether a node that is down may start again; default true. */
  readonly restarts?: boolean;
  /** Messages lost. `lossy` on the network loses any number. */
  readonly drops?: number;
  /** Messages delivered twice, on a network that does not duplicate by itself. */
  readonly duplicates?: number;
  /** Partitions into two groups, each healed at any later moment or never. */
  readonly partitions?: number;
}

/** What a model's assumptions of synchrony may look at. */
export interface NetworkView {
  /** Messages on their way between members. */
  readonly inFlight: readonly { readonly from: Address; readonly to: Address; readonly message: Message }[];
  /** Whether no partition separates two nodes. */
  connected(a: string, b: string): boolean;
}

/** A bounded world that the checker can follow through every schedule. */
export interface CheckConfiguration extends Cluster {
  readonly requests?: readonly Request[];
  /** Default: unordered and not lossy. */
  readonly network?: {
    readonly order: NetworkOrder;
    /** Whether any message may be lost, any number of them. */
    readonly lossy?: boolean;
    /**
     * Of a lossy network: how many messages may be on their way to one member. One more, or the copy of one that is on its way, is
     * lost at once: what keeps a search finite in which heartbeats pile up.
     */
    readonly capacity?: number;
  };
  readonly faults?: CheckFaults;
  /** Worlds in which this is false are counted and judged but not followed: what bounds terms, ballots and logs. */
  readonly within?: (nodes: readonly NodeView[]) => boolean;
  /**
   * An assumption of synchrony: whether this armed timer may fire in this world. Without it any armed timer may fire at any time.
   * `id` is XState's: `xstate.after.voteTimeout.…` for `after`, else the id of the delayed raise. Asked in every world, so keep it cheap.
   */
  readonly timerMayFire?: (
    timer: { readonly actor: Address; readonly id: string },
    nodes: readonly NodeView[],
    network: NetworkView,
  ) => boolean;
  /**
   * Whether a message will never again change this actor or make it speak, whatever it comes to, a crash and restart included: of a
   * term that is over, for example. The checker takes such messages away at once (its partial-order reduction), and
   * verifies the claim on every step it takes.
   */
  readonly stale?: (actor: NodeView, message: Message, from: Address) => boolean;
  /**
   * Context fields that no behaviour but a timer's delay depends on; worlds that differ in nothing else count as one.
   * A generator and the delays drawn from it belong here.
   */
  readonly ignored?: readonly string[];
  /** Nodes of which the protocol cannot tell one from another, with the context and message fields whose lists are sets of them. */
  readonly symmetry?: { readonly nodes: readonly string[]; readonly sets?: readonly string[] };
  /**
   * Fields, in contexts and messages, whose numbers are only ever compared with each other: worlds whose numbers stand in the same
   * order count as one, 0 staying 0. It makes a search finite in which ballots grow for ever, and lets it close a livelock's circle.
   */
  readonly ordered?: readonly string[];
}

/** What is known of a model, so that a change of the machine or the checker shows. */
export interface Expected {
  readonly nodes: number;
  /** Distinct states of the whole search. */
  readonly distinct: number;
  /** States on the longest of the shortest paths, the initial one included. */
  readonly depth: number;
  /** The properties that the model refutes, to show what its assumptions are worth. */
  readonly violates?: readonly string[];
}

/** A bounded configuration for the checker, of a size that can be chosen. */
export interface Model {
  /** Lower-case with dashes, for example `gray-lamport`. */
  readonly name: string;
  /** One sentence: what it bounds, and what it shows. */
  readonly about: string;
  /** How many nodes `configure` takes. */
  readonly nodes: { readonly default: number; readonly min: number; readonly max: number };
  configure(nodes: number): CheckConfiguration;
  /** The first one is checked in the default test suite. */
  readonly expected: readonly Expected[];
}

// --- For the simulator -------------------------------------------------------------------------------------------

/** A cluster with clients, for as long as one likes. */
export interface SimulationConfiguration extends Cluster {
  /** Requests, each at its moment in simulated milliseconds. */
  readonly requests?: readonly (Request & { readonly atMs: number })[];
  /** The object that clients' operations are about: their history must be linearizable. */
  readonly object?: SequentialObject;
  /**
   * What must come once all faults have healed: true within `withinMs` of simulated time. `healed` is the world at that moment.
   * `operations` counts those that returned since then.
   */
  readonly progress?: {
    /** One sentence for a report, for example `every client has an operation answered`. */
    readonly about: string;
    readonly withinMs: number;
    holds(now: readonly NodeView[], healed: readonly NodeView[], operations: number): boolean;
  };
}

/** A configuration for the simulator, of a size that can be chosen. */
export interface Simulation {
  readonly name: string;
  readonly about: string;
  readonly nodes: { readonly default: number; readonly min: number; readonly max: number };
  readonly clients: { readonly default: number; readonly min: number; readonly max: number };
  configure(size: { readonly nodes: number; readonly clients: number }): SimulationConfiguration;
}

// --- Mistakes ----------------------------------------------------------------------------------------------------

/** A seeded mistake: a variant of one role that checker or simulator must refute. */
export interface Mutant {
  /** Lower-case with dashes, unique within the specification, for example `forgets-vote`. */
  readonly name: string;
  /** One sentence: what the mistake is. */
  readonly mistake: string;
  /** Where it is known from: paper and section, or a real bug. */
  readonly source: string;
  readonly role: string;
  /** The role with the mistake: `machine.provide(…)`, another list of durable fields, and never a copy. */
  mutate(protocol: Protocol): Protocol;
  /** Names of the properties it may break; a broken assertion of the machine counts as well. */
  readonly violates: readonly string[];
  /** The model in which the checker looks for it, and of what size; the checker leaves it out where there is none. */
  readonly check?: { readonly model: string; readonly nodes?: number };
  /** The simulation in which the simulator looks for it, with the faults it needs and the seeds it may take. */
  readonly simulate?: {
    readonly simulation: string;
    readonly nodes?: number;
    readonly faults: readonly string[];
    readonly seeds: number;
    readonly seconds: number;
  };
}

// --- Cases --------------------------------------------------------------------------------------------------------

/** What members of a role may be given that neither models nor simulations give them, for generated tests: a cluster of one, a timer of a day. */
export interface Cases {
  /** Complete, with `self` and `seed`. */
  readonly inputs?: readonly Readonly<Record<string, unknown>>[];
  /** Messages with `from`, requests, timers; `at` is 0 where it is left out. */
  readonly events?: readonly (EventObject & Readonly<Record<string, unknown>>)[];
}

/** All that tools need to know of a protocol's folder. */
export interface Specification {
  /** As its folder: lower-case with dashes. */
  readonly name: string;
  /** For a heading: `Two-phase commit`. */
  readonly title: string;
  readonly roles: Roles;
  /** The first one is the default. */
  readonly models: readonly Model[];
  readonly simulations: readonly Simulation[];
  readonly mutants: readonly Mutant[];
  /** By role. */
  readonly cases?: Readonly<Record<string, Cases>>;
}

/** Declares a specification. Throws an `AssertionError` when it contradicts itself. */
export function defineSpecification(specification: Specification): Specification {
  const { name, roles, models, simulations, mutants, cases = {} } = specification;
  assert(Object.keys(roles).length > 0, `${name}: a specification has a role`);
  for (const list of [models, simulations, mutants]) {
    const names = list.map((item) => item.name);
    for (const each of names)
      assert(/^[a-z][a-z0-9-]*$/.test(each), `${name}: "${each}" must be lower-case with dashes`);
    assert(new Set(names).size === names.length, `${name}: two of ${names.join(', ')} have one name`);
  }
  for (const role of Object.keys(cases)) assert(role in roles, `${name}: there are cases of an unknown role "${role}"`);
  for (const { name: mutant, role, check, simulate } of mutants) {
    assert(role in roles, `${name}: mutant "${mutant}" is of role "${role}", which does not exist`);
    assert(check !== undefined || simulate !== undefined, `${name}: nobody looks for mutant "${mutant}"`);
    if (check)
      assert(
        models.some((model) => model.name === check.model),
        `${name}: no model "${check.model}"`,
      );
    if (simulate)
      assert(
        simulations.some((each) => each.name === simulate.simulation),
        `${name}: no "${simulate.simulation}"`,
      );
  }
  return specification;
}

/** The specification with a mutant in the place of its role. */
export const withMutant = (specification: Specification, mutant: Mutant): Specification => ({
  ...specification,
  roles: {
    ...specification.roles,
    [mutant.role]: mutant.mutate(specification.roles[mutant.role] as Protocol),
  },
});
