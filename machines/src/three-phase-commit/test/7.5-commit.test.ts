import { describe, expect, it } from 'vitest';
import { coordinator, Transaction } from './support.ts';

const ends = (transaction: Transaction) => new Set(Object.values(transaction.states));

/** A transaction in which all have voted yes, and PreCommit is on its way. */
const voted = (count = 3): Transaction => {
  const transaction = new Transaction(count);
  transaction.request(coordinator, 'coordinator.commit');
  transaction.settle(({ message }) => message.type !== 'PreCommit');
  return transaction;
};

describe('§7.5 the protocol without failures', () => {
  it('commits when all vote yes, in three phases', () => {
    const transaction = voted();
    expect(transaction.states).toEqual({
      c: 'preCommit.collecting',
      p1: 'wait.following',
      p2: 'wait.following',
      p3: 'wait.following',
    });
    transaction.settle(({ message }) => message.type !== 'Commit');
    expect(transaction.states).toMatchObject({ c: 'commit', p1: 'preCommit.following' });
    transaction.settle();
    expect(ends(transaction)).toEqual(new Set(['commit']));
  });

  it('aborts when one votes no', () => {
    const transaction = new Transaction(3);
    transaction.request('participant@p2', 'participant.abort');
    transaction.request(coordinator, 'coordinator.commit');
    transaction.settle();
    expect(ends(transaction)).toEqual(new Set(['abort']));
  });
});

describe('§7.5 timeout actions', () => {
  it('init: a participant that is never asked aborts', () => {
    const transaction = new Transaction(2);
    transaction.timeout('participant@p1', 'voteRequestTimeout');
    expect(transaction.states).toMatchObject({ p1: 'abort' });
  });

  it('wait: a coordinator that misses a vote aborts', () => {
    const transaction = new Transaction(2);
    transaction.request(coordinator, 'coordinator.commit');
    transaction.settle(({ to, from }) => to === 'participant@p1' || from === 'participant@p1');
    transaction.timeout(coordinator, 'voteTimeout');
    transaction.settle();
    expect(ends(transaction)).toEqual(new Set(['abort']));
  });

  it('preCommit: a coordinator that misses an ack commits all the same, since all have voted yes', () => {
    const transaction = voted(2);
    transaction.crash('participant@p2');
    transaction.settle();
    transaction.timeout(coordinator, 'ackTimeout');
    transaction.settle();
    expect(transaction.states).toMatchObject({ c: 'commit', p1: 'commit' });
  });
});

describe('§7.5 the termination protocol', () => {
  it('TR3: all are uncertain, so the elected coordinator aborts', () => {
    const transaction = voted();
    transaction.crash(coordinator);
    transaction.flying = [];
    transaction.timeout('participant@p1', 'coordinatorTimeout');
    transaction.settle();
    expect(transaction.states).toMatchObject({ p1: 'abort', p2: 'abort', p3: 'abort' });
  });

  it('TR4: one is committable, so the elected coordinator makes all so, and commits', () => {
    const transaction = voted();
    transaction.settle(({ to }) => to === 'participant@p3');
    transaction.crash(coordinator);
    transaction.flying = [];
    transaction.timeout('participant@p1', 'coordinatorTimeout');
    transaction.settle(({ message }) => message.type !== 'Commit');
    expect(transaction.states).toMatchObject({ p1: 'commit', p2: 'preCommit.following', p3: 'preCommit.following' });
    transaction.settle();
    expect(transaction.states).toMatchObject({ p1: 'commit', p2: 'commit', p3: 'commit' });
  });

  it('the next in line is told that it is elected, also when the first in line has failed as well', () => {
    const transaction = voted();
    transaction.crash(coordinator);
    transaction.crash('participant@p1');
    transaction.flying = [];
    transaction.timeout('participant@p3', 'coordinatorTimeout');
    transaction.settle();
    transaction.timeout('participant@p3', 'coordinatorTimeout');
    transaction.settle(({ message }) => message.type !== 'StateRequest');
    expect(transaction.states).toMatchObject({ p2: 'wait.collecting' });
    transaction.settle();
    expect(transaction.states).toMatchObject({ p2: 'abort', p3: 'abort' });
  });
});

describe('§7.5 recovery', () => {
  it.each([
    ['before it voted, it aborts at last', [], 'init', 'abort'],
    ['uncertain, it asks the others', ['VoteRequest'], 'wait.recovering', 'commit'],
    ['committable, it asks the others', ['VoteRequest', 'Vote', 'PreCommit'], 'preCommit.recovering', 'commit'],
  ] as const)('a participant that crashes %s', (_, delivered, back, end) => {
    const transaction = new Transaction(2);
    transaction.request(coordinator, 'coordinator.commit');
    transaction.settle(({ message }) => (delivered as readonly string[]).includes(message.type));
    transaction.crash('participant@p1');
    transaction.restart('participant@p1');
    expect(transaction.states.p1).toBe(back);
    if (back === 'init') {
      transaction.flying = [];
      transaction.timeout('participant@p1', 'voteRequestTimeout');
    }
    transaction.settle();
    if (back === 'wait.recovering') {
      transaction.timeout(coordinator, 'ackTimeout');
      transaction.settle();
    }
    expect(transaction.states.p1).toBe(end);
  });

  it.each([
    ['before it began, it has nothing to do', [], 'init'],
    ['before any PreCommit was sent, it aborts', ['VoteRequest'], 'abort'],
    ['committable, it asks the others, for they may have decided', ['VoteRequest', 'Vote'], 'preCommit.recovering'],
  ] as const)('a coordinator that crashes %s', (_, delivered, back) => {
    const transaction = new Transaction(2);
    if (delivered.length > 0) transaction.request(coordinator, 'coordinator.commit');
    transaction.settle(({ message }) => (delivered as readonly string[]).includes(message.type));
    transaction.crash(coordinator);
    transaction.restart(coordinator);
    expect(transaction.states.c).toBe(back);
  });
});
