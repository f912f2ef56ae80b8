import { describe, expect, it } from 'vitest';
import { append, type Incoming, refusal, requestVote, success, vote } from './builders.ts';
import { candidate, follower, inRole, leader, n2, n3, only, roles, sent } from './support.ts';

/** Every message that carries a term, at `term`. */
const messagesOf = (term: number): Incoming[] => [
  requestVote(term, 9, term - 1),
  requestVote(term, 0, 0),
  vote(term, true),
  vote(term, false),
  append(term),
  append(term, [0, 0], [term]),
  append(term, [7, 1]),
  success(term, 1),
  refusal(term, 7, 1),
];
const label = (message: Incoming) => JSON.stringify(message);

describe('§5.1 if a message carries a higher term, the server takes that term and becomes follower', () => {
  const table = roles.flatMap((role) => messagesOf(5).map((message) => ({ role, message, name: label(message) })));
  it.each(table)('$role, $name', ({ role, message }) => {
    const server = inRole[role](3);
    server.deliver(n2, message);
    expect(server.role).toBe('follower');
    expect(server.context.currentTerm).toBe(5);
    expect(Object.keys(server.timers)).toEqual(['electionTimeout']);
  });

  it.each(roles)('%s then handles a RequestVote of that term: grants it', (role) => {
    const server = inRole[role](3);
    expect(only(server.deliver(n2, requestVote(5, 9, 4)), 'RequestVoteReply')).toMatchObject({
      term: 5,
      voteGranted: true,
    });
    expect(server.context.votedFor).toBe(n2);
  });

  it.each(roles)('%s then handles a RequestVote of that term: refuses one whose log is behind', (role) => {
    const server = inRole[role](3, { log: [1, 2] });
    expect(only(server.deliver(n2, requestVote(5, 1, 1)), 'RequestVoteReply')).toMatchObject({
      term: 5,
      voteGranted: false,
    });
    expect(server.context.votedFor).toBeNull();
  });

  it.each(roles)('%s then handles an AppendEntries of that term: appends and follows its sender', (role) => {
    const server = inRole[role](3);
    expect(sent(server.deliver(n2, append(5, [0, 0], [5])), 'AppendEntriesReply')).toMatchObject([
      { term: 5, success: true, matchIndex: 1 },
    ]);
    expect(server.terms).toEqual([5]);
    expect(server.context.leader).toBe(n2);
  });

  it.each(roles)('%s then takes no vote or answer of the higher term for its own', (role) => {
    for (const message of [vote(5), success(5, 1), refusal(5, 1, 1)]) {
      const server = inRole[role](3);
      expect(server.deliver(n2, message).sends).toEqual([]);
      expect(server.context).toMatchObject({ commitIndex: 0, votedFor: null, leader: null });
    }
  });

  it('the vote of the old term is forgotten with it', () => {
    const server = follower({ currentTerm: 3, votedFor: n3 });
    expect(only(server.deliver(n2, requestVote(4)), 'RequestVoteReply').voteGranted).toBe(true);
    expect(server.context.votedFor).toBe(n2);
  });

  it('a follower that knew a leader tells its embedder that the leader is unknown', () => {
    const server = follower();
    expect(server.deliver(n2, append(1)).emits).toEqual([{ type: 'leaderChanged', leader: n2, term: 1 }]);
    expect(server.deliver(n3, vote(2, false)).emits).toEqual([{ type: 'leaderChanged', leader: null, term: 2 }]);
    expect(server.deliver(n3, vote(3, false)).emits).toEqual([]);
  });

  it('a follower that stands for election tells its embedder that the leader is unknown', () => {
    const server = follower();
    server.deliver(n2, append(1));
    expect(server.fire('electionTimeout').emits).toEqual([{ type: 'leaderChanged', leader: null, term: 2 }]);
    expect(server.fire('electionTimeout').emits).toEqual([]);
  });

  it('a leader that steps down tells its embedder', () => {
    const server = leader({ currentTerm: 2 });
    expect(server.deliver(n2, append(4)).emits).toEqual([
      { type: 'leaderChanged', leader: null, term: 4 },
      { type: 'leaderChanged', leader: n2, term: 4 },
    ]);
  });
});

describe('§5.1 a message of an earlier term is refused or ignored', () => {
  it.each(roles)('%s refuses a stale RequestVote with its own term, whatever the log behind it', (role) => {
    const server = inRole[role](3);
    const outcome = server.deliver(n2, requestVote(2, 99, 2));
    expect(only(outcome, 'RequestVoteReply')).toEqual({ type: 'RequestVoteReply', term: 3, voteGranted: false });
    expect(outcome.after).toEqual(outcome.before);
  });

  it.each(roles)('%s refuses a stale AppendEntries with its own term, and keeps its log, leader and timer', (role) => {
    const server = inRole[role](3, { log: [1] });
    const outcome = server.deliver(n2, append(2, [1, 1], [2], 1));
    expect(only(outcome, 'AppendEntriesReply')).toMatchObject({ term: 3, success: false });
    expect(outcome.after).toEqual(outcome.before);
    expect(outcome.timers).toEqual([]);
    expect(server.role).toBe(role);
  });

  it.each(roles)('%s ignores stale answers', (role) => {
    for (const message of [vote(2), success(2, 9), refusal(2, 9, 1)]) {
      const server = inRole[role](3);
      const outcome = server.deliver(n2, message);
      expect(outcome.effects).toEqual([]);
      expect(outcome.after).toEqual(outcome.before);
      expect(server.role).toBe(role);
    }
  });

  it('votes of an earlier candidacy do not count in the next', () => {
    const server = candidate({ size: 5 });
    server.deliver(n2, vote(1));
    server.fire('electionTimeout');
    server.deliver(n3, vote(1));
    server.deliver(n3, vote(2));
    expect(server.role).toBe('candidate');
  });
});

describe('§5.1 currentTerm never decreases', () => {
  const table = roles.flatMap((role) => [1, 2, 3, 4, 5].map((term) => ({ role, term })));
  it.each(table)('$role at 3 receives messages of $term', ({ role, term }) => {
    for (const message of messagesOf(term)) {
      // A leader takes a second leader in its own term for a broken assumption: see §5.2.
      if (role === 'leader' && message.type === 'AppendEntries' && term === 3) continue;
      const server = inRole[role](3);
      server.deliver(n2, message);
      expect(server.context.currentTerm).toBe(Math.max(3, term));
    }
  });
});
