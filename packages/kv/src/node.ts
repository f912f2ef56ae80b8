import { type RaftContext, type RaftSettings, raft, type raftMachine } from '@synod/machines/raft';
import { address, assert, nodeOf } from '@synod/protocol';
import { type Actor, type Clock, type SpawnOptions, type System, systemClock } from '@synod/runtime';
import { distinctUntilChanged, filter, map, type Observable, share, takeUntil } from 'rxjs';
import { revisionMismatch } from './errors.ts';
import { ChangeFeed, type KvChange, type KvFilter } from './feed.ts';
import { Leader } from './leader.ts';
import { checkKey, checkValue } from './limits.ts';
import { type KvSession, Requests } from './requests.ts';
import { type KvEntry, kvResponses, kvStore } from './store.ts';

export interface KvNodeOptions {
  /** The system to live on. The node does not end it, and ends with it. */
  readonly system: System;
  /** The names of the cluster's other nodes. */
  readonly peers: readonly string[];
  /** The name of the Raft actor, the same on all nodes. Default `raft`. */
  readonly name?: string;
  readonly raft?: Partial<RaftSettings>;
  /** Bounds of the Raft actor's mailbox, supervision. */
  readonly spawn?: Omit<SpawnOptions, 'input'>;
  /** The system's clock, if it was given one. */
  readonly clock?: Clock;
  /** Milliseconds until a request without a `timeoutMs` of its own fails. Default 5,000. */
  readonly timeoutMs?: number;
  /** Milliseconds until a request is sent to the leader again. Default 1,000. */
  readonly attemptTimeoutMs?: number;
  /** Changes kept for watches that begin at an earlier revision. Default 4,096. */
  readonly maxChanges?: number;
}

export interface KvOptions {
  /** Milliseconds until the request fails. */
  readonly timeoutMs?: number;
  /** The client's own session and number; default: a session of the node. */
  readonly session?: KvSession;
}

export interface KvWriteOptions extends KvOptions {
  /** Write only if the key has this revision; 0: only if it does not exist. */
  readonly expected?: number;
}

/** A node as it sees itself and its cluster. */
export interface KvStatus {
  readonly node: string;
  readonly role: string;
  readonly term: number;
  /** The leader's node, once it is known. */
  readonly leader: string | null;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly lastLogIndex: number;
  /** The other nodes. */
  readonly peers: readonly string[];
}

export interface KvLeader {
  readonly leader: string | null;
  readonly term: number;
}

/**
 * One node of a replicated, linearizable store. Any node serves any request. All throw `KV_NO_LEADER` (nothing was done), `KV_TIMEOUT`
 * (see `definite`), `KV_SESSION_EXPIRED`, `KV_SESSION_INVALID`, `KV_KEY_INVALID` and `SYSTEM_STOPPED`.
 */
export interface KvNode {
  readonly node: string;
  /** The value of a key and its revision; null when there is none. */
  get(key: string, options?: KvOptions): Promise<KvEntry | null>;
  /** @throws SynodError `KV_REVISION_MISMATCH`, `KV_VALUE_TOO_LARGE`, `KV_VALUE_INVALID`. */
  put(key: string, value: string, options?: KvWriteOptions): Promise<{ revision: number; created: boolean }>;
  /** The delete's revision; null when there was no such key. @throws SynodError `KV_REVISION_MISMATCH`. */
  delete(key: string, options?: KvWriteOptions): Promise<{ revision: number | null }>;
  /** Compare and set: puts if the key has revision `expected`; 0: if it does not exist. @throws as `put`. */
  cas(
    key: string,
    expected: number,
    value: string,
    options?: KvOptions,
  ): Promise<{ revision: number; created: boolean }>;
  /** Opens a session in which a client numbers its own commands, so that each takes effect once whoever it asks again. */
  openSession(options?: Pick<KvOptions, 'timeoutMs'>): Promise<number>;
  /**
   * What this node applies, with a revision above `after`; default: from now on. A node that catches up shows what it
   * catches up on. To miss nothing and see nothing twice, read a key and watch it after its revision.
   * Errors with `KV_COMPACTED` when changes since `after` are no longer known. Completes when the node ends.
   */
  watch(filter: KvFilter, after?: number): Observable<KvChange>;
  /** The log index up to which watches have seen changes. */
  readonly revision: number;
  status(): KvStatus;
  /** The leader's node as this node knows it, null while it knows none; the present one first. Completes when the node ends. */
  readonly leader$: Observable<KvLeader>;
  /** Ends watches and the Raft actor in good order. */
  close(): Promise<void>;
}

type RaftActor = Actor<ReturnType<typeof raftMachine>>;

