import { describe, expect, it } from 'vitest';
import { Cluster, type ClusterOptions } from './cluster.ts';
import type { Server } from './support.ts';

// Figure 7: the leader of term 8 comes to power, and followers may be in any of these states.
const leaderLog = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
const figure7 = {
  a: [1, 1, 1, 4, 4, 5, 5, 6, 6],
  b: [1, 1, 1, 4],
  c: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
  d: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
  e: [1, 1, 1, 4, 4, 4, 4],
  f: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
} as const;

/** n1 is the leader of term 8, elected by n3; n2 has one of the figure's logs, and its first AppendEntries is on its way. */
function termEight(log: readonly number[], settings: ClusterOptions = {}): Cluster {
  const cluster = new Cluster({
    ...settings,
    durable: {
      n1: { log: leaderLog, currentTerm: 7 },
      n2: { log, currentTerm: 7 },
      n3: { log: leaderLog, currentTerm: 7 },
    },
  });
  cluster.isolate('n2');
  cluster.timeout('n1');
  cluster.settle(({ message }) => message.type !== 'AppendEntries');
  cluster.isolate();
  expect(cluster.server('n1').role).toBe('leader');
  return cluster;
}

/** Delivers all there is; how many times n2 refused. */
function converge(cluster: Cluster): number {
  let refusals = 0;
  while (cluster.network.length > 0) {
    const message = cluster.network[0]?.message;
    if (message?.type === 'AppendEntriesReply' && !message.success) refusals++;
    cluster.deliver();
  }
  return refusals;
}

const log = (server: Server) => [...server.context.log];

describe('§5.3, figure 7: the leader brings each follower’s log into agreement with its own', () => {
  // §5.3: at most one refused AppendEntries for each term with conflicting entries, and one for a log that is too short.
  const table = [
    { name: 'a', refusals: 1 },
    { name: 'b', refusals: 1 },
    { name: 'c', refusals: 0 },
    { name: 'd', refusals: 0 },
    { name: 'e', refusals: 2 },
    { name: 'f', refusals: 2 },
  ] as const;
  it.each(table)('($name), refused $refusals times', ({ name, refusals }) => {
    const cluster = termEight(figure7[name]);
    const kept = log(cluster.server('n1'));
    expect(converge(cluster)).toBe(refusals);
    expect(cluster.server('n2').terms).toEqual([...leaderLog, 8]);
    expect(log(cluster.server('n2'))).toEqual(kept);
    expect(cluster.server('n1').context.commitIndex).toBe(11);
  });

  it.each(Object.entries(figure7))('(%s) with one entry at a time, messages and answers lost', (_, terms) => {
    const cluster = termEight(terms, { maxEntries: 1 });
    for (let round = 0; round < 4; round++) {
      cluster.heartbeat('n1');
      if (round < 2) cluster.drop((letter) => letter.to === 'raft@n2');
      if (round === 2) cluster.settle(({ message }) => message.type === 'AppendEntries');
      if (round === 2) cluster.drop();
      cluster.settle();
    }
    expect(cluster.server('n2').terms).toEqual([...leaderLog, 8]);
  });

  it('an empty log takes one refusal', () => {
    const cluster = termEight([]);
    expect(converge(cluster)).toBe(1);
    expect(cluster.server('n2').terms).toEqual([...leaderLog, 8]);
  });

  it('Leader Append-Only: a leader never overwrites or deletes entries of its own log', () => {
    const cluster = termEight(figure7.f);
    const before = log(cluster.server('n1'));
    converge(cluster);
    cluster.propose('n1', 'more');
    cluster.settle();
    expect(log(cluster.server('n1')).slice(0, before.length)).toEqual(before);
    expect(
      log(cluster.server('n1'))
        .slice(before.length)
        .map(({ kind }) => kind),
    ).toEqual(['command']);
  });

  it('(a) to (f): who could vote for the leader of term 8', () => {
    const votes = Object.entries(figure7).map(([name, terms]) => {
      const cluster = new Cluster({
        durable: { n1: { log: leaderLog, currentTerm: 7 }, n2: { log: terms, currentTerm: 7 } },
      });
      cluster.timeout('n1');
      cluster.settle(({ from, to }) => from === 'raft@n1' && to === 'raft@n2');
      return [name, cluster.server('n2').context.votedFor === 'raft@n1'];
    });
    expect(Object.fromEntries(votes)).toEqual({ a: true, b: true, c: false, d: false, e: true, f: true });
  });
});
