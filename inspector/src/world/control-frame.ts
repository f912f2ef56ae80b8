import { linkFaultSchema } from '@synod/protocol';
import * as v from 'valibot';
import { LINK_CONTROLS, NODE_CONTROLS } from './controls.ts';

// What a page says to the server, validated there.

const MAX_NODES = 1_000;
const node = v.pipe(v.string(), v.maxLength(128));
const asked = { type: v.literal('control'), id: v.pipe(v.number(), v.safeInteger()) };

/** A skew as it comes from outside. */
export const skewSchema = v.strictObject({
  rate: v.pipe(v.number(), v.minValue(0.1), v.maxValue(10)),
  jumpMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60_000)), 0),
});

/** How much of what happens a page has taken since it said so last, in characters of frames. */
export const tookFrame = v.strictObject({
  type: v.literal('took'),
  length: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** What a page asks for. `id` comes back in the result. */
export const controlFrame = v.variant('control', [
  v.strictObject({ ...asked, control: v.picklist(NODE_CONTROLS), node }),
  v.strictObject({
    ...asked,
    control: v.literal('partition'),
    groups: v.pipe(v.array(v.pipe(v.array(node), v.maxLength(MAX_NODES))), v.maxLength(MAX_NODES)),
  }),
  v.strictObject({
    ...asked,
    control: v.literal('disturb'),
    fault: v.pipe(
      linkFaultSchema,
      v.check(({ kind }) => LINK_CONTROLS.some((control) => control === kind), 'no control lays this on links'),
    ),
  }),
  v.strictObject({ ...asked, control: v.literal('skew'), node, ...skewSchema.entries }),
  v.strictObject({ ...asked, control: v.picklist(['heal', 'clear']) }),
]);
export type ControlFrame = v.InferOutput<typeof controlFrame>;
