import { SynodError } from '@synod/protocol';
import type { Hello } from './codec.ts';

/*
 * One connection a pair
 *
 * Whoever knows a peer's URL may dial it, since neither can know what the other knows: the node that sorts first dials at
 * once, the other a little later. When both dial, one of them decides which connection stays:
 *
 *   dialler            acceptor
 *      | ---- hello ----> |      each side's first frame
 *      | <---- hello ---- |
 *      |     welcome      |      from the node that sorts first, on the connection it chose, whoever dialled
 *
 * 1. The node that sorts first (the decider) welcomes the first connection whose handshake completes, and closes its own
 *    other attempts. The other node uses the connection it is welcomed on and closes its own other attempts. No envelope
 *    travels before the welcome, so a connection that was not chosen takes none with it.
 * 2. An established connection is never replaced by a new one. When a peer knocks that seems to be connected, either its
 *    end is dead and this side has not noticed, or another node has taken its name: the newcomer is refused with
 *    HANDSHAKE_DUPLICATE and the old connection is probed, so that a dead one ends within one heartbeat and the
 *    newcomer's next attempt succeeds.
 * 3. Where connections come and go, a name is taken for as long as its node is a member of the cluster, though it may not be connected: who
 *    comes by that name and listens elsewhere is refused with HANDSHAKE_DUPLICATE too.
 */

/** Whether `self` is the one of the pair that decides which connection stays: the one that sorts first. */
export const decides = (self: string, peer: string): boolean => self < peer;

/** Where a hello must fit in. */
export interface HandshakeExpectation {
  readonly self: string;
  readonly cluster: string;
  /** The node that was dialled. */
  readonly dialled: string | undefined;
  /** Where the member of the cluster listens that has the other side's name, if that is known. */
  readonly takenAt: string | undefined;
}

/** Why the other side's hello is refused, if it is. */
export function refuseHello(
  hello: Hello,
  { self, cluster, dialled, takenAt }: HandshakeExpectation,
): SynodError | undefined {
  if (hello.cluster !== cluster) {
    return new SynodError(
      'HANDSHAKE_CLUSTER',
      `${hello.node} belongs to cluster ${hello.cluster}, this node to ${cluster}; correct the peer's address or the cluster.`,
    );
  }
  if (hello.node === self) {
    return new SynodError(
      'HANDSHAKE_OWN_NODE',
      `Another node, or this one by way of its own address, calls itself ${self}; give every node a name of its own.`,
    );
  }
  if (dialled !== undefined && hello.node !== dialled) {
    return new SynodError(
      'HANDSHAKE_NODE',
      `${hello.node} answers at the address of ${dialled}; correct the addresses of the peers.`,
    );
  }
  if (dialled === undefined && takenAt !== undefined && hello.url !== undefined && hello.url !== takenAt) {
    return new SynodError(
      'HANDSHAKE_DUPLICATE',
      `${hello.node} listens elsewhere already; if another node has the same name, rename one, else it is let in once the old one is found dead.`,
    );
  }
  return undefined;
}

/** Refusals that a person must mend: dialling again soon is of no use. */
const PERMANENT: ReadonlySet<string> = new Set([
  'HANDSHAKE_CLUSTER',
  'HANDSHAKE_VERSION',
  'HANDSHAKE_OWN_NODE',
  'HANDSHAKE_NODE',
  'FRAME_VERSION',
  'URL_INVALID',
]);

/** Whether a connection ended over a frame that could not be used, which counts as lost. */
export const isFrameFault = (code: string): boolean =>
  code.startsWith('FRAME_') || code === 'HANDSHAKE_EXPECTED' || code === 'HANDSHAKE_REPEATED';

export const isPermanent = (code: string): boolean => PERMANENT.has(code);
