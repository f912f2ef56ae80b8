import {
  type Address,
  createEngine,
  type Effect,
  type NodeView,
  nodeOf,
  type Protocol,
  received,
  Sequence,
  step,
} from '@synod/protocol';
import * as v from 'valibot';
import type { EventObject } from 'xstate';
import type { Ballot } from '../../paxos/ballot.ts';
import type { StateMachine } from '../../replicated/index.ts';
import type { ReplicaContext, ReplicaInput, ReplicaSettings } from '../context.ts';
import type {
  Accept,
  Entry,
  PaxosMessage,
  Prepare,
  PromiseMessage,
  Proposal,
  ReplicaMessage,
  SlotProposal,
} from '../messages.ts';
import { multiPaxos } from '../protocol.ts';
import type { ReplicaEmitted } from '../wiring.ts';

// Replicas driven by step() alone: no runtime, no clock. The test says what is delivered, what is lost, and who crashes when.

/** The replicated state machine of the tests: a list of words. Its response tells how many words there are by now. */
export const journal: StateMachine<readonly string[], string, number> = {
  initial: [],
  apply: (words, word) => [[...words, word], words.length + 1],
  command: v.string(),
  bytes: (word) => word.length,
};
export const protocol = multiPaxos(journal);

export const at = (node: string): Address => `replica@${node}`;
export const client: Address = 'client@c1';
export const [n1, n2, n3, n4, n5] = ['n1', 'n2', 'n3', 'n4', 'n5'].map(at) as [
  Address,
  Address,
  Address,
  Address,
  Address,
];

// --- What is said ------------------------------------------------------------------------------------------------

export const b = (round: number, proposer: Address = n2): Ballot => ({ round, proposer });
export const noop: Entry = { kind: 'noop' };
export const word = (command: string, sequenceNum = 1, clientId = 1, answeredBelow = 0): Entry => ({
  kind: 'command',
  clientId,
  sequenceNum,
  answeredBelow,
  command,
});
export const proposal = (ballot: Ballot, entry: Entry): Proposal => ({ ballot, entry });
export const prepare = (ballot: Ballot, chosenThrough = 0): Prepare => ({ type: 'Prepare', ballot, chosenThrough });
export const promise = (ballot: Ballot, accepted: readonly SlotProposal[] = [], chosenThrough = 0): PromiseMessage => ({
  type: 'Promise',
  ballot,
  accepted: [...accepted],
  chosenThrough,
});
export const accept = (ballot: Ballot, slot: number, entry: Entry, chosenThrough = 0): Accept => ({
  type: 'Accept',
  ballot,
  slot,
  entry,
  chosenThrough,
});
export const heartbeat = (ballot: Ballot, chosenThrough = 0): PaxosMessage => ({
  type: 'Heartbeat',
  ballot,
  chosenThrough,
});
export const accepted = (ballot: Ballot, slot: number): PaxosMessage => ({ type: 'Accepted', ballot, slot });
export const nack = (promised: Ballot): PaxosMessage => ({ type: 'Nack', promised });
export const catchUp = (first: number, chosen: readonly Proposal[], chosenThrough = 0): PaxosMessage => ({
  type: 'CatchUp',
  first,
  chosen: [...chosen],
  chosenThrough,
});
export const register = { type: 'RegisterClient' } as const;
export const request = (command: string, sequenceNum = 1, clientId = 1, answeredBelow = 0) =>
  ({ type: 'ClientRequest', clientId, sequenceNum, answeredBelow, command }) as const;
export type Incoming = PaxosMessage | typeof register | ReturnType<typeof request>;

// --- One replica -------------------------------------------------------------------------------------------------

export interface Sent {
  readonly to: Address;
  readonly message: ReplicaMessage;
}

/** What one step came to. */
export interface Outcome {
  /** What was stepped, by which event; neither for a replica's start. */
  readonly stepped?: { readonly snapshot: Snapshot; readonly event: EventObject };
  readonly effects: readonly Effect[];
  readonly before: ReplicaContext;
  readonly after: ReplicaContext;
  readonly value: unknown;
  /** One for each receiver. */
  readonly sends: readonly Sent[];
  readonly emits: readonly ReplicaEmitted[];
  /** `cancel leaderTimeout`, `set heartbeatInterval`, in the order of the effects. */
  readonly timers: readonly string[];
}

export type TimerName = 'leaderTimeout' | 'heartbeatInterval';
export type State = 'passive' | 'preparing' | 'leading';

export interface ReplicaOptions extends Partial<ReplicaSettings> {
  readonly self?: Address;
  /** Replicas in the cluster. Default 3. */
  readonly size?: number;
  readonly seed?: number;
  readonly promised?: Ballot;
  readonly log?: readonly (Proposal | null)[];
  readonly chosenThrough?: number;
  /** Another variant of the protocol. */
  readonly of?: Protocol;
}

export const members = (size: number): Address[] => Array.from({ length: size }, (_, index) => at(`n${index + 1}`));
const timerName = (id: string): TimerName => id.split('.')[2] as TimerName;
export type Snapshot = ReturnType<ReturnType<typeof createEngine>['initial']>['snapshot'];
const engines = new Map<Protocol['machine'], ReturnType<typeof createEngine>>();
const engineOf = ({ machine }: Protocol) => {
  const engine = engines.get(machine) ?? createEngine(machine);
  engines.set(machine, engine);
  return engine;
};

