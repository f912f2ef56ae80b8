import { describe, expect, it } from 'vitest';
import { a1, a2, a3, Ensemble, l1, l2, p1, p2 } from './support.ts';

/** p1 has prepared a ballot with a1 and a2, and its Accepts are on their way. */
function prepared(): Ensemble {
  const ensemble = new Ensemble();
  ensemble.propose(p1, 'x');
  ensemble.settle(({ to, message }) => (message.type === 'Prepare' && to !== a3) || message.type === 'Promise');
  return ensemble;
}

describe('§2.2 choosing a value', () => {
  it('the value of the only proposer is chosen, and all learn it', () => {
    const ensemble = new Ensemble();
    ensemble.propose(p1, 'x');
    ensemble.settle();
    for (const each of [p1, p2, l1, l2]) expect(ensemble.field(each, 'chosen')).toBe('x');
    expect(ensemble.states).toMatchObject({ [p1]: 'decided', [l1]: 'learned' });
  });

  it('phase 1b: an acceptor tells of the highest-numbered proposal that it has accepted', () => {
    const ensemble = prepared();
    ensemble.settle(({ to }) => to === a1);
    ensemble.propose(p2, 'y');
    ensemble.settle(({ to, from }) => to === a1 && from === p2);
    expect(ensemble.to(p2)).toMatchObject([
      { type: 'Promise', accepted: { value: 'x', ballot: { round: 1, proposer: p1 } } },
    ]);
  });

  it('P2c: a proposer takes the value that it is told of, and not its own', () => {
    const ensemble = prepared();
    ensemble.settle(({ to }) => to === a1);
    ensemble.flying = [];
    ensemble.propose(p2, 'y');
    ensemble.settle(({ to }) => to !== a3);
    expect(ensemble.field(l1, 'chosen')).toBe('x');
  });

  it('P1a: what is below a promise is not accepted, and its proposer is told', () => {
    const ensemble = prepared();
    ensemble.propose(p2, 'y');
    ensemble.settle(({ to, from }) => to === a1 && from === p2);
    ensemble.settle(({ to, from }) => to === a1 && from === p1);
    expect(ensemble.field(a1, 'accepted')).toBeNull();
    expect(ensemble.to(p1)).toMatchObject([{ type: 'Nack', promised: { round: 1, proposer: p2 } }]);
    ensemble.settle(({ to }) => to === p1);
    expect(ensemble.states).toMatchObject({ [p1]: 'backingOff' });
  });

  it('a ballot that was given up is followed by one above all that were heard of', () => {
    const ensemble = prepared();
    ensemble.timeout(p1, 'roundTimeout');
    ensemble.receive(a1, p1, { type: 'Nack', promised: { round: 7, proposer: p2 } } as never);
    ensemble.timeout(p1, 'backoff');
    expect(ensemble.field(p1, 'round')).toBe(8);
  });
});

describe('§2.3 learning a chosen value', () => {
  it('a majority in one ballot is needed', () => {
    const ensemble = prepared();
    ensemble.settle(({ to, from }) => to === a1 || (to === l1 && from === a1));
    expect(ensemble.states).toMatchObject({ [l1]: 'learning' });
    ensemble.settle(({ to, from }) => to === a2 || (to === l1 && from === a2));
    expect(ensemble.states).toMatchObject({ [l1]: 'learned' });
  });

  it('a learner that missed it asks, and is told', () => {
    const ensemble = new Ensemble();
    ensemble.propose(p1, 'x');
    ensemble.settle(({ to }) => to !== l2);
    ensemble.flying = [];
    expect(ensemble.field(l2, 'chosen')).toBeNull();
    ensemble.timeout(l2, 'inquireInterval');
    ensemble.settle();
    expect(ensemble.field(l2, 'chosen')).toBe('x');
  });

  it('a proposer that still tries is told by a learner that knows', () => {
    const ensemble = new Ensemble();
    ensemble.propose(p1, 'x');
    ensemble.settle(({ to }) => to !== p1 && to !== p2);
    ensemble.settle(({ to, message }) => to === p1 && message.type === 'Promise');
    ensemble.settle(({ message }) => message.type !== 'Chosen');
    ensemble.settle(({ to }) => to === p1);
    expect(ensemble.states).toMatchObject({ [p1]: 'decided' });
  });
});

describe('§2.5 what is remembered through a crash', () => {
  it('an acceptor keeps its promise and what it accepted', () => {
    const ensemble = prepared();
    ensemble.settle(({ to }) => to === a1);
    ensemble.crash(a1);
    ensemble.restart(a1);
    expect(ensemble.field(a1, 'promised')).toEqual({ round: 1, proposer: p1 });
    expect(ensemble.field(a1, 'accepted')).toEqual({ ballot: { round: 1, proposer: p1 }, value: 'x' });
  });

  it('a proposer goes on with a higher number, and the same value', () => {
    const ensemble = prepared();
    ensemble.crash(p1);
    ensemble.flying = [];
    ensemble.restart(p1);
    expect([ensemble.field(p1, 'round'), ensemble.field(p1, 'value')]).toEqual([2, 'x']);
    ensemble.settle();
    expect(ensemble.field(l1, 'chosen')).toBe('x');
  });

  it('a learner knows what it has learned', () => {
    const ensemble = new Ensemble();
    ensemble.propose(p1, 'x');
    ensemble.settle();
    ensemble.crash(l1);
    ensemble.restart(l1);
    expect(ensemble.states).toMatchObject({ [l1]: 'learned' });
  });
});

describe('§2.4 progress', () => {
  it('two proposers can prevent each other from getting anything chosen', () => {
    const ensemble = new Ensemble();
    const rounds: unknown[] = [];
    ensemble.propose(p1, 'x');
    for (const [one, other] of [
      [p2, p1],
      [p1, p2],
      [p2, p1],
      [p1, p2],
    ] as const) {
      // The one prepares, and only then do the other's Accepts arrive.
      ensemble.settle(({ message }) => message.type === 'Prepare' || message.type === 'Promise');
      if (ensemble.states[one] === 'idle') ensemble.propose(one, 'y');
      else ensemble.timeout(one, 'backoff');
      ensemble.settle(({ message }) => message.type === 'Prepare' || message.type === 'Promise');
      ensemble.settle(({ from, to, message }) => (from === other && message.type === 'Accept') || to === other);
      rounds.push(ensemble.field(other, 'round'));
      expect(ensemble.states[other]).toBe('backingOff');
    }
    expect(ensemble.field(l1, 'chosen')).toBeNull();
    expect(new Set(rounds).size).toBeGreaterThan(2);
  });
});
