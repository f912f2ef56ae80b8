import { assert, isName, type Membership, type Metadata } from '@synod/protocol';
import { type GossipOptions, gossipRecipe } from '../gossip/index.ts';
import type { SwimSettings } from './context.ts';
import { swimProtocol } from './protocol.ts';

export interface SwimOptions extends Partial<Omit<SwimSettings, 'lifeguard'>> {
  /**
   * Nodes that let this one in, asked in this order: names that the transport knows, or names with the URLs at which they listen. A node among its
   * own seeds is left out. Without any the node begins a cluster.
   */
  readonly seeds?: readonly (string | { readonly node: string; readonly url: string })[];
  /** Lifeguard's parts; default all. */
  readonly lifeguard?: boolean | Partial<SwimSettings['lifeguard']>;
  /** How facts spread between the nodes. */
  readonly gossip?: GossipOptions;
}

/**
 * SWIM as a cluster's membership, for `createSystem({ membership })`.
 * @throws AssertionError when a seed is no name of a node.
 */
export function swim({ seeds = [], gossip, ...settings }: SwimOptions = {}): Membership {
  const names = seeds.map((seed) => (typeof seed === 'string' ? seed : seed.node));
  for (const name of names) assert(isName(name), `"${name}" names no node`);
  return {
    member: {
      name: 'swim',
      protocol: swimProtocol,
      input: ({ cluster, metadata }: { readonly cluster: string; readonly metadata: Metadata }) => ({
        ...settings,
        seeds: names,
        cluster,
        metadata,
      }),
    },
    gossip: gossipRecipe(gossip),
    seedUrls: Object.fromEntries(seeds.flatMap((seed) => (typeof seed === 'string' ? [] : [[seed.node, seed.url]]))),
  };
}