/**
 * Starts a node of the store: its Raft actor on `system`, recovered from what the system's storage holds.
 * @throws SynodError what `system.spawn` throws; `ADDRESS_INVALID` for a peer that is no node's name.
 */
export async function createKvNode(options: KvNodeOptions): Promise<KvNode> {
  const { system, peers, name = 'raft', spawn = {} } = options;
  assert(!peers.includes(system.node), 'peers are the other nodes');
  const input = { ...options.raft, peers: peers.map((peer) => address(name, peer)) };
  const actor = await system.spawn(name, raft(kvStore), { ...spawn, input });
  return new RaftKvNode(options, actor);
}

class RaftKvNode implements KvNode {
  readonly node: string;
  readonly leader$: Observable<KvLeader>;
  readonly #actor: RaftActor;
  readonly #feed: ChangeFeed;
  readonly #requests: Requests;

  constructor(options: KvNodeOptions, actor: RaftActor) {
    const { system, clock = systemClock, timeoutMs = 5_000, attemptTimeoutMs = 1_000, maxChanges = 4_096 } = options;
    this.node = system.node;
    this.#actor = actor;
    // What was applied before this line was told to nobody.
    this.#feed = new ChangeFeed({ maxChanges, maxUnits: 33_554_432 }, this.#context.lastApplied);
    actor.emitted$.subscribe({
      next: (event) => {
        if (event.type === 'applied') this.#feed.push(event.entries);
      },
      complete: () => this.#feed.close(),
    });
    void system.closed.then(() => this.#feed.close());
    this.leader$ = actor.snapshots$.pipe(
      map(({ context: { leader, currentTerm } }) => ({ leader: leader && nodeOf(leader), term: currentTerm })),
      distinctUntilChanged((a, b) => a.leader === b.leader && a.term === b.term),
      takeUntil(system.closed),
    );
    const elected$ = actor.emitted$.pipe(
      map((event) => (event.type === 'leaderChanged' ? event.leader : null)),
      filter((leader) => leader !== null),
      share(),
    );
    const leader = new Leader({ system, clock, attemptTimeoutMs, elected$, known: () => this.#context.leader });
    this.#requests = new Requests({ leader, clock, timeoutMs });
  }

  get #context(): RaftContext {
    return this.#actor.getSnapshot().context;
  }

  get revision(): number {
    return this.#feed.revision;
  }

  async get(key: string, options: KvOptions = {}): Promise<KvEntry | null> {
    checkKey(key);
    const response = await this.#requests.execute({ type: 'get', key }, kvResponses.get, options);
    return response.type === 'absent' ? null : { value: response.value, revision: response.revision };
  }

  async put(key: string, value: string, options: KvWriteOptions = {}): Promise<{ revision: number; created: boolean }> {
    checkKey(key);
    checkValue(value);
    const response = await this.#requests.execute(
      { type: 'put', key, value, ...condition(options) },
      kvResponses.put,
      options,
    );
    if (response.type === 'mismatch') throw revisionMismatch(response.revision);
    return { revision: response.revision, created: response.created };
  }

  async delete(key: string, options: KvWriteOptions = {}): Promise<{ revision: number | null }> {
    checkKey(key);
    const response = await this.#requests.execute(
      { type: 'delete', key, ...condition(options) },
      kvResponses.delete,
      options,
    );
    if (response.type === 'mismatch') throw revisionMismatch(response.revision);
    return { revision: response.type === 'absent' ? null : response.revision };
  }

  cas(key: string, expected: number, value: string, options: KvOptions = {}) {
    return this.put(key, value, { ...options, expected });
  }

  openSession(options: Pick<KvOptions, 'timeoutMs'> = {}): Promise<number> {
    return this.#requests.openSession(options.timeoutMs);
  }

  watch(which: KvFilter, after?: number): Observable<KvChange> {
    return this.#feed.watch(which, after);
  }

  status(): KvStatus {
    const { value, context } = this.#actor.getSnapshot();
    const { currentTerm, leader, commitIndex, lastApplied, log, peers } = context;
    return {
      node: this.node,
      // A state with substates of its own is an object with one key.
      role: typeof value === 'string' ? value : (Object.keys(value)[0] as string),
      term: currentTerm,
      leader: leader && nodeOf(leader),
      commitIndex,
      lastApplied,
      lastLogIndex: log.length,
      peers: peers.map(nodeOf),
    };
  }

  async close(): Promise<void> {
    this.#feed.close();
    await this.#actor.stop();
  }
}

function condition({ expected }: KvWriteOptions): { expected?: number } {
  if (expected === undefined) return {};
  assert(Number.isSafeInteger(expected) && expected >= 0, `an expected revision is a whole number from 0`);
  return { expected };
}
