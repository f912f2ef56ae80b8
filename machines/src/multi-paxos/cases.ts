import type { Cases } from '@synod/protocol';

/** A single replica: it is its own majority. */
export const replicaCases: Cases = { inputs: [{ self: 'multi-paxos@n1', seed: 1, peers: [] }] };
