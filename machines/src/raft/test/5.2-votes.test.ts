import { describe, expect, it } from 'vitest';
import { append, requestVote } from './builders.ts';
import { candidate, follower, inRole, leader, n1, n2, n3, only, roles, type Server } from './support.ts';

const asks = (server: Server, from: typeof n2, ...args: Parameters<typeof requestVote>) =>
  only(server.deliver(from, requestVote(...args)), 'RequestVoteReply');

describe('§5.2 each server votes for at most one candidate in a term, first come first served', () => {
  it('the first is granted, the second denied', () => {
    const server = follower({ currentTerm: 1 });
    expect(asks(server, n2, 1)).toEqual({ type: 'RequestVoteReply', term: 1, voteGranted: true });
    expect(asks(server, n3, 1)).toEqual({ type: 'RequestVoteReply', term: 1, voteGranted: false });
    expect(server.context.votedFor).toBe(n2);
  });

  it('a later candidate with a longer log is denied as well', () => {
    const server = follower({ currentTerm: 1 });
    asks(server, n2, 1);
    expect(asks(server, n3, 1, 99, 1).voteGranted).toBe(false);
  });

  it('the same candidate, asking again, is granted again', () => {
    const server = follower({ currentTerm: 1 });
    expect([1, 1, 1].map((term) => asks(server, n2, term).voteGranted)).toEqual([true, true, true]);
  });

  it('a new term brings a new vote', () => {
    const server = follower({ currentTerm: 1 });
    asks(server, n2, 1);
    expect(asks(server, n3, 2).voteGranted).toBe(true);
    expect(asks(server, n2, 2).voteGranted).toBe(false);
  });

  it('a candidate and a leader have voted for themselves', () => {
    for (const server of [candidate(), leader()]) {
      expect(asks(server, n2, 1, 99, 1).voteGranted).toBe(false);
      expect(server.context.votedFor).toBe(n1);
    }
  });

  it('a server that follows a leader of the term still has its vote, but for one alone', () => {
    const server = follower();
    server.deliver(n2, append(1));
    expect(asks(server, n3, 1).voteGranted).toBe(true);
    expect(asks(server, n2, 1).voteGranted).toBe(false);
  });

  it.each(roles)('%s: a vote denied for the log does not use the vote up', (role) => {
    const server = inRole[role](1, { log: [1, 1] });
    expect(asks(server, n2, 2, 0, 0).voteGranted).toBe(false);
    expect(asks(server, n3, 2, 9, 1).voteGranted).toBe(true);
  });
});

describe('§5.4.1 the voter denies its vote if its own log is more up-to-date', () => {
  // As in etcd's raft_paper_test.go, with each comparison in both directions.
  const table = [
    { log: [], index: 0, term: 0, granted: true, because: 'both empty' },
    { log: [], index: 1, term: 1, granted: true, because: 'any log is as up-to-date as none' },
    { log: [1], index: 0, term: 0, granted: false, because: 'the candidate has none' },
    { log: [1], index: 1, term: 1, granted: true, because: 'same last term, same length' },
    { log: [1], index: 2, term: 1, granted: true, because: 'same last term, longer' },
    { log: [1, 1], index: 1, term: 1, granted: false, because: 'same last term, shorter' },
    { log: [1], index: 1, term: 2, granted: true, because: 'later last term, same length' },
    { log: [1, 1], index: 1, term: 2, granted: true, because: 'later last term, though shorter' },
    { log: [1], index: 2, term: 2, granted: true, because: 'later last term, longer' },
    { log: [2], index: 1, term: 1, granted: false, because: 'earlier last term, same length' },
    { log: [2], index: 9, term: 1, granted: false, because: 'earlier last term, though longer' },
    { log: [1, 2], index: 1, term: 1, granted: false, because: 'earlier last term, shorter' },
  ];
  const cases = roles.flatMap((role) => table.map((row) => ({ role, ...row })));
  it.each(cases)('$role with $log, candidate at ($index, $term): $granted, $because', (row) => {
    // Role first, log as it then is: a leader's own no-op of term 3 makes its log newer than any of the table.
    const server = inRole[row.role](3, { log: row.log });
    const reply = asks(server, n2, 4, row.index, row.term);
    expect(reply).toEqual({ type: 'RequestVoteReply', term: 4, voteGranted: row.role !== 'leader' && row.granted });
    expect(server.context.votedFor).toBe(reply.voteGranted ? n2 : null);
  });

  it('a leader that has lost its place votes by its log, its own no-op included', () => {
    const server = leader({ log: [1] });
    expect(server.terms).toEqual([1, 2]);
    expect(asks(server, n2, 4, 2, 2).voteGranted).toBe(true);
  });
});
