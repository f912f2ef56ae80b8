import { address, type CheckConfiguration, type Model, type Request } from '@synod/protocol';
import type { ReplicaInput } from './context.ts';
import type { Delta } from './messages.ts';
import {
  beginsAnew,
  convergence,
  everybodyHears,
  everybodyMayHear,
  growth,
  quiescence,
  replicaProperties,
  residue,
  rumorValidity,
  stages,
} from './properties.ts';
import type { RumorInput } from './rumor-context.ts';

// Whom a site turns to is drawn; the checker cannot follow all draws of a generator. So in these worlds nobody has a choice: each site
// turns to the next one, in a ring. The checker's schedules decide when, and what of it arrives.

/** `count` sites in a ring. */
function ring(count: number, role: string, input: object) {
  const addresses = Array.from({ length: count }, (_, index) => at(index + 1));
  return addresses.map((self, index) => ({
    address: self,
    role,
    input: { peers: [addresses[(index + 1) % count] as typeof self], jitter: 0, fanout: 1, epoch: 1, ...input },
  }));
}

const at = (node: number) => address('gossip', `n${node}`);

const put = (node: number, key: string, value: string | null): Request => ({
  to: at(node),
  event: { type: 'gossip.put', key, value } as Request['event'],
});

/**
 * A site turns to the next one again when all is heard that was said between the two. In a ring of three and more, only one of two
 * neighbours begins: so nobody keeps another from its turn for ever, which the judgement of what must come at last depends on.
 */
const inTurns = (count: number): NonNullable<CheckConfiguration['timerMayFire']> => {
  const next = new Map(ring(count, '', {}).map(({ address: self, input }) => [self, input.peers[0]]));
  return ({ actor }, _, { inFlight }) =>
    inFlight.every(({ from, to }) => {
      const peer = next.get(actor);
      return !((from === actor && to === peer) || (from === peer && to === actor));
    });
};

const WRITES = [put(1, 'k', 'a'), put(1, 'k', null), put(1, 'j', 'b')];

/** The first owner writes, deletes and writes something else, in any order. */
const replicas = (count: number, input: Partial<ReplicaInput>, requests = WRITES) => ({
  members: ring(count, 'replica', input),
  requests,
});

const lossy = { order: 'unordered', lossy: true, capacity: 1 } as const;

const rumor = (count: number, input: Partial<RumorInput>): Pick<CheckConfiguration, 'members' | 'requests'> => ({
  members: ring(count, 'rumor', input),
  requests: [{ to: at(1), event: { type: 'rumor.start', update: 'x' } as Request['event'] }],
});

const rumorProperties = [rumorValidity('x'), stages];

const size = (fallback: number) => ({ default: fallback, min: fallback, max: 5 });

/** Says of its first owner what that never wrote. */
const forged: Delta = {
  owner: 'n1',
  epoch: 1,
  from: 0,
  to: 9,
  floor: 0,
  entries: [{ key: 'k', value: 'x', version: 9 }],
};

