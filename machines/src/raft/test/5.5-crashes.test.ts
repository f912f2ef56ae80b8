import { describe, expect, it } from 'vitest';
import { append, requestVote } from './builders.ts';
import { Cluster, Historian } from './cluster.ts';
import { candidate, follower, leader, n2, n3, only, type Server } from './support.ts';

/** A server as it comes back after a crash: a new one, from what is durable. */
function restarted({ self, context: { currentTerm, votedFor, log } }: Server): Server {
  return follower({ self, currentTerm, votedFor, log: [...log] });
}

describe('§5.5 a server that restarts', () => {
  it.each([
    ['follower', follower({ log: [1, 1] })],
    ['candidate', candidate({ log: [1, 1] })],
    ['leader', leader({ log: [1, 1] })],
  ] as const)('%s: keeps term, vote and log, and is a follower that knows nothing else', (_, server) => {
    const again = restarted(server);
    const { currentTerm, votedFor } = server.context;
    expect(again.role).toBe('follower');
    expect(again.context).toMatchObject({ currentTerm, votedFor, commitIndex: 0, lastApplied: 0, leader: null });
    expect([...again.context.log]).toEqual([...server.context.log]);
    expect(Object.keys(again.timers)).toEqual(['electionTimeout']);
  });

  it('votes no second time in a term', () => {
    const server = follower({ currentTerm: 1 });
    server.deliver(n2, requestVote(1));
    const again = restarted(server);
    expect(only(again.deliver(n3, requestVote(1, 9, 1)), 'RequestVoteReply').voteGranted).toBe(false);
    expect(only(again.deliver(n2, requestVote(1)), 'RequestVoteReply').voteGranted).toBe(true);
  });

  it('that had voted for itself votes for nobody else', () => {
    const again = restarted(candidate());
    expect(only(again.deliver(n3, requestVote(1, 9, 1)), 'RequestVoteReply').voteGranted).toBe(false);
  });

  it('refuses what is of a term before its last', () => {
    const again = restarted(candidate({ currentTerm: 6 }));
    expect(only(again.deliver(n3, append(6)), 'AppendEntriesReply')).toMatchObject({ success: false, term: 7 });
  });

  it('stands in a new term at its next election', () => {
    const again = restarted(leader());
    again.fire('electionTimeout');
    expect(again.context.currentTerm).toBe(2);
  });

  it('learns the commitIndex again, and applies from the first entry on', () => {
    const historian = new Historian();
    const cluster = new Cluster({ watch: historian.watch });
    cluster.timeout('n1');
    cluster.settle();
    cluster.ask('n1', { type: 'RegisterClient' });
    cluster.ask('n1', { type: 'ClientRequest', clientId: 2, sequenceNum: 1, answeredBelow: 0, command: 'a' });
    cluster.settle();
    cluster.heartbeat('n1');
    cluster.settle();
    expect(cluster.server('n2').words).toEqual(['a']);
    cluster.restart('n2');
    expect(cluster.server('n2').context.commitIndex).toBe(0);
    expect(cluster.server('n2').words).toEqual([]);
    cluster.heartbeat('n1');
    cluster.settle();
    expect(cluster.server('n2').context).toMatchObject({ commitIndex: 3, lastApplied: 3 });
    expect(cluster.server('n2').words).toEqual(['a']);
    historian.check(cluster);
  });

  it('takes an AppendEntries that it had handled before the crash once more, to the same end', () => {
    const server = follower({ currentTerm: 1 });
    const message = append(1, [0, 0], [1, 1]);
    const first = only(server.deliver(n2, message), 'AppendEntriesReply');
    const again = restarted(server);
    expect(only(again.deliver(n2, message), 'AppendEntriesReply')).toEqual(first);
    expect(again.terms).toEqual([1, 1]);
  });
});

describe('§5.5 crashes of followers and leaders', () => {
  it('a majority goes on without the others, who catch up when they are back', () => {
    const historian = new Historian();
    const cluster = new Cluster({ size: 5, watch: historian.watch });
    cluster.timeout('n1');
    cluster.settle();
    cluster.crash('n4');
    cluster.crash('n5');
    for (const [i, each] of ['a', 'b', 'c'].entries()) cluster.propose('n1', each, i);
    cluster.settle();
    expect(cluster.server('n1').context.commitIndex).toBe(4);
    cluster.restart('n4');
    cluster.restart('n5');
    cluster.heartbeat('n1');
    cluster.settle();
    for (const node of cluster.nodes) expect(cluster.server(node).terms).toEqual([1, 1, 1, 1]);
    historian.check(cluster);
  });

  it('a minority commits nothing', () => {
    const cluster = new Cluster({ size: 5 });
    cluster.timeout('n1');
    cluster.settle();
    for (const node of ['n3', 'n4', 'n5']) cluster.crash(node);
    cluster.propose('n1', 'a');
    cluster.settle();
    expect(cluster.server('n1').context.commitIndex).toBe(1);
  });

  it('a leader that comes back as follower gives up what it had not replicated', () => {
    const historian = new Historian();
    const cluster = new Cluster({ watch: historian.watch });
    cluster.timeout('n1');
    cluster.settle();
    cluster.isolate('n1');
    cluster.propose('n1', 'lost');
    cluster.crash('n1');
    cluster.timeout('n2');
    cluster.settle();
    cluster.isolate();
    cluster.restart('n1');
    cluster.heartbeat('n2');
    cluster.settle();
    expect(cluster.server('n1').terms).toEqual([1, 2]);
    expect(cluster.leader?.self).toBe(n2);
    historian.check(cluster);
  });
});
