import type { ServiceRecipe } from '@synod/protocol';
import type { ReplicaInput, Settings } from './context.ts';
import { replicaProtocol } from './protocol.ts';

/** How a node's replica gossips, and the least epoch of its life; see `Settings` and `ReplicaInput`. */
export interface GossipOptions extends Partial<Settings>, Pick<ReplicaInput, 'epoch'> {}

/** The actor that spreads each node's facts. A node without a disk gives an `epoch` that grows from start to start. */
export const gossipRecipe = (options: GossipOptions = {}): ServiceRecipe => ({
  name: 'gossip',
  protocol: replicaProtocol,
  input: () => options,
});
