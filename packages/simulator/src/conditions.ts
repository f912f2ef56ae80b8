import { describeIssues, SynodError } from '@synod/protocol';
import * as v from 'valibot';
import type { DiskOptions } from './disk.ts';
import type { NetworkOptions } from './network.ts';

// What network and disk may be like when no fault lies on them. A number out of range would not stop a run but spoil it: time would
// run backwards over a line of negative bandwidth, and a loss above 1 would look like a mistake of the protocol.

const milliseconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const chance = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const node = v.pipe(v.string(), v.minLength(1));

const inOrder = (least: number, most: number): boolean => least <= most;

const latency = v.pipe(
  v.strictObject({
    minMs: milliseconds,
    maxMs: milliseconds,
    tail: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))),
  }),
  v.check(({ minMs, maxMs }) => inOrder(minMs, maxMs), 'minMs must not be more than maxMs'),
);

const link = {
  latency: v.optional(latency),
  loss: v.optional(chance),
  duplicates: v.optional(chance),
  reorders: v.optional(v.boolean()),
  bytesPerSecond: v.optional(v.pipe(v.number(), v.minValue(1))),
};

export const networkSchema = v.strictObject({
  ...link,
  links: v.optional(v.array(v.strictObject({ from: node, to: node, ...link }))),
});

export const diskSchema = v.strictObject({
  syncMs: v.optional(
    v.pipe(
      v.tuple([milliseconds, milliseconds]),
      v.check(([min, max]) => inOrder(min, max), 'the smaller one comes first'),
    ),
  ),
});

const conditionsSchema = v.strictObject({ network: v.optional(networkSchema), disk: v.optional(diskSchema) });

/** The network and the disks of a run, where they are not the usual ones. */
export interface Conditions {
  readonly network?: NetworkOptions | undefined;
  readonly disk?: DiskOptions | undefined;
}

/** @throws SynodError `SIMULATION_INVALID`, naming the part. `known` are the nodes of the cluster. */
export function checkConditions({ network, disk }: Conditions, known: readonly string[]): void {
  const result = v.safeParse(conditionsSchema, { ...(network && { network }), ...(disk && { disk }) });
  if (!result.success) throw invalid(`${describeIssues(result.issues as never)}`);
  for (const [index, { from, to }] of (network?.links ?? []).entries()) {
    const stranger = [from, to].find((name) => !known.includes(name));
    if (stranger === undefined) continue;
    throw invalid(
      `network.links.${index} names node "${stranger}", which is not of the cluster; its nodes are ${known.join(', ')}`,
    );
  }
}

const invalid = (what: string): SynodError =>
  new SynodError('SIMULATION_INVALID', `The simulation cannot have this network or disk: ${what}. Correct it.`);
