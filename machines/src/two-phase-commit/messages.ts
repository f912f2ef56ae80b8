import * as v from 'valibot';

/** Prepared: resource manager → transaction manager (Gray and Lamport §3, Phase 1). Who is prepared is `from`. */
export const prepared = v.strictObject({ type: v.literal('Prepared') });

/** Commit: transaction manager → resource managers (Gray and Lamport §3, Phase 2). */
export const commit = v.strictObject({ type: v.literal('Commit') });

/** Abort: transaction manager → resource managers (Gray and Lamport §3, Phase 2). */
export const abort = v.strictObject({ type: v.literal('Abort') });

export type Prepared = v.InferOutput<typeof prepared>;
export type Decision = v.InferOutput<typeof commit> | v.InferOutput<typeof abort>;