export class Replica {
  readonly self: Address;
  readonly peers: readonly Address[];
  readonly started: Outcome;
  readonly #engine: ReturnType<typeof createEngine>;
  readonly #timers = new Map<string, EventObject>();
  #snapshot: Snapshot;

  constructor(options: ReplicaOptions = {}) {
    const { self = n1, size = 3, seed = 1, promised, log, chosenThrough, of = protocol, ...settings } = options;
    this.self = self;
    this.peers = members(size).filter((member) => member !== self);
    this.#engine = engineOf(of as Protocol);
    const recovered = {
      ...(promised && { promised }),
      ...(log && { log: Sequence.from(log) }),
      ...(chosenThrough !== undefined && { chosenThrough }),
    };
    const input: ReplicaInput = { self, peers: this.peers, seed, recovered, ...settings };
    const first = this.#engine.initial(input);
    this.#snapshot = first.snapshot;
    this.started = this.#outcome(this.context, first.effects);
  }

  get state(): State {
    const { value } = this.#snapshot;
    return (typeof value === 'string' ? value : Object.keys(value)[0]) as State;
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  get value() {
    return this.#snapshot.value;
  }

  get context(): ReplicaContext {
    return this.#snapshot.context as ReplicaContext;
  }

  /** By slot, what is accepted: a word, `-` for a no-op, `+` for a session, nothing for a gap. */
  get slots(): readonly string[] {
    return [...this.context.log].map((each) => {
      if (!each) return '';
      return each.entry.kind === 'command' ? String(each.entry.command) : each.entry.kind === 'noop' ? '-' : '+';
    });
  }

  get words(): readonly string[] {
    return this.context.replicated.state as readonly string[];
  }

  get timers(): readonly TimerName[] {
    return [...this.#timers.keys()].map(timerName);
  }

  deliver(from: Address, message: Incoming): Outcome {
    return this.#step(received(message, from, 0));
  }

  /** Lets a timer run out; it must be running. */
  fire(name: TimerName): Outcome {
    const entry = [...this.#timers].find(([id]) => timerName(id) === name);
    if (!entry) throw new Error(`${this.self} has no ${name} running`);
    this.#timers.delete(entry[0]);
    return this.#step(entry[1]);
  }

  #step(event: EventObject): Outcome {
    const stepped = { snapshot: this.#snapshot, event };
    const { snapshot, effects } = step(this.#engine, this.#snapshot, event);
    this.#snapshot = snapshot;
    return { ...this.#outcome(stepped.snapshot.context as ReplicaContext, effects), stepped };
  }

  #outcome(before: ReplicaContext, effects: readonly Effect[]): Outcome {
    const sends: Sent[] = [];
    const emits: ReplicaEmitted[] = [];
    const timers: string[] = [];
    for (const effect of effects) {
      if (effect.kind === 'send')
        sends.push(...effect.to.map((to) => ({ to, message: effect.message as ReplicaMessage })));
      else if (effect.kind === 'emit') emits.push(effect.event as ReplicaEmitted);
      else if (effect.kind === 'setTimer') {
        this.#timers.set(effect.id, effect.event);
        timers.push(`set ${timerName(effect.id)}`);
      } else {
        this.#timers.delete(effect.id);
        timers.push(`cancel ${timerName(effect.id)}`);
      }
    }
    return { before, after: this.context, value: this.value, effects, sends, emits, timers };
  }
}

/** A replica that has just started. */
export const passive = (options: ReplicaOptions = {}): Replica => new Replica(options);

/** A replica whose leader timeout has run out, once. */
export function preparing(options: ReplicaOptions = {}): Replica {
  const replica = new Replica(options);
  replica.fire('leaderTimeout');
  return replica;
}

/** A replica to which a bare majority has promised its ballot, having accepted nothing else. */
export function leading(options: ReplicaOptions = {}): Replica {
  const replica = preparing(options);
  const needed = Math.floor((replica.peers.length + 1) / 2);
  for (const peer of replica.peers.slice(0, needed)) replica.deliver(peer, promise(own(replica)));
  return replica;
}

/** The ballot of a replica that prepares or leads. */
export const own = ({ context }: Replica): Ballot => context.promised as Ballot;

export const inState: Readonly<Record<State, (options?: ReplicaOptions) => Replica>> = { passive, preparing, leading };
export const states = Object.keys(inState) as readonly State[];

// --- Looking at outcomes -----------------------------------------------------------------------------------------

type OfType<T extends ReplicaMessage['type']> = Extract<ReplicaMessage, { type: T }>;

/** The messages of one type that a step sent. */
export const sent = <T extends ReplicaMessage['type']>({ sends }: Outcome, type: T): OfType<T>[] =>
  sends.map(({ message }) => message).filter((message): message is OfType<T> => message.type === type);

/** The only message that a step sent, which must be of `type`. */
export function only<T extends ReplicaMessage['type']>({ sends }: Outcome, type: T): OfType<T> {
  const [first, ...rest] = sends;
  if (first?.message.type !== type || rest.length > 0)
    throw new Error(`expected one ${type}, got ${sends.map((each) => each.message.type).join(', ') || 'nothing'}`);
  return first.message as OfType<T>;
}

export const viewOf = (replica: Replica, up = true): NodeView<ReplicaContext> => ({
  node: nodeOf(replica.self),
  actor: replica.self,
  role: 'replica',
  up,
  value: replica.value,
  context: replica.context,
});
