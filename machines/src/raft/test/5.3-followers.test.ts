import { AssertionError, durableChanges } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { append, noop, word } from './builders.ts';
import { follower, n2, only } from './support.ts';

describe('§5.3 the consistency check: a follower accepts entries only after one that it shares', () => {
  // The follower holds entries of terms 1, 2, 2 and is in term 3.
  const table = [
    { prev: [0, 0], success: true },
    { prev: [1, 1], success: true },
    { prev: [2, 2], success: true },
    { prev: [3, 2], success: true },
    { prev: [1, 2], success: false, conflictTerm: 1, conflictIndex: 1 },
    { prev: [2, 1], success: false, conflictTerm: 2, conflictIndex: 2 },
    { prev: [3, 3], success: false, conflictTerm: 2, conflictIndex: 2 },
    { prev: [3, 1], success: false, conflictTerm: 2, conflictIndex: 2 },
    { prev: [4, 2], success: false, conflictTerm: null, conflictIndex: 4 },
    { prev: [9, 3], success: false, conflictTerm: null, conflictIndex: 4 },
  ] as const;
  it.each(table)('after $prev: $success', ({ prev, ...expected }) => {
    const server = follower({ log: [1, 2, 2], currentTerm: 3 });
    const reply = only(server.deliver(n2, append(3, prev)), 'AppendEntriesReply');
    expect(reply).toMatchObject({ term: 3, prevLogIndex: prev[0], ...expected });
    if (reply.success) expect(reply.matchIndex).toBe(prev[0]);
    expect(server.terms).toEqual([1, 2, 2]);
  });

  it.each([
    { log: [], prev: 3, conflictIndex: 1, conflictTerm: null },
    { log: [4], prev: 1, conflictIndex: 1, conflictTerm: 4 },
    { log: [1, 4, 4, 4], prev: 4, conflictIndex: 2, conflictTerm: 4 },
    { log: [1, 4, 4, 4, 5], prev: 4, conflictIndex: 2, conflictTerm: 4 },
    { log: [4, 4, 4, 5, 5], prev: 2, conflictIndex: 1, conflictTerm: 4 },
  ])('a refusal names the conflicting term and its first index: $log at $prev', ({ log, prev, ...conflict }) => {
    const server = follower({ log, currentTerm: 6 });
    const reply = only(server.deliver(n2, append(6, [prev, 6], [6])), 'AppendEntriesReply');
    expect(reply).toMatchObject({ success: false, prevLogIndex: prev, ...conflict });
  });
});

describe('§5.3 a follower deletes what conflicts, and appends what it lacks', () => {
  const table = [
    { log: [], prev: [0, 0], entries: [1], result: [1] },
    { log: [1], prev: [1, 1], entries: [2, 2], result: [1, 2, 2] },
    // As in etcd's TestFollowerAppendEntries.
    { log: [1, 2], prev: [2, 2], entries: [3], result: [1, 2, 3] },
    { log: [1, 2], prev: [1, 1], entries: [3, 4], result: [1, 3, 4] },
    { log: [1, 2], prev: [0, 0], entries: [1], result: [1, 2] },
    { log: [1, 2], prev: [0, 0], entries: [3], result: [3] },
    { log: [1, 1, 1, 2], prev: [1, 1], entries: [1, 3], result: [1, 1, 3] },
    { log: [1, 1, 1, 2], prev: [1, 1], entries: [1, 1, 3, 3], result: [1, 1, 1, 3, 3] },
    { log: [1, 1, 1], prev: [1, 1], entries: [], result: [1, 1, 1] },
  ] as const;
  it.each(table)('$log, after $prev come $entries: $result', ({ log, prev, entries, result }) => {
    const server = follower({ log, currentTerm: 4 });
    const reply = only(server.deliver(n2, append(4, prev, entries)), 'AppendEntriesReply');
    expect(server.terms).toEqual(result);
    expect(reply).toMatchObject({ success: true, matchIndex: prev[0] + entries.length });
  });

  it('what agrees is kept, and only what is new need be made durable', () => {
    const server = follower({ log: [1, 1, 1, 2], currentTerm: 3 });
    const { before, after } = server.deliver(n2, append(3, [1, 1], [1, 1, 3, 3]));
    expect(durableChanges(['log'], { ...before }, { ...after })).toEqual([
      { field: 'log', kind: 'sequence', keep: 3, items: [noop(3), noop(3)] },
    ]);
  });

  it('repeated, it changes nothing: the log stays the very same object', () => {
    const server = follower({ log: [1] });
    const message = append(1, [1, 1], [1, 1], 2);
    server.deliver(n2, message);
    const { log } = server.context;
    const again = server.deliver(n2, message);
    expect(again.after.log).toBe(log);
    expect(only(again, 'AppendEntriesReply')).toMatchObject({ success: true, matchIndex: 3 });
  });

  it.each([
    ['a prefix', append(1, [0, 0], [1, 1])],
    ['a heartbeat from before', append(1, [0, 0])],
    ['a middle part', append(1, [1, 1], [1])],
  ])('%s that comes late never truncates', (_, late) => {
    const server = follower();
    server.deliver(n2, append(1, [0, 0], [1, 1, 1, 1], 4));
    const outcome = server.deliver(n2, late);
    expect(outcome.after.log).toBe(outcome.before.log);
    expect(outcome.after.commitIndex).toBe(4);
  });

  it('two messages in the wrong order: the later is refused, and welcome again', () => {
    const server = follower({ currentTerm: 1 });
    const [first, second] = [append(1, [0, 0], [1, 1]), append(1, [2, 1], [1])];
    expect(only(server.deliver(n2, second), 'AppendEntriesReply').success).toBe(false);
    expect(only(server.deliver(n2, first), 'AppendEntriesReply').success).toBe(true);
    expect(only(server.deliver(n2, second), 'AppendEntriesReply')).toMatchObject({ success: true, matchIndex: 3 });
    expect(server.terms).toEqual([1, 1, 1]);
  });

  it('success speaks of what the message covers, not of what may stand beyond', () => {
    const server = follower({ log: [1, 1, 1, 1] });
    expect(only(server.deliver(n2, append(1, [1, 1], [1])), 'AppendEntriesReply')).toMatchObject({ matchIndex: 2 });
    expect(only(server.deliver(n2, append(1, [3, 1])), 'AppendEntriesReply')).toMatchObject({ matchIndex: 3 });
  });

  it('a committed entry is never cut off', () => {
    const server = follower();
    server.deliver(n2, append(1, [0, 0], [1, 1], 2));
    expect(() => server.deliver(n2, append(2, [1, 1], [2]))).toThrow(AssertionError);
    expect(() => server.deliver(n2, append(2, [0, 0], [2]))).toThrow(/State Machine Safety/);
    // What comes after the committed ones may be cut.
    server.deliver(n2, append(2, [2, 1], [2, 2]));
    server.deliver(n2, append(3, [2, 1], [3]));
    expect(server.terms).toEqual([1, 1, 3]);
  });
});

