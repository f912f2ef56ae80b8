import { Sequence } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { applyEntry, emptySessions, type Replicated } from '../../replicated/index.ts';
import type { Entry } from '../messages.ts';
import { append, noop, register, request, session, word } from './builders.ts';
import { answers, client, follower, journal, leader, n2, type Outcome, type Server } from './support.ts';

// Dissertation §6.3: linearizable semantics need commands that are applied exactly once.

/** A server alone in its cluster: what it is asked, it applies at once. Its clients' ids count from 2. */
function alone(clients = 1, settings: object = {}): Server {
  const server = leader({ size: 1, ...settings });
  for (let i = 0; i < clients; i++) server.deliver(client, register);
  return server;
}
const answer = (outcome: Outcome) => {
  const [only] = answers(outcome);
  const { type: _, ...rest } = only?.message ?? { type: null };
  return rest;
};
const OK = (sequenceNum: number, response: number) => ({ status: 'OK', sequenceNum, response });
const EXPIRED = (sequenceNum: number) => ({ status: 'SESSION_EXPIRED', sequenceNum });

describe('dissertation §6.3: sessions', () => {
  it('a client’s id is the index at which it was registered', () => {
    const server = alone(0);
    expect(answer(server.deliver(client, register))).toEqual({ status: 'OK', clientId: 2 });
    expect(answer(server.deliver(client, register))).toEqual({ status: 'OK', clientId: 3 });
  });

  it('a command that is retried is applied once, and answered the same', () => {
    const server = alone();
    const first = answer(server.deliver(client, request('a', 1, 2)));
    server.deliver(client, request('b', 2, 2));
    const again = server.deliver(client, request('a', 1, 2));
    expect(first).toEqual(OK(1, 1));
    expect(answer(again)).toEqual(OK(1, 1));
    expect(server.words).toEqual(['a', 'b']);
    // Its embedder is not told again.
    expect(again.emits).toEqual([]);
  });

  it('also if the retry came in before the first was committed', () => {
    const server = leader();
    server.deliver(client, register);
    for (let i = 0; i < 3; i++) server.deliver(client, request('a', 1, 2));
    const outcome = server.deliver(n2, {
      type: 'AppendEntriesReply',
      term: 1,
      success: true,
      prevLogIndex: 4,
      matchIndex: 5,
    });
    expect(
      answers(outcome)
        .slice(1)
        .map(({ message }) => message),
    ).toEqual([1, 1, 1].map(() => ({ type: 'ClientReply', ...OK(1, 1) })));
    expect(outcome.emits.flatMap((event) => (event.type === 'applied' ? event.entries : []))).toHaveLength(3);
  });

  it('commands of one client may be on their way together, and come in any order', () => {
    const server = alone();
    expect([3, 1, 2].map((number) => answer(server.deliver(client, request(`${number}`, number, 2))))).toEqual([
      OK(3, 1),
      OK(1, 2),
      OK(2, 3),
    ]);
  });

  it('the same sequence number of another client is another command', () => {
    const server = alone(2);
    server.deliver(client, request('a', 1, 2));
    expect(answer(server.deliver(client, request('b', 1, 3)))).toEqual(OK(1, 2));
  });

  it('who never registered is refused, and applies nothing', () => {
    const server = alone();
    const outcome = server.deliver(client, request('a', 1, 99));
    expect(answer(outcome)).toEqual(EXPIRED(1));
    expect(outcome.emits).toEqual([]);
    expect(server.words).toEqual([]);
  });
});

