import { AssertionError } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { append, noop, register, requestVote, vote } from './builders.ts';
import { candidate, engine, follower, leader, members, n1, n2, n3, n4, only, sent, stranger } from './support.ts';

describe('§5.2 followers', () => {
  it('a server starts as follower of nobody, with an election timeout running', () => {
    const server = follower();
    expect(server.role).toBe('follower');
    expect(server.context).toMatchObject({ currentTerm: 0, votedFor: null, leader: null, commitIndex: 0 });
    expect(server.started.timers).toEqual(['set electionTimeout']);
    expect(server.started.sends).toEqual([]);
  });

  it.each([
    ['that it accepts', append(1)],
    ['that it refuses for its log', append(1, [4, 1])],
  ])('an AppendEntries of the current leader %s keeps it follower and starts its timeout anew', (_, message) => {
    const server = follower({ currentTerm: 1 });
    for (let i = 0; i < 3; i++) {
      expect(server.deliver(n2, message).timers).toEqual(['cancel electionTimeout', 'set electionTimeout']);
      expect(server.role).toBe('follower');
      expect(server.context).toMatchObject({ currentTerm: 1, leader: n2 });
    }
  });

  it('each wait draws a timeout anew', () => {
    const server = follower();
    const waits = Array.from({ length: 10 }, () => {
      server.deliver(n2, append(1));
      return server.timers.electionTimeout;
    });
    expect(new Set(waits).size).toBeGreaterThan(5);
  });

  it('leaderChanged is told once for a leader, not for each of its heartbeats', () => {
    const server = follower();
    const emits = [1, 1, 1].flatMap((term) => server.deliver(n2, append(term)).emits);
    expect(emits).toEqual([{ type: 'leaderChanged', leader: n2, term: 1 }]);
  });

  it('a vote granted starts the timeout anew, a vote denied does not', () => {
    const server = follower({ log: [1, 1] });
    expect(server.deliver(n2, requestVote(1, 0, 0)).timers).toEqual([]);
    expect(server.deliver(n2, requestVote(1, 2, 1)).timers).toEqual(['cancel electionTimeout', 'set electionTimeout']);
    expect(server.deliver(n3, requestVote(1, 2, 1)).timers).toEqual([]);
  });

  it('a higher term alone, with a vote denied, does not start the timeout anew', () => {
    const server = follower({ log: [1, 1] });
    const { timers } = server;
    expect(server.deliver(n2, requestVote(7, 0, 0)).timers).toEqual([]);
    expect(server.deliver(n2, vote(8, false)).timers).toEqual([]);
    expect(server.timers).toEqual(timers);
    expect(server.context.currentTerm).toBe(8);
  });
});

describe('§5.2 an election timeout starts an election', () => {
  it.each([
    ['follower', follower],
    ['candidate', candidate],
  ] as const)('%s: new term, vote for itself, RequestVote to all with the end of its log', (_, make) => {
    const server = make({ size: 5, log: [1, 1, 2], currentTerm: 4 });
    const term = server.context.currentTerm + 1;
    const outcome = server.fire('electionTimeout');
    expect(server.role).toBe('candidate');
    expect(server.context).toMatchObject({ currentTerm: term, votedFor: n1, votesGranted: [n1], leader: null });
    expect(outcome.sends).toEqual(
      members(5)
        .filter((member) => member !== n1)
        .map((to) => ({ to, message: requestVote(term, 3, 2) })),
    );
    expect(Object.keys(server.timers)).toEqual(['electionTimeout']);
  });

  it('with an empty log it asks with index 0 and term 0', () => {
    expect(sent(follower().fire('electionTimeout'), 'RequestVote')[0]).toEqual(requestVote(1, 0, 0));
  });

  it('timeouts lie in the range, and reach over most of it', () => {
    const server = follower({ electionTimeoutMs: [100, 200] });
    const waits: number[] = [];
    for (let i = 0; i < 300; i++) {
      waits.push(server.timers.electionTimeout as number);
      server.fire('electionTimeout');
    }
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...waits)).toBeLessThanOrEqual(200);
    expect(Math.min(...waits)).toBeLessThan(105);
    expect(Math.max(...waits)).toBeGreaterThan(195);
  });

  it('servers with different seeds wait differently, with the same seed alike', () => {
    const waits = (seed: number) => follower({ seed }).timers.electionTimeout;
    expect(new Set([1, 2, 3, 4, 5].map(waits)).size).toBeGreaterThan(3);
    expect(waits(3)).toBe(waits(3));
  });

  it.each([{ electionTimeoutMs: [200, 100] }, { electionTimeoutMs: [50, 100] }, { heartbeatIntervalMs: 0 }] as const)(
    'refuses settings against §5.6: %j',
    (settings) => {
      expect(() => follower(settings)).toThrow(AssertionError);
    },
  );
});

