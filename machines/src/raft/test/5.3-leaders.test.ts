import { describe, expect, it } from 'vitest';
import { append, noop, refusal, register, request, session, success, word } from './builders.ts';
import { client, follower, leader, n2, n3, n4, n5, only, type Server, sent, stranger } from './support.ts';

const commits = (server: Server) => server.context.commitIndex;
const next = (server: Server) => server.context.nextIndex[n2];
const match = (server: Server) => server.context.matchIndex[n2];

describe('§5.3 a leader appends a client’s command to its log, and sends it to all', () => {
  it('with the entry before it', () => {
    const server = leader({ log: [1], currentTerm: 1 });
    const outcome = server.deliver(client, request('x', 7, 3, 2));
    const entry = word(2, 'x', 3, 7, 2);
    expect([...server.context.log]).toEqual([noop(1), noop(2), entry]);
    expect(outcome.sends).toEqual([n2, n3].map((to) => ({ to, message: append(2, [2, 2], [entry]) })));
    expect(commits(server)).toBe(0);
  });

  it('to each from its own nextIndex', () => {
    const server = leader({ log: [1, 1, 1], maxEntries: 1 });
    server.deliver(n2, refusal(2, 3, 1));
    server.deliver(n2, success(2, 1));
    expect(server.context.nextIndex).toEqual({ [n2]: 3, [n3]: 5 });
    expect(server.deliver(client, request('x')).sends).toEqual([
      { to: n2, message: append(2, [2, 1], [1]) },
      { to: n3, message: append(2, [4, 2], [word(2, 'x')]) },
    ]);
  });

  it('registering a client is an entry as well', () => {
    const server = leader();
    const outcome = server.deliver(client, register);
    expect(sent(outcome, 'AppendEntries')[0]).toEqual(append(1, [1, 1], [session(1)]));
  });
});

describe('§5.3 an entry is committed once its leader has it on a majority', () => {
  // As in etcd's TestLeaderAcknowledgeCommit: who acknowledges, and whether that is enough.
  const table = [
    { size: 1, from: [], committed: true },
    { size: 3, from: [], committed: false },
    { size: 3, from: [n2], committed: true },
    { size: 3, from: [n2, n3], committed: true },
    { size: 5, from: [], committed: false },
    { size: 5, from: [n2], committed: false },
    { size: 5, from: [n2, n2], committed: false },
    { size: 5, from: [n2, stranger], committed: false },
    { size: 5, from: [n2, n3], committed: true },
    { size: 5, from: [n2, n3, n4, n5], committed: true },
    { size: 4, from: [n2], committed: false },
    { size: 4, from: [n2, n3], committed: true },
  ];
  it.each(table)('of $size, acknowledged by $from: $committed', ({ size, from, committed }) => {
    const server = leader({ size });
    server.deliver(client, register);
    for (const peer of from) server.deliver(peer, success(1, 2));
    expect(commits(server)).toBe(committed ? 2 : 0);
    expect(server.context.lastApplied).toBe(committed ? 2 : 0);
  });

  it('and with it all before it, also of earlier terms', () => {
    const server = leader({ log: [1, 2, 2], currentTerm: 4 });
    server.deliver(n2, success(5, 4));
    expect(server.context).toMatchObject({ commitIndex: 4, lastApplied: 4 });
  });

  it('the followers learn how far with the next AppendEntries', () => {
    const server = leader();
    server.deliver(n2, success(1, 1));
    expect(sent(server.fire('heartbeatInterval'), 'AppendEntries')[0]?.leaderCommit).toBe(1);
    expect(sent(server.deliver(client, register), 'AppendEntries')[1]?.leaderCommit).toBe(1);
  });
});

