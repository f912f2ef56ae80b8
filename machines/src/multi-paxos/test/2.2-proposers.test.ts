import { describe, expect, it } from 'vitest';
import {
  b,
  leading,
  members,
  n1,
  n2,
  n3,
  n4,
  n5,
  nack,
  only,
  own,
  passive,
  prepare,
  preparing,
  promise,
  proposal,
  sent,
  word,
} from './support.ts';

const found = (slot: number, round: number, text: string, proposer = n2) => ({
  slot,
  ...proposal(b(round, proposer), word(text)),
});

describe('§2.2 phase 1a: a proposer takes a number higher than any it knows, and asks all', () => {
  const table = [
    { promised: undefined, ballot: b(1, n1) },
    { promised: b(1, n3), ballot: b(2, n1) },
    { promised: b(6, n1), ballot: b(7, n1) },
  ];
  it.each(table)('$promised, then $ballot', ({ promised, ballot }) => {
    const replica = passive(promised ? { promised } : {});
    const { sends } = replica.fire('leaderTimeout');
    expect(sends).toEqual([n2, n3].map((to) => ({ to, message: prepare(ballot) })));
    expect(replica.context.promised, 'it promises its own ballot first').toEqual(ballot);
    expect(replica.state).toBe('preparing');
  });

  it('asks from the first slot on that it does not know to be chosen', () => {
    const log = [word('a'), word('b')].map((entry) => proposal(b(1), entry));
    const replica = passive({ promised: b(1), log, chosenThrough: 1 });
    expect(sent(replica.fire('leaderTimeout'), 'Prepare')[0]).toEqual(prepare(b(2, n1), 1));
    expect(replica.context.found, 'and has its own answer').toEqual([{ slot: 2, ...log[1] }]);
  });

  it('begins a higher ballot when answers stay away', () => {
    const again = preparing({ size: 5 });
    again.deliver(n2, promise(own(again), [found(1, 1, 'x')]));
    const { sends } = again.fire('leaderTimeout');
    expect(sends[0]?.message).toEqual(prepare(b(2, n1)));
    expect(again.context).toMatchObject({ promisedBy: [n1], found: [] });
  });
});

describe('§2.2 a majority of promises, for this ballot', () => {
  const table = [
    { size: 1, needed: 0 },
    { size: 2, needed: 1 },
    { size: 3, needed: 1 },
    { size: 4, needed: 2 },
    { size: 5, needed: 2 },
  ];
  it.each(table)('of $size replicas: its own and $needed more', ({ size, needed }) => {
    const replica = preparing({ size });
    for (const peer of members(size).slice(1, needed + 1)) {
      expect(replica.state).toBe('preparing');
      replica.deliver(peer, promise(b(1, n1)));
    }
    expect(replica.state).toBe('leading');
  });

  it.each([
    ['the same twice', [n2, n2], b(1, n1)],
    ['of a stranger', [n2, 'replica@stranger' as const], b(1, n1)],
    ['of an earlier ballot', [n2, n3, n4, n5], b(0, n1)],
    ['of another proposer', [n2, n3, n4, n5], b(1, n2)],
  ] as const)('%s: not enough', (_, from, ballot) => {
    const replica = preparing({ size: 5 });
    for (const each of from) replica.deliver(each, promise(ballot));
    expect(replica.state).toBe('preparing');
  });

  it('a Promise that is late changes nothing', () => {
    const replica = leading();
    const outcome = replica.deliver(n3, promise(own(replica), [found(1, 1, 'x')]));
    expect(outcome.sends).toEqual([]);
    expect(outcome.after).toBe(outcome.before);
  });
});

