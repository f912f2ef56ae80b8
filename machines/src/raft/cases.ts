import type { Cases } from '@synod/protocol';

/** A cluster of one: it is its own majority (§5.2). */
export const serverCases: Cases = { inputs: [{ self: 'raft@n1', seed: 1, peers: [] }] };
