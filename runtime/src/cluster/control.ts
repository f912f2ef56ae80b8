import { isName, type Message } from '@synod/protocol';
import * as v from 'valibot';

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  typeof (value as Partial<Message>).type === 'string';

const control = v.variant('type', [
  /** Published on the sender's node, for all subscribers of this one. */
  v.strictObject({
    type: v.literal('Publish'),
    topic: v.pipe(v.string(), v.check(isName)),
    message: v.custom<Message>(isMessage),
  }),
  /** The receiver, in this life of it, was given up by the side of a split that went on. */
  v.strictObject({ type: v.literal('Down'), life: v.pipe(v.string(), v.maxLength(256)) }),
]);

/** What the `system` actors of two nodes say to each other about their cluster. */
export type ControlMessage = v.InferOutput<typeof control>;

/** Undefined for what is no such message. */
export function readControl(message: Message): ControlMessage | undefined {
  const parsed = v.safeParse(control, message);
  return parsed.success ? parsed.output : undefined;
}
