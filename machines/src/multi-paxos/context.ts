import { type Address, assert, type HostInput, nextRandom, type RandomState, Sequence } from '@synod/protocol';
import { type Map as ImmutableMap, Map as immutableMap } from 'immutable';
import type { Ballot } from '../paxos/ballot.ts';
import type { StateMachine } from '../replicated/index.ts';
import { emptySessions, type Replicated } from '../replicated/index.ts';
import type { Log } from './log.ts';
import type { Entry, SlotProposal } from './messages.ts';

/** What survives a crash. */
export interface Durable {
  /**
   * The highest ballot promised: nothing is promised or accepted in a lower one. A proposer promises its own ballot to itself
   * first, so this also keeps it from using a round twice. Invariant: never decreases.
   */
  readonly promised: Ballot | null;
  /** By slot, what was accepted last. Invariant: ballots are at most `promised`, but for what was learned by catching up. */
  readonly log: Log;
  /**
   * All slots up to this one are known to be chosen, and the log has what was chosen in them. Invariant: never decreases.
   * No paper keeps it on disk; without it, a replica that restarts would have to fetch the whole log again.
   */
  readonly chosenThrough: number;
}

/** What is lost in a crash. */
export interface ReplicaContext extends Durable {
  /** The last slot that was applied. Invariant: lastApplied ≤ chosenThrough, and equal between steps. */
  readonly lastApplied: number;
  /** The state machine's state and the client sessions, after the slots up to `lastApplied`. */
  readonly replicated: Replicated;
  /** Who leads the ballot `promised`, once that is known. */
  readonly leader: Address | null;

  /** Heartbeats to let pass before what is missing is asked for again. */
  readonly patience: number;

  // Of a replica that prepares.
  /** The acceptors that promised our ballot, sorted. */
  readonly promisedBy: readonly Address[];
  /** In each slot, what has the highest ballot of all that these acceptors accepted, by slot. */
  readonly found: readonly SlotProposal[];
  /** Up to which slot one of them knows what is chosen: we must know it too, before we propose. */
  readonly mustLearnThrough: number;

  // Of a replica that leads.
  /** By slot above `chosenThrough`, the acceptors that accepted our proposal there, sorted. */
  readonly acceptedBy: ImmutableMap<number, readonly Address[]>;
  /** By slot, who waits for the command proposed there to be applied. */
  readonly waiting: ImmutableMap<number, Address>;
  /** Requests that wait for a slot within the window, the oldest first. */
  readonly queue: readonly { readonly from: Address; readonly entry: Entry }[];

  /** This replica. */
  readonly self: Address;
  /** The other replicas. */
  readonly peers: readonly Address[];
  /** How long this wait for word of a leader lasts, in milliseconds; drawn anew for each. */
  readonly leaderTimeoutMs: number;
  readonly random: RandomState;
  readonly settings: ReplicaSettings;
}

export interface ReplicaSettings {
  /** Leader timeouts are drawn uniformly from this range, in milliseconds. Default 150 to 300. */
  readonly leaderTimeoutMs: readonly [min: number, max: number];
  /** Milliseconds between a leader's heartbeats; well below the leader timeout. Default 50. */
  readonly heartbeatIntervalMs: number;
  /** Slots that may be open at a time: α of *Paxos Made Simple* §3. The same on all replicas. Default 256. */
  readonly window: number;
  /**
   * Heartbeats that a replica lets pass before it asks again for what it lacks. An answer on a slow link takes its time, and one for
   * each heartbeat would make it slower. Default 8.
   */
  readonly catchUpPatience: number;
  /** Entries in one CatchUp at most. Default 256. */
  readonly maxEntries: number;
  /** Bytes of commands in one CatchUp at most, though always one entry. Default 1 MiB. */
  readonly maxBytes: number;
  /** Client sessions kept; the longest idle is closed for a new one. The same on all replicas. Default 1,000. */
  readonly maxSessions: number;
}

export interface ReplicaInput extends HostInput<Durable>, Partial<ReplicaSettings> {
  /** The other replicas. */
  readonly peers: readonly Address[];
}

/** What a replica knows of the ballot it prepares, before it has begun. */
export const notPreparing = { promisedBy: [], found: [], mustLearnThrough: 0 } as const;

/** What a replica that does not lead has of what a leader keeps. */
export const notLeading = {
  acceptedBy: immutableMap<number, readonly Address[]>(),
  waiting: immutableMap<number, Address>(),
  queue: [],
} as const;

/** The state in which a replica starts, new or from what survived. */
export function initialContext(machine: StateMachine, input: ReplicaInput): ReplicaContext {
  const { self, peers, seed, recovered = {} } = input;
  const settings: ReplicaSettings = {
    leaderTimeoutMs: input.leaderTimeoutMs ?? [150, 300],
    heartbeatIntervalMs: input.heartbeatIntervalMs ?? 50,
    window: input.window ?? 256,
    catchUpPatience: input.catchUpPatience ?? 8,
    maxEntries: input.maxEntries ?? 256,
    maxBytes: input.maxBytes ?? 1_048_576,
    maxSessions: input.maxSessions ?? 1_000,
  };
  const [shortest, longest] = settings.leaderTimeoutMs;
  assert(
    0 < settings.heartbeatIntervalMs && settings.heartbeatIntervalMs < shortest && shortest <= longest,
    'heartbeatIntervalMs < leaderTimeoutMs[0] ≤ leaderTimeoutMs[1]',
  );
  const { window, maxEntries, maxSessions } = settings;
  assert(window >= 1 && maxEntries >= 1 && maxSessions >= 1, 'window, maxEntries and maxSessions are 1 at least');
  assert(!peers.includes(self) && new Set(peers).size === peers.length, 'peers are the other replicas, each once');
  const { promised = null, log = Sequence.empty(), chosenThrough = 0 } = recovered;
  assert(chosenThrough <= log.length, 'what is known to be chosen is in the log');
  return {
    promised,
    log,
    chosenThrough,
    lastApplied: 0,
    replicated: { state: machine.initial, sessions: emptySessions() },
    leader: null,
    patience: 0,
    ...notPreparing,
    ...notLeading,
    self,
    peers,
    leaderTimeoutMs: shortest,
    random: seed,
    settings,
  };
}

/** A fresh leader timeout: randomised, so that two proposers seldom preempt each other for long (*Paxos Made Simple* §2.4). */
export function drawLeaderTimeout({ random, settings }: ReplicaContext): Partial<ReplicaContext> {
  const [shortest, longest] = settings.leaderTimeoutMs;
  const [value, next] = nextRandom(random);
  return { random: next, leaderTimeoutMs: shortest + Math.round(value * (longest - shortest)) };
}