describe('figure 2: commitIndex = min(leaderCommit, index of last new entry)', () => {
  const table = [
    { prev: [0, 0], entries: [1], leaderCommit: 0, commitIndex: 0 },
    { prev: [0, 0], entries: [1], leaderCommit: 1, commitIndex: 1 },
    { prev: [0, 0], entries: [1, 1, 1], leaderCommit: 2, commitIndex: 2 },
    { prev: [0, 0], entries: [1, 1], leaderCommit: 9, commitIndex: 2 },
    { prev: [2, 1], entries: [], leaderCommit: 9, commitIndex: 2 },
    { prev: [1, 1], entries: [1], leaderCommit: 9, commitIndex: 2 },
    { prev: [0, 0], entries: [], leaderCommit: 9, commitIndex: 0 },
  ] as const;
  it.each(table)('log 1 1 1; after $prev $entries, leaderCommit $leaderCommit: $commitIndex', (row) => {
    const server = follower({ log: [1, 1, 1] });
    server.deliver(n2, append(1, row.prev, row.entries, row.leaderCommit));
    expect(server.context).toMatchObject({ commitIndex: row.commitIndex, lastApplied: row.commitIndex });
  });

  it('never decreases', () => {
    const server = follower({ log: [1, 1, 1] });
    const commits = [3, 1, 0, 2].map((leaderCommit) => {
      server.deliver(n2, append(1, [3, 1], [], leaderCommit));
      return server.context.commitIndex;
    });
    expect(commits).toEqual([3, 3, 3, 3]);
  });

  it('a refusal commits nothing, nor does a stale message', () => {
    const server = follower({ log: [1, 1, 1], currentTerm: 2 });
    server.deliver(n2, append(2, [3, 2], [], 3));
    server.deliver(n2, append(1, [3, 1], [], 3));
    expect(server.context.commitIndex).toBe(0);
  });
});

describe('§5.3 a follower applies what is committed, in the order of the log', () => {
  const log = [
    noop(1),
    { kind: 'session', term: 1 } as const,
    word(1, 'a', 2, 1),
    word(1, 'b', 2, 2),
    word(1, 'c', 2, 3),
  ];

  it('each once, and tells its embedder', () => {
    const server = follower();
    server.deliver(n2, append(1, [0, 0], log, 3));
    expect(server.words).toEqual(['a']);
    const { emits } = server.deliver(n2, append(1, [5, 1], [], 5));
    expect(emits).toEqual([
      {
        type: 'applied',
        entries: [
          { index: 4, entry: log[3], response: 2 },
          { index: 5, entry: log[4], response: 3 },
        ],
      },
    ]);
    expect(server.words).toEqual(['a', 'b', 'c']);
    expect(server.deliver(n2, append(1, [5, 1], [], 5)).emits).toEqual([]);
  });

  it('not what is only appended; and answers no client', () => {
    const server = follower();
    const outcome = server.deliver(n2, append(1, [0, 0], log, 2));
    expect(server.words).toEqual([]);
    expect(server.context).toMatchObject({ commitIndex: 2, lastApplied: 2 });
    expect(outcome.sends.map(({ to }) => to)).toEqual([n2]);
  });
});
