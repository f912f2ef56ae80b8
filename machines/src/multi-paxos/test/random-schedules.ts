import { nextRandom } from '@synod/protocol';
import { Cluster, type ClusterOptions } from './cluster.ts';
import { register, request } from './support.ts';

// Any schedule at all: messages in any order, lost or doubled; timeouts, crashes and restarts at any moment.

const MOVES = [
  [60, 'deliver'],
  [12, 'exchange'],
  [2, 'timeout'],
  [6, 'heartbeat'],
  [2, 'drop'],
  [4, 'duplicate'],
  [2, 'restart'],
  [1, 'crash'],
  [1, 'isolate'],
  [2, 'rejoin'],
  [10, 'ask'],
] as const;
const WEIGHT = MOVES.reduce((sum, [weight]) => sum + weight, 0);

/** Plays `length` moves drawn from `seed`, looking at the properties after each. */
export function play(seed: number, length: number, options: ClusterOptions = {}): Cluster {
  const cluster = new Cluster({ ...options, seed });
  let random = seed;
  const draw = (below: number): number => {
    const [value, next] = nextRandom(random);
    random = next;
    return Math.floor(value * below);
  };
  const move = () => {
    let weight = draw(WEIGHT);
    return MOVES.find(([each]) => {
      weight -= each;
      return weight < 0;
    })?.[1];
  };
  const moves: Readonly<Record<(typeof MOVES)[number][1], (node: string) => void>> = {
    // The oldest first, half of the time: otherwise few long exchanges come to their end.
    deliver: () => cluster.deliver(draw(2) * draw(cluster.network.length)),
    exchange: () => {
      for (let letters = 0; letters < 6; letters++) cluster.deliver();
    },
    timeout: (node) => cluster.timeout(node),
    heartbeat: () => cluster.heartbeat(cluster.leader ?? 'n1'),
    drop: () => {
      const lost = draw(cluster.network.length);
      cluster.drop((_, index) => index === lost);
    },
    duplicate: () => cluster.duplicate(draw(cluster.network.length)),
    restart: (node) => cluster.restart(node),
    crash: (node) => cluster.crash(node),
    isolate: (node) => cluster.isolate(node),
    rejoin: () => cluster.isolate(),
    ask: (node) => {
      const to = draw(3) ? (cluster.leader ?? node) : node;
      const number = draw(30);
      const [session = 1] = cluster.replica(to).context.replicated.sessions.keys();
      // A number of a session belongs to one command: a retry is the same.
      cluster.ask(to, number === 0 ? register : request(`${session}.${number}`, number, session));
    },
  };
  // Three in four runs begin with a leader and a session, so that they get further than elections.
  cluster.timeout('n1');
  if (draw(4)) cluster.settle();
  cluster.ask('n1', register);
  for (let count = 0; count < length; count++) {
    moves[move() ?? 'deliver'](cluster.nodes[draw(cluster.nodes.length)] as string);
    cluster.check();
  }
  return cluster;
}

/** When the faults are over: all up, nothing lost, one replica after another times out until one leads and all agree. */
export function heal(cluster: Cluster): void {
  cluster.isolate();
  for (const node of cluster.nodes) if (!cluster.isUp(node)) cluster.restart(node);
  cluster.settle();
  for (let round = 0; round < 3; round++) {
    for (const node of cluster.nodes) {
      if (cluster.leader) break;
      cluster.timeout(node);
      cluster.settle();
    }
    for (let beat = 0; beat < 12; beat++) {
      if (cluster.leader) cluster.heartbeat(cluster.leader);
      cluster.settle();
    }
  }
  cluster.check();
}
