import { nodeOf } from '@synod/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { register, request } from './builders.ts';
import { Cluster, Historian } from './cluster.ts';

// Any schedule at all: messages delivered in any order, lost or doubled; timeouts, crashes and restarts at any moment.

type Move =
  | { readonly do: 'deliver' | 'drop' | 'duplicate'; readonly pick: number }
  | { readonly do: 'timeout' | 'heartbeat' | 'restart' | 'crash' | 'isolate' | 'rejoin'; readonly pick: number }
  /** Asks the leader if there is one; number 0 to 5 is a command, 6 registers. */
  | { readonly do: 'ask'; readonly pick: number; readonly number: number };

const pick = fc.nat({ max: 999 });
const move = (size: number): fc.Arbitrary<Move> => {
  const node = fc.nat({ max: size - 1 });
  return fc.oneof(
    { weight: 24, arbitrary: fc.record({ do: fc.constant('deliver' as const), pick }) },
    // The oldest first: otherwise few long exchanges come to their end.
    { weight: 24, arbitrary: fc.constant({ do: 'deliver' as const, pick: 0 }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('drop' as const, 'duplicate' as const), pick }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('timeout' as const), pick: node }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('heartbeat' as const), pick: node }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom('crash', 'isolate', 'rejoin', 'restart', 'restart'), pick: node }),
    },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('ask' as const), pick: node, number: fc.nat({ max: 6 }) }) },
  ) as fc.Arbitrary<Move>;
};

function play(cluster: Cluster, move: Move): void {
  const node = cluster.nodes[move.pick] as string;
  const letter = move.pick % Math.max(1, cluster.network.length);
  switch (move.do) {
    case 'deliver':
      return cluster.deliver(letter);
    case 'drop':
      return cluster.drop((_, index) => index === letter);
    case 'duplicate':
      return cluster.duplicate(letter);
    case 'timeout':
      return cluster.server(node).role === 'leader' ? undefined : cluster.timeout(node);
    case 'heartbeat':
      return cluster.server(node).role === 'leader' ? cluster.heartbeat(node) : undefined;
    case 'crash':
      return cluster.crash(node);
    case 'restart':
      return cluster.restart(node);
    case 'isolate':
      return cluster.isolate(node);
    case 'rejoin':
      return cluster.isolate();
    case 'ask':
      return cluster.ask(
        cluster.leader ? nodeOf(cluster.leader.self) : node,
        move.number === 6 ? register : request(`${move.number}`, move.number, 2),
      );
  }
}

/** When the faults are over: all up, nothing lost, one server after another times out until one leads and all agree. */
function heal(cluster: Cluster): void {
  cluster.isolate();
  for (const node of cluster.nodes) if (!cluster.isUp(node)) cluster.restart(node);
  cluster.settle();
  for (let round = 0; round < 3; round++) {
    for (const node of cluster.nodes) {
      if (cluster.leader) break;
      cluster.timeout(node);
      cluster.settle();
    }
    for (const node of cluster.nodes) if (cluster.server(node).role === 'leader') cluster.heartbeat(node);
    cluster.settle();
  }
}

describe('figure 3: what Raft guarantees at all times, over any schedule of messages, timeouts, losses and crashes', () => {
  // Half of the runs begin with a leader, so that short schedules get further than elections.
  const table = [
    { size: 3, length: 120, numRuns: 300 },
    { size: 5, length: 200, numRuns: 150 },
  ];
  it.each(table)('$size servers', ({ size, length, numRuns }) => {
    let [commits, leaders, applied] = [0, 0, 0];
    const schedule = fc.array(move(size), { minLength: length / 2, maxLength: length, size: 'max' });
    const settings = fc.record({ maxEntries: fc.constantFrom(1, 2, 256), elected: fc.boolean(), seed: fc.nat() });
    fc.assert(
      fc.property(schedule, settings, (moves, { elected, ...options }) => {
        const historian = new Historian();
        const cluster = new Cluster({ size, ...options, maxSessions: 3, watch: historian.watch });
        if (elected) {
          cluster.timeout('n1');
          cluster.ask('n1', register);
          cluster.settle();
          cluster.ask('n1', register);
        }
        for (const each of moves) {
          play(cluster, each);
          historian.check(cluster);
        }
        commits += historian.applied;
        leaders += cluster.leader ? 1 : 0;

        // Liveness, once the faults end: a leader, one log, all of it applied everywhere, once.
        heal(cluster);
        historian.check(cluster);
        const logs = cluster.nodes.map((node) => JSON.stringify(cluster.server(node).context.log));
        const states = cluster.nodes.map((node) => JSON.stringify(cluster.server(node).context.replicated));
        expect(cluster.leader).toBeDefined();
        expect(new Set(logs).size).toBe(1);
        expect(new Set(states).size).toBe(1);
        expect(cluster.leader?.context.lastApplied).toBe(cluster.leader?.context.log.length);
        const words = cluster.leader?.words ?? [];
        expect(new Set(words).size, 'each command is applied once').toBe(words.length);
        applied += words.length;
      }),
      { numRuns },
    );
    // The schedules are worth something: they elect, and they commit.
    expect(leaders / numRuns).toBeGreaterThan(0.2);
    expect(commits / numRuns).toBeGreaterThan(1);
    expect(applied / numRuns).toBeGreaterThan(0.5);
  });
});
