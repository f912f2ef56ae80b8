import { describe, expect, it } from 'vitest';
import { append, register, request, requestVote, session, success, word } from './builders.ts';
import { Cluster } from './cluster.ts';
import { answers, candidate, client, follower, leader, n1, n2, n3, type Server } from './support.ts';

/** A leader of three with everything committed so far, and a registered client: clientId 2. */
function serving(settings: object = {}): Server {
  const server = leader(settings);
  server.deliver(client, register);
  server.deliver(n2, success(1, 2));
  return server;
}
const other = 'client@c2' as const;

describe('§8 clients talk to the leader', () => {
  it.each([
    ['a new follower', follower()],
    ['a candidate', candidate()],
  ] as const)('%s redirects them without a hint', (_, server) => {
    expect(answers(server.deliver(client, register))).toEqual([
      { to: 'c1', message: { type: 'RegisterClientReply', status: 'NOT_LEADER', leaderHint: null } },
    ]);
    expect(answers(server.deliver(client, request('x', 4)))).toEqual([
      { to: 'c1', message: { type: 'ClientReply', status: 'NOT_LEADER', sequenceNum: 4, leaderHint: null } },
    ]);
  });

  it('a follower redirects them to the leader it knows', () => {
    const server = follower();
    server.deliver(n3, append(1));
    const outcome = server.deliver(client, request('x', 4));
    expect(answers(outcome)).toMatchObject([{ message: { status: 'NOT_LEADER', leaderHint: n3 } }]);
    expect(outcome.after).toEqual(outcome.before);
    expect(answers(server.deliver(client, register))).toMatchObject([{ message: { leaderHint: n3 } }]);
  });

  it('a follower whose leader’s term is over has no hint', () => {
    const server = follower();
    server.deliver(n3, append(1));
    server.deliver(n2, requestVote(2));
    expect(answers(server.deliver(client, request('x')))).toMatchObject([{ message: { leaderHint: null } }]);
  });

  it('a candidate that was a follower has no hint', () => {
    const server = follower();
    server.deliver(n3, append(1));
    server.fire('electionTimeout');
    expect(answers(server.deliver(client, request('x')))).toMatchObject([{ message: { leaderHint: null } }]);
  });
});

describe('§5.3 and §8: a leader answers after the entry is applied', () => {
  it('not when it is appended, and not when too few have it', () => {
    const server = leader({ size: 5 });
    expect(answers(server.deliver(client, register))).toEqual([]);
    expect(answers(server.deliver(n2, success(1, 2)))).toEqual([]);
    const outcome = server.deliver(n3, success(1, 2));
    expect(answers(outcome)).toEqual([
      { to: 'c1', message: { type: 'RegisterClientReply', status: 'OK', clientId: 2 } },
    ]);
    expect(outcome.after.lastApplied).toBe(2);
  });

  it('with what the state machine responded, to whom it concerns', () => {
    const server = serving();
    server.deliver(client, request('a', 1, 2));
    server.deliver(other, request('b', 2, 2));
    expect(answers(server.deliver(n2, success(1, 4)))).toEqual([
      { to: 'c1', message: { type: 'ClientReply', status: 'OK', sequenceNum: 1, response: 1 } },
      { to: 'c2', message: { type: 'ClientReply', status: 'OK', sequenceNum: 2, response: 2 } },
    ]);
    expect(server.words).toEqual(['a', 'b']);
  });

  it('once', () => {
    const server = serving();
    server.deliver(client, request('a', 1, 2));
    expect(answers(server.deliver(n2, success(1, 3)))).toHaveLength(1);
    expect(answers(server.deliver(n3, success(1, 3)))).toEqual([]);
    expect(server.context.waiting.size).toBe(0);
  });

  it('alone in its cluster, in the same step', () => {
    const server = leader({ size: 1 });
    expect(answers(server.deliver(client, register))).toMatchObject([{ message: { status: 'OK', clientId: 2 } }]);
    expect(answers(server.deliver(client, request('a', 1, 2)))).toMatchObject([{ message: { response: 1 } }]);
  });

  it('its embedder learns of each entry, with the response', () => {
    const server = serving();
    server.deliver(client, request('a', 1, 2));
    expect(server.deliver(n2, success(1, 3)).emits).toEqual([
      { type: 'applied', entries: [{ index: 3, entry: word(1, 'a', 2, 1), response: 1 }] },
    ]);
  });
});

