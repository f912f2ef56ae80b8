import type { Received } from '@synod/protocol';
import * as v from 'valibot';

/** Prepared: resource manager → transaction manager (Gray and Lamport §3, Phase 1). Who is prepared is `from`. */
export const prepared = v.strictObject({ type: v.literal('Prepared') });

/** Prepare: coordinator → participants (Mohan 1986 §2; BHG §7.4: VOTE-REQ). */
export const prepare = v.strictObject({ type: v.literal('Prepare') });

/** Vote: participant → coordinator (Mohan 1986 §2; BHG §7.4). One that votes no has aborted. */
export const vote = v.strictObject({ type: v.literal('Vote'), vote: v.picklist(['yes', 'no']) });

/** Commit: coordinator → participants; any that knows of it → one that asks (Mohan 1986 §2; Gray and Lamport §3, Phase 2). */
export const commit = v.strictObject({ type: v.literal('Commit') });

/** Abort: coordinator → participants; any that knows of it, or that has no record → one that asks (Mohan 1986 §3.1; Gray and Lamport §3, Phase 2). */
export const abort = v.strictObject({ type: v.literal('Abort') });

/** Ack: participant → coordinator (Mohan 1986 §3.1). Of a commit alone: an abort is presumed, and needs none. */
export const ack = v.strictObject({ type: v.literal('Ack') });

/** DecisionRequest: participant in doubt → coordinator and the other participants (BHG §7.4, cooperative termination). */
export const decisionRequest = v.strictObject({ type: v.literal('DecisionRequest') });

/** Uncertain: participant in doubt → participant in doubt (BHG §7.4, cooperative termination). */
export const uncertain = v.strictObject({ type: v.literal('Uncertain') });

/** What a transaction does to the accounts of one node: what is added to each, negative where it is taken. */
const operations = v.record(v.string(), v.pipe(v.number(), v.safeInteger()));
const transaction = v.string();

/** Lock: participant → resource of its node (Gray 1978 §5.7: locks are held to the end of the transaction). */
export const lock = v.strictObject({ type: v.literal('Lock'), transaction, operations });

/** Locked: resource → participant of its node (Gray 1978 §5.7). The operations can be done, and are kept on its disk until the transaction ends. */
export const locked = v.strictObject({ type: v.literal('Locked') });

/** Refused: resource → participant of its node (Gray 1978 §5.7). Another transaction holds a lock, or an account would go below 0. */
export const refused = v.strictObject({ type: v.literal('Refused') });

/** Apply: participant → resource of its node (Gray 1978 §5.8). The transaction has committed: do its operations, release its locks. */
export const apply = v.strictObject({ type: v.literal('Apply'), transaction });

/** Release: participant → resource of its node (Gray 1978 §5.7). The transaction has aborted: release its locks. */
export const release = v.strictObject({ type: v.literal('Release'), transaction });

/** Done: resource → participant of its node (Gray 1978 §5.7). Applied or released, now or before. */
export const done = v.strictObject({ type: v.literal('Done') });

export type Prepared = v.InferOutput<typeof prepared>;
export type Decision = v.InferOutput<typeof commit> | v.InferOutput<typeof abort>;
export type Operations = v.InferOutput<typeof operations>;
export type Lock = v.InferOutput<typeof lock>;
export type Finish = v.InferOutput<typeof apply> | v.InferOutput<typeof release>;
export type CommitMessage =
  | v.InferOutput<typeof prepare>
  | v.InferOutput<typeof vote>
  | Decision
  | v.InferOutput<typeof ack>
  | v.InferOutput<typeof decisionRequest>
  | v.InferOutput<typeof uncertain>;
export type ResourceAnswer = v.InferOutput<typeof locked> | v.InferOutput<typeof refused> | v.InferOutput<typeof done>;
export type ResourceRequest = Lock | Finish;

/**
 * What the embedder asks of a coordinator: once, and not again after a crash. A coordinator that has no record of its transaction may have
 * aborted it, and a vote that is still on its way would count.
 */
export interface CoordinatorRequest {
  readonly type: 'coordinator.commit';
  readonly at: number;
}

export type CommitEvent = Received<CommitMessage | ResourceAnswer> | CoordinatorRequest;
