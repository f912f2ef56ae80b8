import type { Received } from '@synod/protocol';
import * as v from 'valibot';

/** VoteRequest: coordinator → participants (BHG §7.5; Skeen 1981, figure 5: `xact`). Also known as CanCommit. */
export const voteRequest = v.strictObject({ type: v.literal('VoteRequest') });

/** Vote: participant → coordinator (BHG §7.5). A participant that votes no has aborted. */
export const vote = v.strictObject({ type: v.literal('Vote'), vote: v.picklist(['yes', 'no']) });

/** PreCommit: coordinator, also an elected one → participants (BHG §7.5; Skeen 1981, figure 5: `prepare`). All have voted yes. */
export const preCommit = v.strictObject({ type: v.literal('PreCommit') });

/** PreAbort: elected coordinator → participants (Skeen 1982, termination protocol). Only where termination goes by quorums. */
export const preAbort = v.strictObject({ type: v.literal('PreAbort') });

/** Ack: participant → coordinator, also an elected one (BHG §7.5; Skeen 1982). It says to which state the sender has come. */
export const ack = v.strictObject({ type: v.literal('Ack'), state: v.picklist(['preCommit', 'preAbort']) });

/** Commit: any that has decided → any (BHG §7.5). */
export const commit = v.strictObject({ type: v.literal('Commit') });

/** Abort: any that has decided → any (BHG §7.5). */
export const abort = v.strictObject({ type: v.literal('Abort') });

/** UrElected: participant → the next in line (BHG §7.5, election protocol). */
export const urElected = v.strictObject({ type: v.literal('UrElected') });

/** StateRequest: elected coordinator → participants (BHG §7.5, termination protocol). */
export const stateRequest = v.strictObject({ type: v.literal('StateRequest') });

/** StateReport: participant → elected coordinator (BHG §7.5, termination protocol). */
export const stateReport = v.strictObject({
  type: v.literal('StateReport'),
  state: v.picklist(['wait', 'preCommit', 'preAbort', 'commit', 'abort']),
});

/** DecisionRequest: one that recovers → all others (BHG §7.5, recovery). */
export const decisionRequest = v.strictObject({ type: v.literal('DecisionRequest') });

/** DecisionUnknown: one that recovers → another that recovers (BHG §7.5, recovery). The sender has crashed before it decided. */
export const decisionUnknown = v.strictObject({
  type: v.literal('DecisionUnknown'),
  state: v.picklist(['wait', 'preCommit']),
});

export type Ack = v.InferOutput<typeof ack>;
export type StateReport = v.InferOutput<typeof stateReport>;
export type DecisionUnknown = v.InferOutput<typeof decisionUnknown>;
export type CommitMessage =
  | v.InferOutput<typeof voteRequest>
  | v.InferOutput<typeof vote>
  | v.InferOutput<typeof preCommit>
  | v.InferOutput<typeof preAbort>
  | Ack
  | v.InferOutput<typeof commit>
  | v.InferOutput<typeof abort>
  | v.InferOutput<typeof urElected>
  | v.InferOutput<typeof stateRequest>
  | StateReport
  | v.InferOutput<typeof decisionRequest>
  | DecisionUnknown;

/** What the embedder asks of a coordinator: to commit the transaction, if all agree. */
export interface CoordinatorRequest {
  readonly type: 'coordinator.commit';
  readonly at: number;
}

/** What the embedder tells a participant: its part of the transaction has failed, so that it will vote no. */
export interface ParticipantRequest {
  readonly type: 'participant.abort';
  readonly at: number;
}

export type CommitEvent = Received<CommitMessage> | CoordinatorRequest | ParticipantRequest;
