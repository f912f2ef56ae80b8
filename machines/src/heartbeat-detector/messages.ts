import type { Received } from '@synod/protocol';
import * as v from 'valibot';

const number = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Heartbeat: process → who watches it (§6, "p-is-alive"). `life` grows with each start of the process. */
export const heartbeat = v.strictObject({ type: v.literal('Heartbeat'), life: number });

/** Suspicion: detector → detectors of the same process (several sources): it is suspected in this life. */
export const suspicion = v.strictObject({ type: v.literal('Suspicion'), life: number });

/** Withdrawal: detector → detectors of the same process (several sources): it was heard of again, in this life. */
export const withdrawal = v.strictObject({ type: v.literal('Withdrawal'), life: number });

export type Heartbeat = v.InferOutput<typeof heartbeat>;
export type Suspicion = v.InferOutput<typeof suspicion>;
export type Withdrawal = v.InferOutput<typeof withdrawal>;
export type DetectorMessage = Heartbeat | Suspicion | Withdrawal;
export type DetectorEvent = Received<DetectorMessage>;