describe('dissertation §10.2.1: of entries that follow each other without waiting, one is lost', () => {
  /** Three requests behind a message that was lost; the follower has the first entry alone. */
  const pipelined = () => {
    const server = leader({ log: [1] });
    for (const text of ['x', 'y', 'z']) server.deliver(client, request(text));
    return server;
  };
  const tail = [noop(2), word(2, 'x'), word(2, 'y'), word(2, 'z')];

  it('each behind it is refused, and the entries are sent again once', () => {
    const server = pipelined();
    const outcomes = [2, 3, 4].map((prevLogIndex) => server.deliver(n2, refusal(2, prevLogIndex, 2)));
    expect(outcomes.map(({ sends }) => sends)).toEqual([[{ to: n2, message: append(2, [1, 1], tail) }], [], []]);
  });

  it('until the follower agrees it gets no more entries, but heartbeats', () => {
    const server = pipelined();
    server.deliver(n2, refusal(2, 2, 2));
    for (const outcome of [server.fire('heartbeatInterval'), server.deliver(client, request('w'))]) {
      expect(outcome.sends[0]).toEqual({ to: n2, message: append(2, [1, 1], []) });
    }
  });

  it.each([1, 5])('when it agrees up to %i it gets all the rest, and then as before', (agreed) => {
    const server = pipelined();
    server.deliver(n2, refusal(2, 2, 2));
    server.deliver(client, request('w'));
    const rest = [...tail, word(2, 'w')].slice(agreed - 1);
    expect(sent(server.deliver(n2, success(2, agreed)), 'AppendEntries')[0]?.entries).toEqual(rest);
    const [next] = sent(server.deliver(client, request('v')), 'AppendEntries');
    expect(next).toMatchObject({ prevLogIndex: 6, entries: [word(2, 'v')] });
  });

  it('an answer from before does not end the probing', () => {
    const server = leader({ log: [1, 1, 1] });
    server.deliver(n2, refusal(2, 3, 3));
    expect(server.deliver(n2, success(2, 1)).sends).toEqual([]);
    expect(server.fire('heartbeatInterval').sends[0]).toEqual({ to: n2, message: append(2, [2, 1], []) });
  });
});

describe('§5.3 answers to AppendEntries', () => {
  it('are ignored by followers', () => {
    const server = follower({ log: [1, 1] });
    for (const answer of [success(1, 2), refusal(1, 2, 1)]) {
      const outcome = server.deliver(n2, answer);
      expect(outcome.effects).toEqual([]);
      expect(outcome.after).toEqual(outcome.before);
    }
  });

  it('a success that was overtaken moves neither matchIndex nor nextIndex back', () => {
    const server = leader({ log: [1, 1, 1, 1] });
    server.deliver(n2, success(2, 5));
    const outcome = server.deliver(n2, success(2, 2));
    expect(outcome.after.matchIndex).toMatchObject({ [n2]: 5, [n3]: 0 });
    expect(outcome.after.nextIndex).toMatchObject({ [n2]: 6 });
    expect(outcome.sends).toEqual([]);
  });

  it.each([2, 4])('a refusal of what is known to agree by now, up to %i, is too late', (known) => {
    const server = leader({ log: [1, 1, 1] });
    server.deliver(n2, success(2, known));
    const outcome = server.deliver(n2, refusal(2, Math.min(known, 3), 1));
    expect(outcome.sends).toEqual([]);
    expect(outcome.after).toEqual(outcome.before);
  });

  it('nextIndex never goes below what is known to agree', () => {
    const server = leader({ log: [1, 1, 1, 1] });
    server.deliver(n2, success(2, 2));
    expect(only(server.deliver(n2, refusal(2, 4, 1)), 'AppendEntries').prevLogIndex).toBe(2);
    expect(match(server)).toBe(2);
  });

  it('matchIndex stays below nextIndex', () => {
    const server = leader({ log: [1, 1] });
    for (const answer of [refusal(2, 2, 1), success(2, 1), refusal(2, 2, 1), success(2, 3), refusal(2, 3, 1)]) {
      server.deliver(n2, answer);
      expect(match(server)).toBeLessThan(next(server) as number);
    }
  });

  it.each([success(1, 1), refusal(1, 1, 1)])('from a stranger mean nothing', (answer) => {
    const server = leader();
    const outcome = server.deliver(stranger, answer);
    expect(outcome.effects).toEqual([]);
    expect(outcome.after).toEqual(outcome.before);
  });
});

describe('§5.3 on a refusal the leader goes back by a whole term', () => {
  // The leader's log is 1 1 4 4 5 5 6 6 6 and its own no-op of term 8; a follower refused at 9.
  const log = [1, 1, 4, 4, 5, 5, 6, 6, 6];
  const table = [
    { conflictTerm: null, conflictIndex: 5, next: 5, because: 'the follower’s log ends before' },
    { conflictTerm: null, conflictIndex: 1, next: 1, because: 'the follower has no log' },
    { conflictTerm: 4, conflictIndex: 3, next: 5, because: 'the leader has the term: after its last of it' },
    { conflictTerm: 5, conflictIndex: 5, next: 7, because: 'the same with another term' },
    { conflictTerm: 2, conflictIndex: 3, next: 3, because: 'the leader lacks the term: to the follower’s first of it' },
    { conflictTerm: 3, conflictIndex: 6, next: 6, because: 'the same, further on' },
    { conflictTerm: 7, conflictIndex: 4, next: 4, because: 'a term later than all but the leader’s own' },
    { conflictTerm: 6, conflictIndex: 9, next: 9, because: 'always back by one at least' },
  ];
  it.each(table)('conflict $conflictTerm at $conflictIndex: $next, $because', (row) => {
    const server = leader({ log, currentTerm: 7 });
    const message = only(server.deliver(n2, refusal(8, 9, row.conflictIndex, row.conflictTerm)), 'AppendEntries');
    expect(message.prevLogIndex).toBe(row.next - 1);
    expect(message.entries.map(({ term }) => term)).toEqual([...log, 8].slice(row.next - 1));
  });
});

