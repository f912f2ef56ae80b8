import { type Address, createEngine, type Effect, nodeOf, received, Sequence, step } from '@synod/protocol';
import * as v from 'valibot';
import type { EventObject, SnapshotFrom } from 'xstate';
import type { ClientReply, RegisterClientReply, StateMachine } from '../../replicated/index.ts';
import type { Durable, RaftContext, RaftInput, RaftSettings } from '../context.ts';
import { raftMachine } from '../machine.ts';
import type { Entry, RaftEvent, RaftMessage } from '../messages.ts';
import type { RaftEmitted } from '../wiring.ts';
import { entries, type Incoming, vote } from './builders.ts';

// One server, driven by step() alone: no runtime, no clock. It gets into a role by events, never by writing its state.

/** The replicated state machine of the tests: a list of words. Its response tells how many words there are by now. */
export const journal: StateMachine = {
  initial: [],
  apply: (state, command) => {
    const words = [...(state as readonly string[]), String(command)];
    return [words, words.length];
  },
  command: v.string(),
  bytes: (command) => String(command).length,
};

export const engine = createEngine(raftMachine(journal));
export type Snapshot = SnapshotFrom<typeof engine.machine>;
export type Role = 'follower' | 'candidate' | 'leader';
export type TimerName = 'electionTimeout' | 'heartbeatInterval' | 'haste';

interface Sent {
  readonly to: Address;
  readonly message: RaftMessage;
}

/** What one step came to. */
export interface Outcome {
  /** What was stepped, by which event; neither for a server's start. */
  readonly stepped?: { readonly snapshot: Snapshot; readonly event: EventObject };
  readonly before: RaftContext;
  readonly after: RaftContext;
  readonly effects: readonly Effect[];
  /** One for each receiver. */
  readonly sends: readonly Sent[];
  readonly emits: readonly RaftEmitted[];
  /** `cancel electionTimeout`, `set heartbeatInterval`, in the order of the effects. */
  readonly timers: readonly string[];
}

export const at = (node: string): Address => `raft@${node}`;
export const [n1, n2, n3, n4, n5] = ['n1', 'n2', 'n3', 'n4', 'n5'].map(at) as [
  Address,
  Address,
  Address,
  Address,
  Address,
];
export const client: Address = 'client@c1';
export const stranger: Address = 'raft@stranger';
export const members = (size: number): Address[] => Array.from({ length: size }, (_, index) => at(`n${index + 1}`));

export interface ServerOptions extends Partial<Omit<Durable, 'log'>>, Partial<RaftSettings> {
  readonly self?: Address;
  /** Servers in the cluster. Default 3. */
  readonly size?: number;
  /** What survived: the terms of entries, or the entries themselves. */
  readonly log?: readonly (number | Entry)[];
  readonly seed?: number;
}

const roleOf = ({ value }: Snapshot): Role => (typeof value === 'string' ? value : (Object.keys(value)[0] as Role));
/** Of `after`, the delay's name; else the id. */
const timerName = (id: string): TimerName => (id.split('.')[2] ?? id) as TimerName;

export class Server {
  readonly self: Address;
  readonly peers: readonly Address[];
  snapshot: Snapshot;
  /** What the first step, from nothing to follower, came to. */
  readonly started: Outcome;
  readonly #timers = new Map<string, { readonly delayMs: number; readonly event: EventObject }>();

  constructor({ self = n1, size = 3, log, currentTerm, votedFor, seed = 1, ...settings }: ServerOptions = {}) {
    this.self = self;
    this.peers = members(size).filter((member) => member !== self);
    const recovered = {
      ...(log === undefined ? {} : { log: Sequence.from(entries(log)) }),
      currentTerm: currentTerm ?? Math.max(0, ...entries(log ?? []).map(({ term }) => term)),
      votedFor: votedFor ?? null,
    };
    const input: RaftInput = { self, peers: this.peers, seed, recovered, ...settings };
    const first = engine.initial(input);
    this.snapshot = first.snapshot;
    this.started = this.#outcome(first.snapshot.context, first.effects);
  }

  get role(): Role {
    return roleOf(this.snapshot);
  }

  get context(): RaftContext {
    return this.snapshot.context;
  }

  /** The terms of the log's entries. */
  get terms(): readonly number[] {
    return [...this.context.log].map(({ term }) => term);
  }

