import { type Address, assert, type HostInput } from '@synod/protocol';
import type { StateReport } from './messages.ts';

/** A state as it is told in a StateReport. */
export type Reported = StateReport['state'];

/** What the log has, of either role: the record of each is forced before the messages that follow from it leave. */
interface Log {
  /** Logged on coming to one of these states. Never changes but from null. */
  readonly prepared: 'preCommit' | 'preAbort' | null;
  /** Never changes but from null. */
  readonly decision: 'commit' | 'abort' | null;
}

export interface CoordinatorDurable extends Log {
  /** The start record: VoteRequests may have been sent. */
  readonly started: boolean;
}

export interface ParticipantDurable extends Log {
  /** The yes record: this participant can no longer abort by itself. */
  readonly voted: boolean;
}

/** What all processes of one transaction know. */
interface Shared {
  readonly self: Address;
  /** The participants in the order of the election: the first one that is thought operational is elected. */
  readonly participants: readonly Address[];
  /** By sender, what has been reported since the last StateRequest or DecisionRequest; empty when nobody waits for it. */
  readonly reports: Readonly<Record<Address, Reported>>;
  /** Whose Ack a coordinator has, sorted; empty when nobody waits for them. */
  readonly acks: readonly Address[];
  readonly settings: Settings;
}

export interface CoordinatorContext extends CoordinatorDurable, Shared {
  /** Who has voted yes, sorted; empty once all have. */
  readonly votes: readonly Address[];
}

export interface ParticipantContext extends ParticipantDurable, Shared {
  readonly coordinator: Address;
  /** Whether it will vote yes. */
  readonly willing: boolean;
  /**
   * Whom it takes for the coordinator: 0 for the first one, k for the k-th participant. All before are thought to have failed: UP of
   * BHG §7.5 as one number. Grows, but for false suspicions.
   */
  readonly turn: number;
}

export interface Settings {
  /**
   * The bound on a message's delay, with the time to write and handle it, in milliseconds. All timeouts are multiples of it.
   * Without quorums, agreement depends on it. Default 50.
   */
  readonly maxDelayMs: number;
  /** How long a participant waits for a VoteRequest before it aborts, in milliseconds. Default 5,000. */
  readonly voteRequestTimeoutMs: number;
  /** Vc: the participants that must be prepared to commit before anybody commits. Default a majority. Only with quorums. */
  readonly commitQuorum: number;
  /** Va: the participants that must be prepared to abort, where one may be prepared to commit. Default: as few as may be. */
  readonly abortQuorum: number;
}

export interface CoordinatorInput extends HostInput<CoordinatorDurable>, Partial<Settings> {
  readonly participants: readonly Address[];
}

export interface ParticipantInput extends HostInput<ParticipantDurable>, Partial<Settings> {
  /** All of them, this one included, in the order of the election; the same at all. */
  readonly participants: readonly Address[];
  readonly coordinator: Address;
}

const logOf = ({ prepared = null, decision = null }: Partial<Log> = {}): Log => ({ prepared, decision });

function settingsOf({ participants: { length }, ...input }: CoordinatorInput | ParticipantInput): Settings {
  const { maxDelayMs = 50, voteRequestTimeoutMs = 5_000 } = input;
  const { commitQuorum = Math.floor(length / 2) + 1, abortQuorum = length + 1 - commitQuorum } = input;
  assert(length >= 1, 'a transaction has a participant');
  assert(maxDelayMs > 0 && voteRequestTimeoutMs > 0, 'timeouts are above 0');
  assert(
    1 <= Math.min(commitQuorum, abortQuorum) && Math.max(commitQuorum, abortQuorum) <= length,
    'a quorum has a participant at least, and all at most',
  );
  assert(commitQuorum + abortQuorum > length, 'a commit quorum and an abort quorum have a participant in common');
  return { maxDelayMs, voteRequestTimeoutMs, commitQuorum, abortQuorum };
}

export function coordinatorContext(input: CoordinatorInput): CoordinatorContext {
  const { self, participants, recovered } = input;
  assert(!participants.includes(self), 'the coordinator is none of the participants');
  return {
    started: recovered?.started ?? false,
    ...logOf(recovered),
    votes: [],
    reports: {},
    acks: [],
    self,
    participants,
    settings: settingsOf(input),
  };
}

export function participantContext(input: ParticipantInput): ParticipantContext {
  const { self, participants, coordinator, recovered } = input;
  assert(participants.includes(self), 'a participant is one of the participants');
  assert(!participants.includes(coordinator), 'the coordinator is none of the participants');
  return {
    voted: recovered?.voted ?? false,
    ...logOf(recovered),
    willing: true,
    turn: 0,
    reports: {},
    acks: [],
    self,
    coordinator,
    participants,
    settings: settingsOf(input),
  };
}