describe('§5.3 one AppendEntries carries so much and no more', () => {
  const behind = (settings: object) => {
    const server = leader({ log: ['aa', 'bb', 'cccc', 'd', 'e'].map((each) => word(1, each)), ...settings });
    const sizes: number[] = [];
    let outcome = server.deliver(n2, refusal(2, 5, 1));
    for (let matchIndex = 0; outcome.sends.length > 0; ) {
      const { entries, prevLogIndex } = only(outcome, 'AppendEntries');
      expect(prevLogIndex).toBe(matchIndex);
      expect(entries.length).toBeGreaterThan(0);
      sizes.push(entries.length);
      matchIndex += entries.length;
      outcome = server.deliver(n2, success(2, matchIndex, prevLogIndex));
    }
    expect(match(server)).toBe(6);
    return sizes;
  };

  it.each([
    [{}, [6]],
    [{ maxEntries: 4 }, [4, 2]],
    [{ maxEntries: 1 }, [1, 1, 1, 1, 1, 1]],
    [{ maxBytes: 4 }, [2, 1, 3]],
    [{ maxBytes: 8 }, [3, 3]],
    // An entry larger than the bound travels alone.
    [{ maxBytes: 1 }, [1, 1, 1, 1, 2]],
    [{ maxEntries: 2, maxBytes: 8 }, [2, 2, 2]],
  ])('%j: %j', (settings, sizes) => {
    expect(behind(settings)).toEqual(sizes);
  });
});

describe('dissertation §10.2.1: pipelining', () => {
  it('nextIndex moves on with the send, so that entries follow each other unanswered', () => {
    const server = leader();
    const outcomes = ['a', 'b', 'c'].map((each, i) => server.deliver(client, request(each, i)));
    expect(outcomes.map((outcome) => sent(outcome, 'AppendEntries')[0]?.prevLogIndex)).toEqual([1, 2, 3]);
    expect(outcomes.map((outcome) => sent(outcome, 'AppendEntries')[0]?.entries.length)).toEqual([1, 1, 1]);
    expect(next(server)).toBe(5);
    expect(match(server)).toBe(0);
  });

  it('one answer may acknowledge several', () => {
    const server = leader();
    for (const each of ['a', 'b', 'c']) server.deliver(client, request(each));
    server.deliver(n2, success(1, 4, 3));
    expect(commits(server)).toBe(4);
  });

  it('a lost AppendEntries is sent again when the follower refuses the next', () => {
    const [server, other] = [leader(), follower({ self: n2 })];
    other.deliver(server.self, append(1, [0, 0], [1]));
    server.deliver(client, request('lost'));
    const heartbeat = sent(server.fire('heartbeatInterval'), 'AppendEntries')[0] as ReturnType<typeof append>;
    const refused = only(other.deliver(server.self, heartbeat), 'AppendEntriesReply');
    expect(refused).toMatchObject({ success: false, prevLogIndex: 2, conflictIndex: 2, conflictTerm: null });
    const again = only(server.deliver(n2, refused), 'AppendEntries');
    expect(again).toEqual(append(1, [1, 1], [word(1, 'lost')]));
    server.deliver(n2, only(other.deliver(server.self, again), 'AppendEntriesReply'));
    expect(commits(server)).toBe(2);
  });

  it('a lost answer is made good by the answer to the next heartbeat', () => {
    const [server, other] = [leader(), follower({ self: n2 })];
    other.deliver(server.self, append(1, [0, 0], [1]));
    const heartbeat = sent(server.fire('heartbeatInterval'), 'AppendEntries')[0] as ReturnType<typeof append>;
    server.deliver(n2, only(other.deliver(server.self, heartbeat), 'AppendEntriesReply'));
    expect(commits(server)).toBe(1);
  });
});
