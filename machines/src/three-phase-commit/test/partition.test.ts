import { describe, expect, it } from 'vitest';
import { check } from '../../../../packages/checker/src/index.ts';
import { atomicCommitment } from '../properties.ts';
import { specification } from '../specification.ts';
import { coordinator, type Flying, Transaction } from './support.ts';

const agreement = atomicCommitment.find(({ name }) => name === 'Agreement');
const agrees = (transaction: Transaction): boolean =>
  agreement !== undefined && agreement.kind !== 'step' && agreement.holds(transaction.views);

/** Messages that stay on one side of a partition. */
const within = (...side: readonly string[]) => {
  const isInside = (address: string): boolean => side.includes(address.slice(address.indexOf('@') + 1));
  return ({ from, to }: Flying): boolean => isInside(from) === isInside(to);
};

/** All have voted yes and the coordinator has just become committable when a partition leaves it alone. */
const PARTITIONED = [
  'coordinator@c takes coordinator.commit',
  'participant@p1 receives VoteRequest from coordinator@c',
  'coordinator@c receives Vote{vote:yes} from participant@p1',
  'participant@p2 receives VoteRequest from coordinator@c',
  'coordinator@c receives Vote{vote:yes} from participant@p2',
  'a partition parts c from p1, p2',
  'coordinator@c takes xstate.after.ackTimeout.coordinator.preCommit.collecting',
  'participant@p1 takes xstate.after.coordinatorTimeout.participant.wait.following',
  'participant@p2 receives StateRequest from participant@p1',
  'participant@p1 receives StateReport{state:wait} from participant@p2',
];

describe('a partition while one side is committable and the other uncertain', () => {
  it('is what the checker finds, as its shortest counterexample', () => {
    const model = specification.models.find(({ name }) => name === 'partition');
    const { properties } = check(model?.configure(2) as never, specification.roles, { stopAtFirst: true });
    const { verdict, trace } = properties.find(({ name }) => name === 'Agreement') ?? {};
    expect(verdict).toBe('violated');
    expect(trace?.steps.map(({ text }) => text)).toEqual(PARTITIONED);
  });

  it('makes the sides decide differently (BHG §7.5: 3PC needs a network that does not fail)', () => {
    const transaction = new Transaction(2);
    const apart = within('p1', 'p2');
    transaction.request(coordinator, 'coordinator.commit');
    transaction.settle(({ message }) => message.type !== 'PreCommit');
    transaction.timeout(coordinator, 'ackTimeout');
    expect(agrees(transaction)).toBe(true);
    transaction.timeout('participant@p1', 'coordinatorTimeout');
    transaction.settle(apart);
    expect(transaction.states).toEqual({ c: 'commit', p1: 'abort', p2: 'abort' });
    expect(agrees(transaction)).toBe(false);
  });

  it('does not with quorums: the coordinator waits for its quorum, and learns the decision when the partition heals', () => {
    const transaction = new Transaction(2, 'quorum');
    const apart = within('p1', 'p2');
    transaction.request(coordinator, 'coordinator.commit');
    transaction.settle(({ message }) => message.type !== 'PreCommit');
    transaction.timeout(coordinator, 'ackTimeout');
    transaction.timeout('participant@p1', 'standTimeout');
    transaction.settle(apart);
    expect(transaction.states).toEqual({ c: 'preCommit', p1: 'abort', p2: 'abort' });
    transaction.settle();
    expect(transaction.states).toEqual({ c: 'abort', p1: 'abort', p2: 'abort' });
    expect(agrees(transaction)).toBe(true);
  });
});

describe('quorums (Skeen 1982)', () => {
  /** All of four have voted yes; those named have acknowledged PreCommit. */
  const prepared = (...names: readonly string[]): Transaction => {
    const transaction = new Transaction(4, 'quorum', { commitQuorum: 3, abortQuorum: 2 });
    transaction.request(coordinator, 'coordinator.commit');
    transaction.settle(
      ({ to, message }) => message.type !== 'PreCommit' || names.includes(to.slice('participant@'.length)),
    );
    return transaction;
  };

  it('a commit quorum that is prepared to commit decides, and the others learn of it', () => {
    const transaction = prepared('p1', 'p2', 'p3');
    expect(transaction.states).toMatchObject({ c: 'commit' });
  });

  it('a side that can have neither quorum waits: it is blocked', () => {
    const transaction = prepared('p1', 'p2');
    const side = within('p1', 'p2');
    transaction.flying = [];
    transaction.timeout('participant@p1', 'standTimeout');
    transaction.settle(side);
    transaction.timeout('participant@p1', 'stateReportTimeout');
    transaction.settle(side);
    expect(transaction.states).toMatchObject({ p1: 'preCommit.following', p2: 'preCommit.following' });
  });

  it('who is prepared to abort is not prepared to commit any more', () => {
    const transaction = prepared();
    const side = within('p3', 'p4');
    transaction.timeout('participant@p3', 'standTimeout');
    transaction.settle(side);
    transaction.timeout('participant@p3', 'stateReportTimeout');
    transaction.settle(side);
    expect(transaction.states).toMatchObject({ p3: 'abort', p4: 'abort' });
    transaction.settle();
    expect(new Set(Object.values(transaction.states))).toEqual(new Set(['abort']));
  });

  it.each([
    [
      'do not meet',
      { commitQuorum: 1, abortQuorum: 1 },
      'a commit quorum and an abort quorum have a participant in common',
    ],
    [
      'are larger than all',
      { commitQuorum: 3, abortQuorum: 1 },
      'a quorum has a participant at least, and all at most',
    ],
  ])('quorums that %s are refused', (_, settings, message) => {
    expect(() => new Transaction(2, 'quorum', settings)).toThrow(message);
  });
});
