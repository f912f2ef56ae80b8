import type { Received } from '@synod/protocol';
import * as v from 'valibot';

/** Heartbeat: process → who watches it (§II-B). `life` grows with each start of the process. */
export const heartbeat = v.strictObject({
  type: v.literal('Heartbeat'),
  life: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

export type Heartbeat = v.InferOutput<typeof heartbeat>;

/** Heartbeats, and the embedder's question how suspicious the process is by now. */
export type PhiEvent = Received<Heartbeat> | { readonly type: 'detector.query'; readonly at: number };