describe('§2.2 P2c: the value of the highest-numbered proposal that a majority accepted, in each slot', () => {
  const take = (mine: ReturnType<typeof found>[], theirs: ReturnType<typeof found>[], others: typeof theirs = []) => {
    const log = mine.map(({ ballot, entry }) => ({ ballot, entry }));
    const replica = preparing({ size: 5, promised: b(8), log });
    replica.deliver(n2, promise(own(replica), theirs));
    const outcome = replica.deliver(n3, promise(own(replica), others));
    return { replica, outcome };
  };

  it.each([
    ['of another', [found(1, 1, 'a')], [found(1, 2, 'b')], [], ['b']],
    ['its own', [found(1, 3, 'a')], [found(1, 2, 'b')], [], ['a']],
    ['of the first to answer', [], [found(1, 4, 'a')], [found(1, 2, 'b')], ['a']],
    ['of the last to answer', [found(1, 1, 'x')], [found(1, 2, 'a')], [found(1, 4, 'b')], ['b']],
    ['by proposer, in the same round', [], [found(1, 4, 'a', n3)], [found(1, 4, 'b', n2)], ['a']],
    ['slot by slot', [found(1, 3, 'a'), found(2, 1, 'b')], [found(1, 2, 'c'), found(2, 2, 'd')], [], ['a', 'd']],
  ])('%s', (_, mine, theirs, others, slots) => {
    const { replica, outcome } = take(mine, theirs, others);
    expect(replica.slots).toEqual(slots);
    expect([...replica.context.log].map((each) => each?.ballot)).toEqual(slots.map(() => own(replica)));
    expect(sent(outcome, 'Accept').filter(({ slot }) => slot === 1)).toHaveLength(4);
  });

  it('§3: a slot before those in which something was accepted gets a no-op', () => {
    const { replica, outcome } = take([], [found(2, 1, 'b')], [found(5, 1, 'e')]);
    expect(replica.slots).toEqual(['-', 'b', '-', '-', 'e']);
    expect(sent(outcome, 'Accept').map(({ slot }) => slot)).toEqual(
      [1, 2, 3, 4, 5].flatMap((slot) => Array(4).fill(slot)),
    );
  });
});

describe('§2.2, its end: a proposer abandons a ballot that is hopeless', () => {
  it.each([
    ['preparing', preparing],
    ['leading', leading],
  ] as const)('%s, on a Nack with a higher promise', (_, make) => {
    const replica = make();
    replica.deliver(n2, nack(b(4, n3)));
    expect(replica.state).toBe('passive');
    expect(replica.context).toMatchObject({ promised: b(4, n3), leader: null });
    replica.fire('leaderTimeout');
    expect(own(replica)).toEqual(b(5, n1));
  });

  it.each([
    ['preparing', preparing],
    ['leading', leading],
  ] as const)('%s goes on after a Nack about an earlier ballot', (state, make) => {
    const replica = make({ promised: b(4, n3) });
    const outcome = replica.deliver(n2, nack(b(4, n3)));
    expect(outcome.after).toBe(outcome.before);
    expect(replica.state).toBe(state);
  });

  it('of a Nack that comes later a passive replica takes no notice', () => {
    const replica = passive();
    expect(replica.deliver(n2, nack(b(4))).after.promised).toBeNull();
  });

  it('§2.4 waits anew each time, for a time of its own', () => {
    const waits = (seed: number) => {
      const replica = passive({ seed, leaderTimeoutMs: [100, 200] });
      return Array.from({ length: 20 }, () => {
        replica.fire('leaderTimeout');
        return replica.context.leaderTimeoutMs;
      });
    };
    expect(new Set(waits(1)).size).toBeGreaterThan(10);
    expect(Math.min(...waits(1))).toBeGreaterThanOrEqual(100);
    expect(Math.max(...waits(1))).toBeLessThanOrEqual(200);
    expect(waits(1)).toEqual(waits(1));
    expect(waits(2)).not.toEqual(waits(1));
  });
});

describe('a message', () => {
  it('of the first phase goes once for all slots', () => {
    const replica = passive({ promised: b(1), log: Array(50).fill(proposal(b(1), word('x'))) });
    expect(replica.fire('leaderTimeout').sends).toHaveLength(2);
    expect(only(passive().deliver(n2, prepare(b(1))), 'Promise').accepted).toEqual([]);
  });
});