describe('dissertation §6.3: a client says which responses it has', () => {
  it('answeredBelow forgets the responses below it', () => {
    const server = alone();
    for (const number of [1, 2, 3]) server.deliver(client, request(`${number}`, number, 2));
    server.deliver(client, request('4', 4, 2, 3));
    const { responses, answeredBelow } = server.context.replicated.sessions.get(2) ?? { responses: null };
    expect(answeredBelow).toBe(3);
    expect(responses?.toObject()).toEqual({ 3: 3, 4: 4 });
  });

  it('a stray copy from below the floor is never applied again', () => {
    const server = alone();
    server.deliver(client, request('1', 1, 2));
    server.deliver(client, request('2', 2, 2, 2));
    expect(answer(server.deliver(client, request('1', 1, 2)))).toEqual(EXPIRED(1));
    expect(server.words).toEqual(['1', '2']);
  });

  it('what stands on the floor is remembered still', () => {
    const server = alone();
    server.deliver(client, request('1', 1, 2));
    server.deliver(client, request('2', 2, 2, 1));
    expect(answer(server.deliver(client, request('1', 1, 2)))).toEqual(OK(1, 1));
  });

  it('the floor never sinks', () => {
    const server = alone();
    for (const number of [1, 2, 3]) server.deliver(client, request(`${number}`, number, 2, number));
    server.deliver(client, request('4', 4, 2, 0));
    expect(server.context.replicated.sessions.get(2)?.answeredBelow).toBe(3);
    expect(answer(server.deliver(client, request('2', 2, 2)))).toEqual(EXPIRED(2));
  });

  it('one client’s floor is no other’s', () => {
    const server = alone(2);
    server.deliver(client, request('a', 5, 2, 5));
    expect(answer(server.deliver(client, request('b', 1, 3)))).toEqual(OK(1, 2));
  });
});

describe('dissertation §6.3: sessions expire, on all servers alike', () => {
  it('the one that was active longest ago makes room', () => {
    const server = alone(3, { maxSessions: 3 });
    server.deliver(client, request('a', 1, 2));
    server.deliver(client, register);
    expect(server.context.replicated.sessions.keySeq().toArray()).toEqual([4, 2, 6]);
    expect(answer(server.deliver(client, request('b', 1, 3)))).toEqual(EXPIRED(1));
    expect(answer(server.deliver(client, request('c', 2, 2)))).toEqual(OK(2, 2));
  });

  it('it does not come back: its retry is refused and applied nowhere', () => {
    const server = alone(1, { maxSessions: 1 });
    server.deliver(client, request('a', 1, 2));
    server.deliver(client, register);
    expect(answer(server.deliver(client, request('a', 1, 2)))).toEqual(EXPIRED(1));
    expect(server.words).toEqual(['a']);
  });

  const log: Entry[] = [
    noop(1),
    ...[1, 1, 1].map(session),
    word(1, 'a', 2, 1),
    word(1, 'a', 2, 1),
    word(1, 'b', 4, 1),
    session(1),
    word(1, 'c', 3, 1),
    word(1, 'd', 4, 2, 2),
    word(1, 'b', 4, 1),
    session(1),
    word(1, 'e', 8, 1),
    word(1, 'f', 2, 2),
  ];

  it.each([1, 2, 3, 5, 14])('servers that learn of the same log %i at a time come to the same state', (chunk) => {
    const server = follower({ maxSessions: 3 });
    for (let at = 0; at < log.length; at += chunk) {
      const part = log.slice(at, at + chunk);
      server.deliver(n2, append(1, [at, at === 0 ? 0 : 1], part, at + part.length));
    }
    let expected: Replicated = { state: [], sessions: emptySessions() };
    for (const [at, entry] of log.entries()) [expected] = applyEntry(journal, expected, entry, at + 1, 3);
    expect(server.context.lastApplied).toBe(log.length);
    expect(JSON.stringify(server.context.replicated)).toBe(JSON.stringify(expected));
    expect(server.words).toEqual(['a', 'b', 'd', 'e']);
  });

  it('the log itself keeps every copy', () => {
    const server = alone();
    server.deliver(client, request('a', 1, 2));
    server.deliver(client, request('a', 1, 2));
    expect(server.context.log).toBeInstanceOf(Sequence);
    expect(server.context.log.length).toBe(4);
  });
});
