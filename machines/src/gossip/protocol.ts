import { defineProtocol } from '@synod/protocol';
import * as messages from './messages.ts';
import { replicaMachine } from './replica.ts';
import { rumorMachine } from './rumor.ts';

/** One rumour at one site: Demers et al. (1987) §1.4. What a site forgot in a crash it hears again. */
export const rumorProtocol = defineProtocol({
  name: 'gossip-rumor',
  machine: rumorMachine,
  messages: {
    Rumor: messages.rumor,
    RumorFeedback: messages.rumorFeedback,
    RumorRequest: messages.rumorRequest,
  },
});

/** A replica in anti-entropy: Demers et al. (1987) §1.3. */
export const replicaProtocol = defineProtocol({
  name: 'gossip-replica',
  machine: replicaMachine,
  messages: {
    Hashes: messages.hashes,
    Digest: messages.digest,
    Request: messages.request,
    Delta: messages.delivery,
    Update: messages.update,
  },
  durable: ['epoch'],
});
