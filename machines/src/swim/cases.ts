import type { Cases } from '@synod/protocol';

const n2 = { status: 'alive', node: 'n2', incarnation: 0 } as const;
const joining = (from: string, url: string) => ({
  type: 'PushPull',
  cluster: 'synod',
  joining: true,
  members: [{ ...n2, metadata: { url } }],
  from: `swim@${from}`,
});

/** The first of its cluster, with short intervals; a second process under a member's name, a forger, another cluster; new facts; the dead are forgotten. */
export const memberCases: Cases = {
  inputs: [{ self: 'swim@n1', seed: 1, pushPullMs: 250 }],
  events: [
    joining('n2', 'ws://first'),
    joining('n2', 'ws://second'),
    joining('n3', 'ws://third'),
    { ...joining('n2', 'ws://first'), cluster: 'another' },
    { type: 'member.describe', metadata: { zone: 'a' } },
    { type: 'retention.elapsed', node: 'n2' },
  ],
};
