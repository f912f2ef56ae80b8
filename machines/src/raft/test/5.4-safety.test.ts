import { describe, expect, it } from 'vitest';
import { request, success, word } from './builders.ts';
import { Cluster, Historian, type Letter } from './cluster.ts';
import { at, client, leader, n1, n2, n3 } from './support.ts';

// §5.4.1, who may be voted for, is tested in 5.2-votes.test.ts.

describe('§5.4.2 a leader commits no entry of an earlier term by counting copies', () => {
  // As in etcd's TestLeaderOnlyCommitsLogFromCurrentTerm: the log is 1 2, and then the leader's own entry of term 3.
  const table = [
    { acknowledged: 1, commitIndex: 0 },
    { acknowledged: 2, commitIndex: 0 },
    { acknowledged: 3, commitIndex: 3 },
  ];
  it.each(table)('acknowledged up to $acknowledged: commitIndex $commitIndex', ({ acknowledged, commitIndex }) => {
    const server = leader({ log: [1, 2] });
    server.deliver(n2, success(3, acknowledged));
    server.deliver(n3, success(3, acknowledged));
    expect(server.context).toMatchObject({ commitIndex, lastApplied: commitIndex });
  });

  it('of five, where a majority agrees on different lengths, the shortest of the majority counts', () => {
    const server = leader({ size: 5 });
    for (const each of ['a', 'b', 'c']) server.deliver(client, request(each));
    server.deliver(n2, success(1, 4));
    expect(server.context.commitIndex).toBe(0);
    server.deliver(n3, success(1, 2));
    expect(server.context.commitIndex).toBe(2);
    server.deliver(n3, success(1, 3));
    expect(server.context.commitIndex).toBe(3);
  });
});

describe('§5.4.2, figure 8', () => {
  const among = (...nodes: string[]) => {
    const addresses = nodes.map(at);
    return ({ from, to }: Letter) => addresses.includes(from) && addresses.includes(to);
  };

  /** Lets `node` time out until the votes of `voters` make it leader; all other requests are lost. */
  function elect(cluster: Cluster, node: string, ...voters: string[]): void {
    for (let i = 0; i < 3 && cluster.server(node).role !== 'leader'; i++) {
      cluster.drop();
      cluster.timeout(node);
      cluster.drop((letter) => !among(node, ...voters)(letter));
      cluster.settle(({ message }) => message.type !== 'AppendEntries');
    }
    expect(cluster.server(node).role).toBe('leader');
  }

  /**
   * The figure from (a) to (c), by messages alone: n1 leads term 2 and replicates index 2 only to n2; n5 leads term 3 and
   * appends a different index 2; n1 leads again, in term 4, and has just brought index 2 of term 2 to a majority.
   */
  function figure8(historian: Historian): Cluster {
    const start = { log: [1], currentTerm: 1 };
    const durable = { n1: start, n2: start, n3: start, n4: start, n5: start };
    const cluster = new Cluster({ size: 5, durable, maxEntries: 1, watch: historian.watch });
    // (a)
    elect(cluster, 'n1', 'n2', 'n3');
    cluster.settle(among('n1', 'n2'));
    expect(cluster.server('n2').terms).toEqual([1, 2]);
    // (b)
    cluster.crash('n1');
    elect(cluster, 'n5', 'n3', 'n4');
    expect(cluster.server('n5').terms).toEqual([1, 3]);
    // (c)
    cluster.crash('n5');
    cluster.restart('n1');
    elect(cluster, 'n1', 'n2', 'n3', 'n4');
    expect(cluster.server('n1').context.currentTerm).toBe(4);
    cluster.drop((letter) => !among('n1', 'n3')(letter));
    while (cluster.server('n3').terms.length < 2) cluster.deliver();
    expect(cluster.server('n3').terms).toEqual([1, 2]);
    cluster.settle(({ to }) => to === n1);
    return cluster;
  }

  it('(c) on three of five servers, an entry of term 2 is not committed by the leader of term 4', () => {
    const historian = new Historian();
    const cluster = figure8(historian);
    const held = ['n1', 'n2', 'n3'].map((node) => cluster.server(node).terms[1]);
    expect(held).toEqual([2, 2, 2]);
    const { matchIndex, commitIndex } = cluster.server('n1').context;
    expect(matchIndex).toMatchObject({ [n3]: 2 });
    expect(commitIndex).toBe(0);
    historian.check(cluster);
  });

  it('(d) so that a leader whose log ends in term 3 may still overwrite it', () => {
    const historian = new Historian();
    const cluster = figure8(historian);
    cluster.crash('n1');
    cluster.restart('n5');
    elect(cluster, 'n5', 'n2', 'n3', 'n4');
    cluster.heartbeat('n5');
    cluster.settle();
    for (const node of ['n2', 'n3', 'n4', 'n5']) expect(cluster.server(node).terms.slice(0, 2)).toEqual([1, 3]);
    expect(cluster.server('n5').context.commitIndex).toBe(3);
    historian.check(cluster);
  });

  it('(e) once an entry of term 4 is on a majority, all before it is committed, and term 3 cannot win', () => {
    const historian = new Historian();
    const cluster = figure8(historian);
    cluster.heartbeat('n1');
    cluster.settle();
    expect(cluster.server('n1').context.commitIndex).toBe(3);
    cluster.crash('n1');
    cluster.restart('n5');
    for (let i = 0; i < 3; i++) {
      cluster.timeout('n5');
      cluster.settle();
      expect(cluster.server('n5').role).not.toBe('leader');
    }
    cluster.timeout('n3');
    cluster.settle();
    expect(cluster.leader?.self).toBe('raft@n3');
    expect(cluster.server('n5').terms.slice(0, 2)).toEqual([1, 2]);
    historian.check(cluster);
  });
});

describe('§5.4.3 Leader Completeness', () => {
  it('a server that lacks a committed entry cannot win, however often it tries', () => {
    const cluster = new Cluster({ size: 5 });
    cluster.timeout('n1');
    cluster.settle();
    cluster.isolate('n4', 'n5');
    cluster.propose('n1', 'committed');
    cluster.settle();
    expect(cluster.server('n1').context.commitIndex).toBe(2);
    cluster.isolate();
    cluster.crash('n1');
    for (let i = 0; i < 5; i++) {
      for (const node of ['n4', 'n5']) {
        cluster.timeout(node);
        cluster.settle();
        expect(cluster.server(node).role).not.toBe('leader');
      }
    }
    cluster.timeout('n2');
    cluster.settle();
    expect(cluster.leader?.self).toBe('raft@n2');
    expect([...cluster.server('n5').context.log][1]).toEqual(word(1, 'committed'));
  });
});
