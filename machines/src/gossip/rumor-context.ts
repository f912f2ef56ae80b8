import { type Address, assert, type HostInput, type RandomState } from '@synod/protocol';
import { type Peers, peersOf } from './peers.ts';

/** The choices of Demers et al. (1987) §1.4. */
export interface RumorSettings {
  /** Who turns to whom: the infected to tell, all to ask, or both. Default `push`. */
  readonly exchange: 'push' | 'pull' | 'pushPull';
  /** Whether a contact counts only if the other knew the rumour already (feedback), or in any case (blind). Default feedback. */
  readonly response: 'blind' | 'feedback';
  /** Whether interest is lost after `k` such contacts, or with each of them with a probability of 1/k. Default counter. */
  readonly removal: 'counter' | 'coin';
  /** A whole number from 1. Default 2. */
  readonly k: number;
  /** A cycle, in milliseconds. Default 1,000. */
  readonly cycleMs: number;
}

export interface RumorContext {
  readonly self: Address;
  /** Null: not heard of. One actor stands for one rumour. */
  readonly update: string | null;
  /** Contacts that count, while infected. */
  readonly count: number;
  /** What came of this cycle's contacts: one that was necessary outweighs all that were not. */
  readonly contacts: 'none' | 'necessary' | 'unnecessary';
  readonly isInterested: boolean;
  readonly peers: Peers;
  readonly random: RandomState;
  readonly settings: RumorSettings;
}

export interface RumorInput extends HostInput, Partial<RumorSettings> {
  readonly peers: readonly Address[];
}

export function rumorContext(input: RumorInput): RumorContext {
  const { self, seed, peers } = input;
  const { exchange = 'push', response = 'feedback', removal = 'counter', k = 2, cycleMs = 1_000 } = input;
  assert(Number.isInteger(k) && k >= 1, 'k is a whole number from 1');
  assert(cycleMs > 0, 'a cycle takes time');
  return {
    self,
    update: null,
    count: 0,
    contacts: 'none',
    isInterested: true,
    peers: peersOf(peers, self),
    random: seed,
    settings: { exchange, response, removal, k, cycleMs },
  };
}
