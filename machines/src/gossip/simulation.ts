import { address, type Property, type Simulation, type SimulationConfiguration } from '@synod/protocol';
import { areEqual, isInfected, replicaProperties, rumorValidity, stages } from './properties.ts';

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

const sites = (nodes: number) => upTo(nodes).map((node) => address('gossip', `n${node}`));

/** Simulated milliseconds between two writes. */
const EVERY_MS = 200;
/** Writes of one client. */
const WRITES = 200;
const KEYS = 5;

type Requests = NonNullable<SimulationConfiguration['requests']>;

/** Clients write at one node after the other; every fourth write deletes. All values differ. */
const writes = (nodes: number, clients: number): Requests =>
  upTo(clients).flatMap((client) =>
    upTo(WRITES).map((number) => ({
      to: address('gossip', `n${((number + client) % nodes) + 1}`),
      atMs: number * EVERY_MS + client,
      event: {
        type: 'gossip.put',
        key: `k${(number * 7 + client) % KEYS}`,
        value: number % 4 === 0 ? null : `${client}.${number}`,
      },
    })),
  );

const replicas = (name: string, about: string, settings: object): Simulation => ({
  name,
  about,
  nodes: { default: 5, min: 2, max: 1_000 },
  clients: { default: 2, min: 1, max: 8 },
  configure: ({ nodes, clients }) => {
    const peers = sites(nodes);
    return {
      members: peers.map((self) => ({ address: self, role: 'replica', input: { peers, ...settings } })),
      requests: writes(nodes, clients),
      properties: replicaProperties,
      progress: { about: 'all replicas hold the same facts', withinMs: 60_000, holds: (now) => areEqual(now) },
    };
  },
});

const rumorProperties: readonly Property[] = [rumorValidity('x'), stages];

export const gossipSimulations: readonly Simulation[] = [
  replicas('replicas', 'Facts come, change and go under every fault; certificates are kept for 20 rounds.', {
    retentionRounds: 20,
    intervalMs: 500,
  }),
  replicas('merkle', 'The same by hash trees, with room for few entries in a message.', {
    digest: 'merkle',
    retentionRounds: 20,
    intervalMs: 500,
    leafOwners: 1,
    maxEntries: 4,
  }),
  {
    name: 'rumor',
    about: 'One rumour, pushed and pulled, under every fault: it dies, and nobody hears anything else.',
    nodes: { default: 20, min: 2, max: 10_000 },
    clients: { default: 1, min: 1, max: 1 },
    configure: ({ nodes }) => {
      const peers = sites(nodes);
      return {
        members: peers.map((self) => ({ address: self, role: 'rumor', input: { peers, exchange: 'pushPull', k: 2 } })),
        requests: upTo(5).map((second) => ({
          to: peers[0] as (typeof peers)[0],
          atMs: second * 1_000,
          event: { type: 'rumor.start', update: 'x' },
        })),
        properties: rumorProperties,
        progress: {
          about: 'nobody spreads the rumour any more',
          withinMs: 60_000,
          holds: (now) => now.every((node) => !isInfected(node)),
        },
      };
    },
  },
];