  /** The words that were applied. */
  get words(): readonly string[] {
    return this.context.replicated.state as readonly string[];
  }

  /** Timers that run, and their delays. */
  get timers(): Readonly<Partial<Record<TimerName, number>>> {
    return Object.fromEntries([...this.#timers].map(([id, { delayMs }]) => [timerName(id), delayMs]));
  }

  deliver(from: Address, message: Incoming): Outcome {
    return this.#step(received(message, from, 0) as RaftEvent);
  }

  /** Tells it what its failure detector says. */
  suspect(node: string): Outcome {
    return this.#step({ type: 'detector.suspected', node } as EventObject);
  }

  /** Lets a timer run out; it must be running. */
  fire(name: TimerName): Outcome {
    const entry = [...this.#timers].find(([id]) => timerName(id) === name);
    if (!entry) throw new Error(`${this.self} has no ${name} running`);
    this.#timers.delete(entry[0]);
    return this.#step(entry[1].event);
  }

  #step(event: EventObject): Outcome {
    const stepped = { snapshot: this.snapshot, event };
    const { snapshot, effects } = step(engine, this.snapshot, event);
    this.snapshot = snapshot;
    return { ...this.#outcome(stepped.snapshot.context, effects), stepped };
  }

  #outcome(before: RaftContext, effects: readonly Effect[]): Outcome {
    const sends: Sent[] = [];
    const emits: RaftEmitted[] = [];
    const timers: string[] = [];
    for (const effect of effects) {
      if (effect.kind === 'send')
        sends.push(...effect.to.map((to) => ({ to, message: effect.message as RaftMessage })));
      else if (effect.kind === 'emit') emits.push(effect.event as RaftEmitted);
      else if (effect.kind === 'setTimer') {
        this.#timers.set(effect.id, effect);
        timers.push(`set ${timerName(effect.id)}`);
      } else {
        this.#timers.delete(effect.id);
        timers.push(`cancel ${timerName(effect.id)}`);
      }
    }
    return { before, after: this.context, effects, sends, emits, timers };
  }
}

/** A server that has just started. */
export const follower = (options: ServerOptions = {}): Server => new Server(options);

/** A server whose election timeout has run out, once. Its term is one higher than `currentTerm`. */
export function candidate(options: ServerOptions = {}): Server {
  const server = new Server(options);
  server.fire('electionTimeout');
  return server;
}

/** A server that was elected by a bare majority. Its term is one higher than `currentTerm`, its log one no-op longer. */
export function leader(options: ServerOptions = {}): Server {
  const server = candidate(options);
  const voters = Math.floor((server.peers.length + 1) / 2);
  for (const peer of server.peers.slice(0, voters)) server.deliver(peer, vote(server.context.currentTerm));
  return server;
}

/** A server in `role` at `term`, whose log holds entries of `log`. */
export const inRole: Readonly<Record<Role, (term: number, options?: ServerOptions) => Server>> = {
  follower: (term, options) => follower({ ...options, currentTerm: term }),
  candidate: (term, options) => candidate({ ...options, currentTerm: term - 1 }),
  leader: (term, options) => leader({ ...options, currentTerm: term - 1 }),
};
export const roles = Object.keys(inRole) as readonly Role[];

// --- Looking at outcomes -----------------------------------------------------------------------------------------

type OfType<T extends RaftMessage['type']> = Extract<RaftMessage, { type: T }>;

/** The messages of one type that a step sent. */
export const sent = <T extends RaftMessage['type']>({ sends }: Outcome, type: T): OfType<T>[] =>
  sends.map(({ message }) => message).filter((message): message is OfType<T> => message.type === type);

/** The only message that a step sent, which must be of `type`. */
export function only<T extends RaftMessage['type']>(outcome: Outcome, type: T): OfType<T> {
  const [message, ...rest] = outcome.sends;
  if (message?.message.type !== type || rest.length > 0) {
    throw new Error(
      `expected one ${type}, got ${outcome.sends.map((each) => each.message.type).join(', ') || 'nothing'}`,
    );
  }
  return message.message as OfType<T>;
}

/** What was answered to clients, and to whom. */
export const answers = ({ sends }: Outcome): { to: string; message: ClientReply | RegisterClientReply }[] =>
  sends.flatMap(({ to, message }) =>
    message.type === 'ClientReply' || message.type === 'RegisterClientReply' ? [{ to: nodeOf(to), message }] : [],
  );
