import { type Address, assert, type HostInput, nextRandom, type RandomState, Sequence } from '@synod/protocol';
import { type Map as ImmutableMap, Map as immutableMap } from 'immutable';
import type { StateMachine } from '../replicated/index.ts';
import { emptySessions, type Replicated } from '../replicated/index.ts';
import type { Log } from './log.ts';

/** Figure 2, "State": what survives a crash, updated on stable storage before responding. */
export interface Durable {
  /** Latest term the server has seen. Invariant: never decreases. */
  readonly currentTerm: number;
  /** Candidate that received this server's vote in the current term. Invariant: set at most once a term. */
  readonly votedFor: Address | null;
  /** The log entries. Invariant: terms never decrease along it. */
  readonly log: Log;
}

/** Figure 2, "State": what is lost in a crash. */
export interface RaftContext extends Durable {
  /** Index of the highest log entry known to be committed. Invariant: never decreases. */
  readonly commitIndex: number;
  /** Index of the highest log entry applied. Invariant: lastApplied ≤ commitIndex. */
  readonly lastApplied: number;
  /** The state machine's state and the client sessions, after `lastApplied` entries. */
  readonly replicated: Replicated;

  /** For each other server, index of the next entry to send it. Of a leader; set anew after each election. */
  readonly nextIndex: Readonly<Record<Address, number>>;
  /** For each other server, index of the highest entry known to agree with ours. Invariant: matchIndex < nextIndex. */
  readonly matchIndex: Readonly<Record<Address, number>>;
  /** Of a leader: who refused, and gets no more entries until it agrees at nextIndex − 1; in the order of `peers`. */
  readonly probing: readonly Address[];
  /** Of a leader: who waits for the entry at an index to be applied. */
  readonly waiting: ImmutableMap<number, Address>;
  /** Of a candidate: who voted for it in this term. */
  readonly votesGranted: readonly Address[];

  /** This server. */
  readonly self: Address;
  /** The other servers of the cluster. */
  readonly peers: readonly Address[];
  /** The leader of the current term, once it is known. */
  readonly leader: Address | null;
  /** Of a follower: whether its leader is suspected, and there was no word of it and no vote granted since. */
  readonly hasty: boolean;
  /** This wait's election timeout in milliseconds, drawn anew for each (§5.2). */
  readonly electionTimeoutMs: number;
  readonly random: RandomState;
  readonly settings: RaftSettings;
}

export interface RaftSettings {
  /** Election timeouts are drawn uniformly from this range, in milliseconds (§5.2, §9.3). Default 150 to 300. */
  readonly electionTimeoutMs: readonly [min: number, max: number];
  /** Milliseconds between a leader's heartbeats; well below the election timeout (§5.6). Default 50. */
  readonly heartbeatIntervalMs: number;
  /** Entries in one AppendEntries at most. Default 256. */
  readonly maxEntries: number;
  /** Bytes of commands in one AppendEntries at most, though always one entry. Default 1 MiB. */
  readonly maxBytes: number;
  /** Client sessions kept; the longest idle is closed for a new one. The same on all servers. Default 1,000. */
  readonly maxSessions: number;
}

export interface RaftInput extends HostInput<Durable>, Partial<RaftSettings> {
  /** The other servers of the cluster. */
  readonly peers: readonly Address[];
}

/** The state in which a server starts, new or from what survived. */
export function initialContext(machine: StateMachine, input: RaftInput): RaftContext {
  const { self, peers, seed, recovered = {} } = input;
  const settings: RaftSettings = {
    electionTimeoutMs: input.electionTimeoutMs ?? [150, 300],
    heartbeatIntervalMs: input.heartbeatIntervalMs ?? 50,
    maxEntries: input.maxEntries ?? 256,
    maxBytes: input.maxBytes ?? 1_048_576,
    maxSessions: input.maxSessions ?? 1_000,
  };
  const [shortest, longest] = settings.electionTimeoutMs;
  assert(
    0 < settings.heartbeatIntervalMs && settings.heartbeatIntervalMs < shortest && shortest <= longest,
    'heartbeatIntervalMs < electionTimeoutMs[0] ≤ electionTimeoutMs[1]',
  );
  assert(settings.maxEntries >= 1 && settings.maxSessions >= 1, 'maxEntries and maxSessions are 1 at least');
  assert(!peers.includes(self) && new Set(peers).size === peers.length, 'peers are the other servers, each once');
  return {
    currentTerm: recovered.currentTerm ?? 0,
    votedFor: recovered.votedFor ?? null,
    log: recovered.log ?? Sequence.empty(),
    commitIndex: 0,
    lastApplied: 0,
    replicated: { state: machine.initial, sessions: emptySessions() },
    nextIndex: {},
    matchIndex: {},
    probing: [],
    waiting: immutableMap(),
    votesGranted: [],
    self,
    peers,
    leader: null,
    hasty: false,
    electionTimeoutMs: shortest,
    random: seed,
    settings,
  };
}

/** A fresh election timeout (§5.2: randomised, so that split votes are rare and quickly resolved). */
export function drawElectionTimeout({ random, settings }: RaftContext): Partial<RaftContext> {
  const [shortest, longest] = settings.electionTimeoutMs;
  const [value, next] = nextRandom(random);
  return { random: next, electionTimeoutMs: shortest + Math.round(value * (longest - shortest)), hasty: false };
}

/**
 * How long a follower waits whose leader is suspected, in milliseconds: at random up to a third of the shortest election timeout. Detectors
 * suspect at about one time, and who stood at once would split the votes.
 */
export function drawHaste({ random, settings }: RaftContext) {
  const [value, next] = nextRandom(random);
  return { delayMs: Math.round((value * settings.electionTimeoutMs[0]) / 3), change: { random: next, hasty: true } };
}
