import type { Received } from '@synod/protocol';
import * as v from 'valibot';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Heartbeat: process → who watches it (§6, "p-is-alive"). `life` grows with each start of the process. */
export const heartbeat = v.strictObject({ type: v.literal('Heartbeat'), life: count });

/** Suspicion: detector → detectors of the same process (several sources): it is suspected in this life; said again while it is. */
export const suspicion = v.strictObject({ type: v.literal('Suspicion'), life: count });

/** Withdrawal: detector → detectors of the same process (several sources): it is not suspected here, in this life; also the answer to a Suspicion. */
export const withdrawal = v.strictObject({ type: v.literal('Withdrawal'), life: count });

export type Heartbeat = v.InferOutput<typeof heartbeat>;
export type Suspicion = v.InferOutput<typeof suspicion>;
export type Withdrawal = v.InferOutput<typeof withdrawal>;
export type DetectorMessage = Heartbeat | Suspicion | Withdrawal;
export type DetectorEvent = Received<DetectorMessage>;
