import { describe, expect, it } from 'vitest';
import { coordinator, Transaction } from './support.ts';

/** All have voted yes, and the coordinator's commit is on its way. */
function decided(): Transaction {
  const transaction = new Transaction();
  transaction.begin();
  transaction.settle(({ message }) => message.type !== 'Commit');
  return transaction;
}

/** One participant has heard of the commit, and has not yet done it. */
function told(): Transaction {
  const transaction = decided();
  transaction.settle(({ to, message }) => message.type === 'Commit' && to === 'participant@p1');
  return transaction;
}

const resourceOf = (transaction: Transaction, node: string) =>
  transaction.views.find(({ actor }) => actor === `resource@${node}`)?.context;

describe('R* §2 the protocol without failures', () => {
  it('commits when all vote yes: operations are done, locks are free, all is acknowledged', () => {
    const transaction = new Transaction();
    transaction.begin();
    transaction.settle();
    expect(transaction.states).toEqual({
      'coordinator@c': 'ended',
      'participant@p1': 'committed',
      'participant@p2': 'committed',
      'resource@p1': 'open',
      'resource@p2': 'open',
    });
    for (const node of ['p1', 'p2']) expect(resourceOf(transaction, node)).toEqual({ balances: { a: 0 }, held: {} });
  });

  it('aborts when a resource refuses: nothing is done, no lock is left, and nobody acknowledges', () => {
    const transaction = new Transaction(2, 0);
    transaction.begin();
    const acks: string[] = [];
    transaction.settle(({ message }) => {
      if (message.type === 'Ack') acks.push(message.type);
      return true;
    });
    expect(transaction.states).toMatchObject({ 'coordinator@c': 'aborted', 'participant@p1': 'aborted' });
    expect(resourceOf(transaction, 'p1')).toEqual({ balances: { a: 0 }, held: {} });
    expect(acks).toEqual([]);
  });
});

describe('BHG §7.4 timeout actions', () => {
  it('a coordinator that misses a vote aborts', () => {
    const transaction = new Transaction();
    transaction.begin();
    transaction.settle(({ message }) => message.type !== 'Vote');
    transaction.timeout(coordinator, 'voteTimeout');
    transaction.settle();
    expect(transaction.states).toMatchObject({ 'coordinator@c': 'aborted', 'participant@p2': 'aborted' });
  });

  it('a participant that is never asked aborts', () => {
    const transaction = new Transaction();
    transaction.timeout('participant@p1', 'prepareTimeout');
    transaction.settle();
    expect(transaction.states).toMatchObject({ 'participant@p1': 'aborted' });
  });

  it('one in doubt does nothing by itself: it asks', () => {
    const transaction = decided();
    transaction.flying = [];
    transaction.timeout('participant@p1', 'decisionTimeout');
    expect(transaction.states).toMatchObject({ 'participant@p1': 'prepared.asking' });
    transaction.settle();
    expect(transaction.states).toMatchObject({ 'participant@p1': 'committed' });
  });
});

describe('BHG §7.4 cooperative termination', () => {
  it.each([
    ['one that has committed tells', 'p2', 'committed'],
    ['one that has not voted aborts, and says so', undefined, 'aborted'],
  ] as const)('%s', (_, knows, end) => {
    const transaction = knows ? decided() : new Transaction();
    if (knows) transaction.settle(({ to, from }) => [to, from].some((each) => each.endsWith(`@${knows}`)));
    else {
      transaction.begin();
      transaction.settle(({ to }) => !to.endsWith('@p2') && to !== coordinator);
    }
    transaction.crash(coordinator);
    transaction.flying = [];
    transaction.timeout('participant@p1', 'decisionTimeout');
    transaction.settle();
    expect(transaction.states).toMatchObject({ 'participant@p1': end });
  });

  it('where all are in doubt all are blocked, until the coordinator comes back', () => {
    const transaction = decided();
    transaction.crash(coordinator);
    transaction.flying = [];
    transaction.timeout('participant@p1', 'decisionTimeout');
    transaction.settle();
    expect(transaction.states).toMatchObject({
      'participant@p1': 'prepared.blocked',
      'participant@p2': 'prepared.waiting',
    });
    transaction.restart(coordinator);
    transaction.settle();
    expect(transaction.states).toMatchObject({ 'participant@p1': 'committed', 'participant@p2': 'committed' });
  });
});

describe('R* §3.1 presumed abort, and recovery from the log', () => {
  it('a coordinator that crashes before its commit record has none: it presumes an abort', () => {
    const transaction = new Transaction();
    transaction.begin();
    transaction.settle(({ message }) => message.type !== 'Vote');
    transaction.crash(coordinator);
    transaction.flying = [];
    transaction.restart(coordinator);
    transaction.timeout('participant@p1', 'decisionTimeout');
    transaction.settle();
    expect(transaction.states).toMatchObject({ 'coordinator@c': 'aborted', 'participant@p1': 'aborted' });
  });

  it('with its commit record it tells all again until they acknowledge', () => {
    const transaction = decided();
    transaction.crash(coordinator);
    transaction.flying = [];
    transaction.restart(coordinator);
    expect(transaction.flying.map(({ message }) => message.type)).toEqual(['Commit', 'Commit']);
    transaction.settle();
    expect(transaction.states).toMatchObject({ 'coordinator@c': 'ended' });
  });

  it('with its end record it has forgotten all, and presumes an abort: nobody who asks is in doubt any more', () => {
    const transaction = decided();
    transaction.settle();
    transaction.crash(coordinator);
    transaction.restart(coordinator);
    const from = 'participant@p1';
    transaction.flying.push({ from, to: coordinator, message: { type: 'DecisionRequest' } });
    transaction.settle(({ to }) => to === coordinator);
    expect(transaction.flying).toMatchObject([{ to: from, message: { type: 'Abort' } }]);
    transaction.settle();
    expect(transaction.states).toMatchObject({ [coordinator]: 'ended', [from]: 'committed' });
  });

  it.each([
    ['before it votes it knows nothing, and may abort', () => new Transaction(), 'initial', {}],
    [
      'with a prepare record it is in doubt, and its locks are held',
      decided,
      'prepared.asking',
      { [coordinator]: { a: -1 } },
    ],
    ['with a commit record it does what is left to do', told, 'committing', { [coordinator]: { a: -1 } }],
  ] as const)('a participant that crashes %s', (_, before, state, held) => {
    const transaction = before();
    transaction.crash('participant@p1');
    transaction.restart('participant@p1');
    expect(transaction.states).toMatchObject({ 'participant@p1': state });
    expect(resourceOf(transaction, 'p1')).toMatchObject({ held });
    transaction.settle();
    if (state !== 'initial') expect(transaction.states).toMatchObject({ 'participant@p1': 'committed' });
  });
});
