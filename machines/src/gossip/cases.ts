import type { Cases } from '@synod/protocol';

/** A replica that nobody gossips with, and one whose last peer goes. */
export const replicaCases: Cases = {
  inputs: [{ self: 'gossip@n1', seed: 1 }],
  events: [{ type: 'gossip.peers', peers: [] }],
};
