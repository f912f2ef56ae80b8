import { type Address, assert, type HostInput } from '@synod/protocol';
import type { Operations } from './messages.ts';

// What the processes of one transaction know. The durable fields are its records in each process's write-ahead log, forced before the
// messages that follow from them leave.

export interface CoordinatorDurable {
  /** The commit record. There is no abort record: without any record, abort is presumed (R* §3.1). */
  readonly committed: boolean;
  /** The end record: all have acknowledged, and nobody will ask again. */
  readonly ended: boolean;
}

export interface ParticipantDurable {
  /** The last record: `prepared` before a yes, then the outcome. Null: it may abort by itself. */
  readonly record: 'prepared' | 'commit' | 'abort' | null;
}

export interface Settings {
  /** How long a coordinator waits for votes, in milliseconds. Default 500. */
  readonly voteTimeoutMs: number;
  /** How long a participant waits for Prepare before it aborts, in milliseconds. Default 5,000. */
  readonly prepareTimeoutMs: number;
  /** How long a participant in doubt waits before it asks for the decision, in milliseconds. Default 1,000. */
  readonly decisionTimeoutMs: number;
  /** After how long what was not answered is said again, in milliseconds. Default 300. */
  readonly retryMs: number;
}

interface Shared {
  readonly self: Address;
  readonly participants: readonly Address[];
  readonly settings: Settings;
}

export interface CoordinatorContext extends CoordinatorDurable, Shared {
  /** Who has voted yes, sorted; empty once all have. */
  readonly votes: readonly Address[];
  /** Who has acknowledged the commit, sorted; empty once all have. */
  readonly acks: readonly Address[];
}

export interface ParticipantContext extends ParticipantDurable, Shared {
  readonly coordinator: Address;
  /** The resource of its node. */
  readonly resource: Address;
  readonly operations: Operations;
  /** Who said, since it last asked, that it is in doubt as well; sorted, and empty when nobody is asked. */
  readonly uncertain: readonly Address[];
}

export interface CoordinatorInput extends HostInput<CoordinatorDurable>, Partial<Settings> {
  readonly participants: readonly Address[];
}

export interface ParticipantInput extends HostInput<ParticipantDurable>, Partial<Settings> {
  /** All of them, this one included. */
  readonly participants: readonly Address[];
  readonly coordinator: Address;
  readonly resource: Address;
  readonly operations: Operations;
}

function settingsOf(input: Partial<Settings>): Settings {
  const { voteTimeoutMs = 500, prepareTimeoutMs = 5_000, decisionTimeoutMs = 1_000, retryMs = 300 } = input;
  const settings = { voteTimeoutMs, prepareTimeoutMs, decisionTimeoutMs, retryMs };
  assert(
    Object.values(settings).every((each) => each > 0),
    'timeouts are above 0',
  );
  return settings;
}

export function coordinatorContext(input: CoordinatorInput): CoordinatorContext {
  const { self, participants, recovered } = input;
  assert(participants.length > 0 && !participants.includes(self), 'the coordinator is none of the participants');
  return {
    committed: recovered?.committed ?? false,
    ended: recovered?.ended ?? false,
    votes: [],
    acks: [],
    self,
    participants,
    settings: settingsOf(input),
  };
}

export function participantContext(input: ParticipantInput): ParticipantContext {
  const { self, participants, coordinator, resource, operations, recovered } = input;
  assert(
    participants.includes(self) && !participants.includes(coordinator),
    'a participant is one of the participants',
  );
  return {
    record: recovered?.record ?? null,
    uncertain: [],
    self,
    participants,
    coordinator,
    resource,
    operations,
    settings: settingsOf(input),
  };
}
