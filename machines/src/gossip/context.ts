import { type Address, assert, type HostInput, nodeOf, type RandomState, SynodError } from '@synod/protocol';
import { Map as ImmutableMap } from 'immutable';
import { lifeOf } from './facts.ts';
import { MAX_COUNT, MAX_ITEMS } from './limits.ts';
import type { Lives } from './merkle.ts';
import type { Exchange } from './messages.ts';
import { type Peers, peersOf } from './peers.ts';

export interface ReplicaDurable {
  /** This life of the owner that lives here. Grows with each, so that what an earlier life wrote never wins over what this one writes. */
  readonly epoch: number;
}

export interface ReplicaContext extends ReplicaDurable {
  readonly self: Address;
  /** The owner that lives here: the node's name. */
  readonly owner: string;
  /** By owner, what is held of it, the own facts among them. */
  readonly lives: Lives;
  readonly peers: Peers;
  readonly random: RandomState;
  /** Until the next exchange, in milliseconds. */
  readonly waitMs: number;
  readonly settings: Settings;
}

export interface Settings {
  /** What an exchange with a peer does. Default `pushPull`. */
  readonly exchange: Exchange;
  /** How the two find out what differs: by version vectors (default), or by a hash tree, which costs less where there are many owners. */
  readonly digest: 'versions' | 'merkle';
  /** Between two exchanges that a replica begins, in milliseconds. Default 1,000. */
  readonly intervalMs: number;
  /** By which part of it an interval is longer or shorter at random, 0 to 1, so that replicas do not keep step. Default 0.1. */
  readonly jitter: number;
  /** To how many peers news is told at once. 0: it waits for exchanges. Default 3. */
  readonly fanout: number;
  /** Entries in one message at most; the rest comes with later rounds. Default 256. */
  readonly maxEntries: number;
  /** Characters of keys and values in one message after which no more are added. Default 65,536. */
  readonly maxCharacters: number;
  /** Items of a version vector in one message at most; of more owners, a random part of the tree is told about. Default 512. */
  readonly maxVersions: number;
  /** Where a part of the hash tree has no more owners than this, versions are told and no more hashes. Default 8. */
  readonly leafOwners: number;
  /**
   * For how many rounds a death certificate is kept, and a forgotten owner refused. Longer than any replica is expected to hear nothing;
   * one that was away for longer begins anew, and nothing comes to life again. Default 600: ten minutes.
   */
  readonly retentionRounds: number;
}

export interface ReplicaInput extends HostInput<ReplicaDurable>, Partial<Settings> {
  /** Whom to gossip with; `gossip.peers` changes it. Default nobody. */
  readonly peers?: readonly Address[];
  /**
   * The least epoch of this life. On a node without a disk: a number that grows from start to start, such as the wall clock's
   * milliseconds (Cassandra's generation). Default after a recovery: the next one; else one that is drawn.
   */
  readonly epoch?: number;
}

function settingsOf(input: ReplicaInput): Settings {
  const { exchange = 'pushPull', digest = 'versions', intervalMs = 1_000, jitter = 0.1, fanout = 3 } = input;
  const { maxEntries = 256, maxCharacters = 65_536, maxVersions = 512, leafOwners = 8, retentionRounds = 600 } = input;
  assert(intervalMs > 0 && jitter >= 0 && jitter <= 1, 'an interval is above 0, and its jitter a part of it');
  assert(Number.isInteger(fanout) && fanout >= 0, 'a fanout is a whole number');
  for (const most of [maxEntries, maxVersions, leafOwners])
    assert(Number.isInteger(most) && most >= 1 && most <= MAX_ITEMS, `a message has 1 to ${MAX_ITEMS} items`);
  assert(maxCharacters > 0, 'a message has room for characters');
  assert(Number.isInteger(retentionRounds) && retentionRounds >= 1, 'a death certificate is kept for a round at least');
  return {
    exchange,
    digest,
    intervalMs,
    jitter,
    fanout,
    maxEntries,
    maxCharacters,
    maxVersions,
    leafOwners: Math.min(leafOwners, maxVersions),
    retentionRounds,
  };
}

/**
 * A life that knows of none before begins with one of so many epochs. If there was one before, and its disk is lost, the two differ all the
 * same: either this one is later, or whoever remembers the other tells of it, and it is refuted. Equal ones would be mixed up.
 */
const FIRST_EPOCHS = 2 ** 20;

/** @throws SynodError `EPOCH_OVERFLOW` when no epoch is left. */
export function replicaContext(input: ReplicaInput): ReplicaContext {
  const { self, seed, recovered, peers = [] } = input;
  const { epoch: least = recovered?.epoch === undefined ? 1 + (seed % FIRST_EPOCHS) : 1 } = input;
  const settings = settingsOf(input);
  assert(Number.isSafeInteger(least) && least >= 1, 'an epoch is a whole number from 1');
  const epoch = Math.max(least, (recovered?.epoch ?? 0) + 1);
  if (epoch > MAX_COUNT)
    throw new SynodError('EPOCH_OVERFLOW', `${self} has no epoch after ${MAX_COUNT}; give the node another name.`);
  const owner = nodeOf(self);
  return {
    epoch,
    self,
    owner,
    lives: ImmutableMap([[owner, lifeOf(epoch)]]),
    peers: peersOf(peers, self),
    random: seed,
    waitMs: settings.intervalMs,
    settings,
  };
}