describe('§5.2 a candidate wins with votes from a majority of the full cluster', () => {
  const table = [
    { size: 1, votes: 0 },
    { size: 2, votes: 1 },
    { size: 3, votes: 1 },
    { size: 4, votes: 2 },
    { size: 5, votes: 2 },
    { size: 7, votes: 3 },
  ];
  it.each(table)('of $size servers: its own vote and $votes more', ({ size, votes }) => {
    const server = follower({ size });
    server.fire('electionTimeout');
    for (let i = 0; i < votes; i++) {
      expect(server.role).toBe('candidate');
      server.deliver(members(size)[i + 1] as typeof n2, vote(1));
    }
    expect(server.role).toBe('leader');
    expect(server.context).toMatchObject({ leader: n1, currentTerm: 1, votedFor: n1 });
  });

  it('the same vote delivered twice counts once', () => {
    const server = candidate({ size: 5 });
    server.deliver(n2, vote(1));
    server.deliver(n2, vote(1));
    expect(server.role).toBe('candidate');
  });

  it('a denied vote does not count', () => {
    const server = candidate();
    server.deliver(n2, vote(1, false));
    server.deliver(n3, vote(1, false));
    expect(server.role).toBe('candidate');
  });

  it.each([['of a stranger', stranger] as const, ['of itself over the network', n1] as const])(
    'a vote %s does not count',
    (_, from) => {
      const server = candidate();
      server.deliver(from, vote(1));
      expect(server.role).toBe('candidate');
    },
  );

  it('a vote that comes to a follower or a leader changes nothing', () => {
    for (const server of [follower({ currentTerm: 1 }), leader()]) {
      const outcome = server.deliver(n3, vote(1));
      expect(outcome.effects).toEqual([]);
      expect(outcome.after).toEqual(outcome.before);
    }
  });

  it('a split vote ends with the timeout: a new term, and votes counted from one again', () => {
    const server = candidate({ size: 4 });
    server.deliver(n2, vote(1));
    server.fire('electionTimeout');
    expect(server.context).toMatchObject({ currentTerm: 2, votesGranted: [n1] });
    server.deliver(n3, vote(2));
    expect(server.role).toBe('candidate');
    server.deliver(n4, vote(2));
    expect(server.role).toBe('leader');
  });

  it.each([1, 2])(
    'a candidate of term 1 returns to follower on an AppendEntries of term %i, and handles it',
    (term) => {
      const server = candidate();
      const outcome = server.deliver(n2, append(term, [0, 0], [term]));
      expect(server.role).toBe('follower');
      expect(server.context).toMatchObject({ currentTerm: term, leader: n2 });
      expect(server.terms).toEqual([term]);
      expect(only(outcome, 'AppendEntriesReply')).toMatchObject({ success: true, matchIndex: 1 });
      // Its own vote of this term is not given again.
      if (term === 1)
        expect(only(server.deliver(n3, requestVote(1, 9, 1)), 'RequestVoteReply').voteGranted).toBe(false);
    },
  );
});

describe('§5.2 a leader', () => {
  it('at once tells all others, beginning its term with an entry (§8)', () => {
    const server = candidate({ log: [1], currentTerm: 1 });
    const outcome = server.deliver(n2, vote(2));
    expect(outcome.sends).toEqual([n2, n3].map((to) => ({ to, message: append(2, [1, 1], [noop(2)]) })));
    expect(outcome.emits).toEqual([{ type: 'leaderChanged', leader: n1, term: 2 }]);
  });

  it('waits for no leader: its only timer is the heartbeat', () => {
    expect(leader({ heartbeatIntervalMs: 30 }).timers).toEqual({ heartbeatInterval: 30 });
  });

  it('sends a heartbeat to all each heartbeatInterval, and sets the timer again', () => {
    const server = leader();
    for (let i = 0; i < 3; i++) {
      const outcome = server.fire('heartbeatInterval');
      expect(outcome.sends).toEqual([n2, n3].map((to) => ({ to, message: append(1, [1, 1]) })));
      expect(server.timers).toEqual({ heartbeatInterval: 50 });
      expect(server.role).toBe('leader');
    }
  });

  it('ends its heartbeats when it steps down', () => {
    const server = leader();
    expect(server.deliver(n2, append(2)).timers).toContain('cancel heartbeatInterval');
    expect(Object.keys(server.timers)).toEqual(['electionTimeout']);
  });

  it('alone in its cluster commits at once what it appends', () => {
    const server = follower({ size: 1 });
    server.fire('electionTimeout');
    expect(server.context).toMatchObject({ commitIndex: 1, lastApplied: 1 });
    server.deliver('client@c1', register);
    expect(server.context).toMatchObject({ commitIndex: 2, lastApplied: 2 });
    expect(server.fire('heartbeatInterval').sends).toEqual([]);
  });

  it('takes a second leader in its own term for a broken assumption', () => {
    const server = leader();
    expect(() => server.deliver(n2, append(1))).toThrow(AssertionError);
    expect(() => server.deliver(n2, append(1))).toThrow(/Election Safety/);
  });
});

describe('what a server is started with', () => {
  it('names each other server once, and not itself', () => {
    expect(() => engine.initial({ self: n1, seed: 1, peers: [n2, n2] })).toThrow(AssertionError);
    expect(() => engine.initial({ self: n1, seed: 1, peers: [n1, n2] })).toThrow(AssertionError);
  });

  it.each([{ maxEntries: 0 }, { maxSessions: 0 }])('leaves room for one at least: not %j', (settings) => {
    expect(() => follower(settings)).toThrow(AssertionError);
  });
});
