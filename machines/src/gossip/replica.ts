import { replicaContext } from './context.ts';
import { replicaSetup } from './wiring.ts';

/**
 * A replica that is kept in agreement with all others by anti-entropy: Demers et al. (1987) §1.3, by the version vectors of van Renesse
 * et al. (2008) or the hash trees of DeCandia et al. (2007) §4.7.
 */
export const replicaMachine = replicaSetup.createMachine({
  id: 'replica',
  context: ({ input }) => replicaContext(input),
  on: {
    'gossip.put': { actions: 'put', description: 'The next version of a fact, told at once to a few' },
    'gossip.peers': { actions: 'meet' },
    'gossip.forget': { actions: 'forget' },
    Hashes: { actions: 'compareHashes', description: 'Where they differ, go down the tree' },
    Digest: { actions: 'answerDigest', description: 'Tell what the other lacks, ask for what is lacking here' },
    Request: { actions: 'answerRequest' },
    Delta: { actions: 'learn', description: 'Of each key the later version wins' },
    Update: { actions: 'spread', description: 'News is told on, once' },
  },
  initial: 'alone',
  states: {
    alone: {
      always: { guard: 'hasPeers', target: 'gossiping' },
    },
    gossiping: {
      always: { guard: 'isAlone', target: 'alone' },
      after: {
        gossipInterval: {
          target: 'gossiping',
          reenter: true,
          actions: 'beginExchange',
          description: 'A round: turn to a random peer',
        },
      },
    },
  },
});