export const gossipModels: readonly Model[] = [
  {
    name: 'anti-entropy',
    about:
      'Version vectors while messages come in any order or never, and a replica crashes: what is held was written, and versions tell the truth.',
    nodes: size(2),
    configure: (count) => ({
      ...replicas(count, { retentionRounds: 2 }),
      network: lossy,
      faults: { crashes: 1 },
      properties: replicaProperties,
    }),
    expected: [
      { nodes: 2, distinct: 13_340, depth: 17 },
      { nodes: 3, distinct: 1_640_679, depth: 34 },
    ],
  },
  {
    name: 'merkle',
    about: 'The same by hash trees, and by pushing.',
    nodes: size(2),
    configure: (count) => ({
      ...replicas(count, { digest: 'merkle', exchange: 'push', leafOwners: 1, retentionRounds: 2 }),
      network: lossy,
      faults: { crashes: 1 },
      properties: replicaProperties,
    }),
    expected: [
      { nodes: 2, distinct: 11_511, depth: 17 },
      { nodes: 3, distinct: 326_882, depth: 29 },
    ],
  },
  {
    name: 'retention',
    about:
      'Death certificates are kept for one round: who was away meanwhile begins anew, and nothing comes to life again.',
    nodes: size(2),
    configure: (count) => ({
      ...replicas(count, { exchange: 'pull', retentionRounds: 1, fanout: 0 }, [
        put(1, 'k', 'a'),
        put(1, 'k', null),
        put(1, 'j', 'b'),
        put(1, 'j', null),
      ]),
      network: lossy,
      properties: [...replicaProperties, beginsAnew],
    }),
    expected: [
      { nodes: 2, distinct: 5_184, depth: 16 },
      { nodes: 3, distinct: 107_592, depth: 31 },
    ],
  },
  {
    name: 'convergence',
    about: 'Nothing is lost, a replica may crash: once the writing is over, all replicas come to be equal.',
    nodes: size(2),
    configure: (count) => ({
      ...replicas(count, { retentionRounds: 2 }, [...WRITES, put(2, 'k', 'c')]),
      faults: { crashes: 1 },
      timerMayFire: inTurns(count),
      properties: [...replicaProperties, convergence(3)],
    }),
    expected: [{ nodes: 2, distinct: 44_884, depth: 20 }],
  },
  {
    name: 'merkle-convergence',
    about: 'The same by hash trees, where no news is told at once.',
    nodes: size(2),
    configure: (count) => ({
      ...replicas(count, { digest: 'merkle', leafOwners: 1, retentionRounds: 2, fanout: 0 }, [
        ...WRITES,
        put(2, 'k', 'c'),
      ]),
      faults: { crashes: 1 },
      timerMayFire: inTurns(count),
      properties: [...replicaProperties, convergence(3)],
    }),
    expected: [{ nodes: 2, distinct: 13_161, depth: 22 }],
  },
  {
    name: 'membership',
    about: 'An owner is forgotten at any moment, is a peer again, and may begin a new life.',
    nodes: size(2),
    configure: (count) => ({
      ...replicas(count, { retentionRounds: 2, fanout: 0 }, [
        put(1, 'k', 'a'),
        put(1, 'k', null),
        { to: at(2), event: { type: 'gossip.forget', node: 'n1' } as Request['event'] },
        { to: at(2), event: { type: 'gossip.peers', peers: [at(1)] } as Request['event'] },
      ]),
      network: lossy,
      faults: { crashes: 1 },
      properties: replicaProperties,
    }),
    expected: [
      { nodes: 2, distinct: 10_414, depth: 21 },
      { nodes: 3, distinct: 906_270, depth: 39 },
    ],
  },
  {
    name: 'forgery',
    about:
      'An owner is told of facts of its own that it never wrote: it refutes them, and all come to believe the owner.',
    nodes: size(2),
    configure: (count) => ({
      ...replicas(count, { fanout: 0 }, [
        put(1, 'k', 'a'),
        { to: at(1), from: at(2), event: { type: 'Delta', deltas: [forged] } as Request['event'] },
        { to: at(2), from: at(1), event: { type: 'Delta', deltas: [forged] } as Request['event'] },
      ]),
      timerMayFire: inTurns(count),
      properties: [growth, convergence(2)],
    }),
    expected: [
      { nodes: 2, distinct: 169, depth: 10 },
      { nodes: 3, distinct: 8_905, depth: 26 },
    ],
  },
  {
    name: 'rumor',
    about: 'A rumour with feedback and counter, in turns and without loss: everybody hears, and it dies.',
    nodes: size(3),
    configure: (count) => ({
      ...rumor(count, { k: 2 }),
      timerMayFire: inTurns(count),
      properties: [...rumorProperties, everybodyHears, quiescence],
    }),
    expected: [
      { nodes: 3, distinct: 872, depth: 32 },
      { nodes: 4, distinct: 8_644, depth: 43 },
    ],
  },
  {
    name: 'rumor-pull',
    about: 'The same by pulling.',
    nodes: size(3),
    configure: (count) => ({
      ...rumor(count, { exchange: 'pull', k: 1 }),
      timerMayFire: inTurns(count),
      properties: [...rumorProperties, everybodyHears, quiescence],
    }),
    expected: [
      { nodes: 3, distinct: 5_017, depth: 36 },
      { nodes: 4, distinct: 88_753, depth: 48 },
    ],
  },
  {
    name: 'rumor-loss',
    about: 'A blind rumour while messages are lost and come in any order: it may die with a residue.',
    nodes: size(3),
    configure: (count) => ({
      ...rumor(count, { response: 'blind', exchange: 'pushPull', k: 2 }),
      network: lossy,
      properties: [...rumorProperties, residue, everybodyMayHear],
    }),
    expected: [
      { nodes: 3, distinct: 2_751, depth: 17 },
      { nodes: 4, distinct: 42_720, depth: 24 },
    ],
  },
];
