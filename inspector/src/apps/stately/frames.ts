import { SynodError } from '@synod/protocol';
import * as v from 'valibot';

// What `@statelyai/inspect` 0.7 says over a WebSocket: each frame one JSON text, without a handshake, and nothing is said to it.

const MAX_SESSION = 256;
const MAX_EVENT = 1_000;

const session = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_SESSION));
const other = v.nullish(session);
const event = v.looseObject({ type: v.pipe(v.string(), v.maxLength(MAX_EVENT)) });
const snapshot = v.nullish(
  v.looseObject({
    status: v.nullish(v.picklist(['active', 'done', 'error', 'stopped'])),
    value: v.nullish(v.union([v.string(), v.record(v.string(), v.unknown())])),
  }),
);

const frame = v.variant('type', [
  v.object({
    type: v.literal('@xstate.actor'),
    sessionId: session,
    parentId: other,
    name: v.nullish(v.string()),
    definition: v.nullish(v.string()),
    snapshot,
    _version: v.nullish(v.string()),
  }),
  v.object({ type: v.literal('@xstate.event'), sessionId: session, sourceId: other, event }),
  v.object({ type: v.literal('@xstate.snapshot'), sessionId: session, event: v.nullish(event), snapshot }),
]);

export type StatelyFrame = v.InferOutput<typeof frame>;
export type StatelySnapshot = NonNullable<v.InferOutput<typeof snapshot>>;

/**
 * Reads one frame.
 * @throws SynodError `FRAME_INVALID` for anything that is none.
 */
export function readFrame(text: string): StatelyFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SynodError('FRAME_INVALID', 'A frame is not JSON; only @statelyai/inspect may connect here.', { cause });
  }
  const read = v.safeParse(frame, value);
  if (read.success) return read.output;
  throw new SynodError('FRAME_INVALID', `A frame is none of @statelyai/inspect 0.7: ${v.summarize(read.issues)}`);
}
