import { durableChanges } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { raft } from '../protocol.ts';
import { append, refusal, register, request, requestVote, success, vote } from './builders.ts';
import { candidate, client, follower, journal, leader, n2, n3, type Outcome, only, type Server } from './support.ts';

const { durable } = raft(journal);
/** The durable fields that a step changed, as its host finds them. */
const changed = ({ before, after }: Outcome): string[] =>
  (durableChanges(durable, { ...before }, { ...after }) ?? []).map(({ field }) => field);

describe('figure 2: persistent state is updated on stable storage before responding', () => {
  it('it is currentTerm, votedFor and log', () => {
    expect(durable).toEqual(['currentTerm', 'votedFor', 'log']);
  });

  // What each step changes; nothing where a write would be for nothing.
  const table: readonly [string, () => Server, (server: Server) => Outcome, readonly string[]][] = [
    [
      'a vote granted in the term',
      () => follower({ currentTerm: 1 }),
      (s) => s.deliver(n2, requestVote(1)),
      ['votedFor'],
    ],
    [
      'a vote granted in a new term',
      () => follower(),
      (s) => s.deliver(n2, requestVote(1)),
      ['currentTerm', 'votedFor'],
    ],
    ['a vote denied in the term', () => candidate(), (s) => s.deliver(n2, requestVote(1)), []],
    [
      'a vote denied in a new term',
      () => follower({ log: [1] }),
      (s) => s.deliver(n2, requestVote(2)),
      ['currentTerm'],
    ],
    ['an election', () => follower(), (s) => s.fire('electionTimeout'), ['currentTerm', 'votedFor']],
    ['a second election', () => candidate(), (s) => s.fire('electionTimeout'), ['currentTerm']],
    ['a vote received', () => candidate({ size: 5 }), (s) => s.deliver(n2, vote(1)), []],
    ['an election won', () => candidate(), (s) => s.deliver(n2, vote(1)), ['log']],
    ['entries appended', () => follower({ currentTerm: 1 }), (s) => s.deliver(n2, append(1, [0, 0], [1])), ['log']],
    ['entries that were there', () => follower({ log: [1] }), (s) => s.deliver(n2, append(1, [0, 0], [1])), []],
    ['a commitIndex', () => follower({ log: [1] }), (s) => s.deliver(n2, append(1, [1, 1], [], 1)), []],
    ['a refusal', () => follower({ currentTerm: 1 }), (s) => s.deliver(n2, append(1, [3, 1], [1])), []],
    ['a stale message', () => follower({ currentTerm: 5 }), (s) => s.deliver(n2, append(1, [0, 0], [1])), []],
    ['a request', () => leader(), (s) => s.deliver(client, request('a')), ['log']],
    ['a registration', () => leader(), (s) => s.deliver(client, register), ['log']],
    ['a request redirected', () => follower(), (s) => s.deliver(client, request('a')), []],
    ['an acknowledgement', () => leader(), (s) => s.deliver(n2, success(1, 1)), []],
    ['a conflict', () => leader({ log: [1, 1] }), (s) => s.deliver(n2, refusal(2, 2, 1)), []],
    ['a heartbeat', () => leader(), (s) => s.fire('heartbeatInterval'), []],
  ];
  it.each(table)('%s changes just that', (_, make, act, fields) => {
    expect(changed(act(make()))).toEqual(fields);
  });

  it('the promise of a vote comes out of the step that casts it', () => {
    const server = follower({ currentTerm: 1 });
    const outcome = server.deliver(n2, requestVote(1));
    expect(only(outcome, 'RequestVoteReply').voteGranted).toBe(true);
    expect([outcome.before.votedFor, outcome.after.votedFor]).toEqual([null, n2]);
  });

  it('the request for votes comes out of the step that takes the term and the own vote', () => {
    const outcome = follower().fire('electionTimeout');
    expect(outcome.sends.map(({ message }) => message)).toEqual([requestVote(1), requestVote(1)]);
    expect(outcome.after).toMatchObject({ currentTerm: 1, votedFor: outcome.after.self });
  });

  it('the acknowledgement of entries comes out of the step that appends them, and covers no more', () => {
    const outcome = follower({ log: [1] }).deliver(n2, append(1, [1, 1], [1, 1]));
    expect(only(outcome, 'AppendEntriesReply')).toMatchObject({ success: true, matchIndex: 3 });
    expect([outcome.before.log.length, outcome.after.log.length]).toEqual([1, 3]);
  });

  it('a leader counts itself in the step that appends', () => {
    const server = leader();
    const outcome = server.deliver(client, register);
    expect(outcome.after.log.length).toBe(2);
    expect(server.deliver(n3, success(1, 2)).after.commitIndex).toBe(2);
  });

  it('no step promises anything about a term that is not its own', () => {
    for (const act of [
      (server: Server) => server.deliver(n2, requestVote(7)),
      (server: Server) => server.deliver(n2, append(7)),
      (server: Server) => server.fire('electionTimeout'),
    ]) {
      const { sends, after } = act(follower());
      for (const { message } of sends) expect(message).toMatchObject({ term: after.currentTerm });
    }
  });
});
