import { assert, isName, type Membership, type Metadata, SynodError } from '@synod/protocol';
import { checkMetadata } from './metadata.ts';
import type { SplitBrainOptions } from './split-brain.ts';

/** How a node is a member of a cluster. */
export interface ClusterOptions {
  /** Who is alive, and who knows it: for example `swim({ seeds })` of `@synod/machines/swim`. */
  readonly membership: Membership;
  /** The cluster's name; messages of another are refused. Default `synod`. */
  readonly cluster?: string;
  /** Facts of this node that all members know: few and short. `url`, if it is not given, is where the transport listens. */
  readonly metadata?: Metadata;
  /**
   * Which side of a split cluster goes on; the same on all nodes. Without a strategy a node that is held dead is dead at once, and each side
   * of a split goes on by itself.
   */
  readonly splitBrain?: SplitBrainOptions;
}

/** @throws SynodError `CLUSTER_INVALID` or `METADATA_INVALID`. */
export function checkCluster({ cluster, metadata, splitBrain }: ClusterOptions): void {
  if (cluster !== undefined && !isName(cluster)) {
    const text = `"${cluster.slice(0, 100)}" cannot name a cluster; use letters, digits, ".", "-" and "_".`;
    throw new SynodError('CLUSTER_INVALID', text);
  }
  if (metadata) checkMetadata(metadata);
  if (!splitBrain) return;
  assert((splitBrain.stableAfterMs ?? 1) > 0, 'stableAfterMs is above 0');
  if (splitBrain.strategy === 'static-quorum') {
    assert(
      Number.isInteger(splitBrain.quorumSize) && splitBrain.quorumSize >= 1,
      'quorumSize is a whole number from 1',
    );
  }
}