describe('§8 a leader that steps down sends those who wait elsewhere', () => {
  it('each, in the order of their requests, and nobody twice', () => {
    const server = serving();
    server.deliver(client, request('a', 1, 2));
    server.deliver(other, register);
    const outcome = server.deliver(n2, append(2, [2, 1]));
    expect(answers(outcome)).toEqual([
      { to: 'c1', message: { type: 'ClientReply', status: 'NOT_LEADER', sequenceNum: 1, leaderHint: null } },
      { to: 'c2', message: { type: 'RegisterClientReply', status: 'NOT_LEADER', leaderHint: null } },
    ]);
    expect(server.context.waiting.size).toBe(0);
    // Though their entries may be committed by the next leader after all, there is nobody left to answer.
    expect(answers(server.deliver(n2, append(2, [2, 1], [word(1, 'a', 2, 1), session(1), 2], 5)))).toEqual([]);
    expect(server.words).toEqual(['a']);
  });

  it('and answers none of them when it leads again', () => {
    const server = serving();
    server.deliver(client, request('a', 1, 2));
    server.deliver(n2, requestVote(2));
    server.fire('electionTimeout');
    server.deliver(n2, { type: 'RequestVoteReply', term: 3, voteGranted: true });
    expect(server.role).toBe('leader');
    const outcome = server.deliver(n2, success(3, 4));
    expect(outcome.after.lastApplied).toBe(4);
    expect(answers(outcome)).toEqual([]);
  });

  it('where a retry finds the command already in the log, and applies it once', () => {
    const cluster = new Cluster();
    cluster.timeout('n1');
    cluster.settle();
    cluster.ask('n1', register);
    cluster.settle();
    cluster.ask('n1', request('a', 1, 2));
    // The entry reaches n2, whose answer is lost; then n2 leads.
    cluster.settle(({ to }) => to === n2);
    cluster.drop();
    cluster.timeout('n2');
    cluster.settle();
    cluster.ask('n2', request('a', 1, 2));
    cluster.settle();
    cluster.heartbeat('n2');
    cluster.settle();
    expect(cluster.server('n2').terms).toEqual([1, 1, 1, 2, 2]);
    for (const node of cluster.nodes) expect(cluster.server(node).words).toEqual(['a']);
    expect(cluster.replies.map(({ from, message }) => ({ from, ...message })).slice(1)).toEqual([
      { from: n1, type: 'ClientReply', status: 'NOT_LEADER', sequenceNum: 1, leaderHint: null },
      { from: n2, type: 'ClientReply', status: 'OK', sequenceNum: 1, response: 1 },
    ]);
  });
});

describe('§8 a leader begins its term with a no-op', () => {
  it('by which it learns what is committed', () => {
    const server = leader({ log: [1, 1] });
    expect(server.context.commitIndex).toBe(0);
    expect([...server.context.log].at(-1)).toEqual({ kind: 'noop', term: 2 });
    server.deliver(n2, success(2, 3));
    expect(server.context.commitIndex).toBe(3);
  });

  it('which no state machine sees', () => {
    const server = leader();
    const outcome = server.deliver(n2, success(1, 1));
    expect(outcome.emits).toEqual([
      { type: 'applied', entries: [{ index: 1, entry: { kind: 'noop', term: 1 }, response: null }] },
    ]);
    expect(server.words).toEqual([]);
  });
});
