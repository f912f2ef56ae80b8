import type { Cases } from '@synod/protocol';

const n2 = { status: 'alive', node: 'n2', incarnation: 0 } as const;
const joining = (from: string, url: string) => ({
  type: 'PushPull',
  cluster: 'synod',
  joining: true,
  members: [{ ...n2, metadata: { url } }],
  from: `swim@${from}`,
});

const nack = (from: string) => ({
  type: 'Nack',
  cluster: 'synod',
  sequence: 1,
  updates: [],
  from: `swim@${from}`,
});

/**
 * The first of its cluster, with short intervals; a second process under a member's name, a forger, another cluster; no answer to the
 * first probe; news in an answer that is passed on; new facts; the dead are forgotten.
 */
export const memberCases: Cases = {
  inputs: [{ self: 'swim@n1', seed: 1, pushPullMs: 250 }],
  events: [
    joining('n2', 'ws://first'),
    joining('n2', 'ws://second'),
    joining('n3', 'ws://third'),
    { ...joining('n2', 'ws://first'), cluster: 'another' },
    nack('n1'),
    nack('n2'),
    {
      type: 'Ack',
      cluster: 'synod',
      sequence: 1,
      node: 'n2',
      onBehalf: { of: 'n3', sequence: 1 },
      updates: [{ ...n2, incarnation: 9, metadata: {} }],
      from: 'swim@n2',
    },
    { type: 'member.describe', metadata: { zone: 'a' } },
    { type: 'retention.elapsed', node: 'n2' },
  ],
};
