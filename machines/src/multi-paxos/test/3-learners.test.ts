import { describe, expect, it } from 'vitest';
import {
  accept,
  accepted,
  b,
  catchUp,
  heartbeat,
  inState,
  n2,
  n3,
  noop,
  only,
  own,
  passive,
  proposal,
  sent,
  states,
  word,
} from './support.ts';

const ask = (chosenThrough: number) => ({ type: 'CatchUpRequest', chosenThrough }) as const;
const words = (...texts: readonly string[]) => texts.map((text) => proposal(b(1), word(text)));

describe('§2.3 the leader tells what is chosen', () => {
  it('what was accepted in its ballot is chosen up to there, and executed', () => {
    const replica = passive();
    for (const [at, text] of ['a', 'b', 'c'].entries()) replica.deliver(n2, accept(b(1), at + 1, word(text)));
    expect(replica.context.chosenThrough).toBe(0);
    expect(replica.deliver(n2, heartbeat(b(1), 2)).sends).toEqual([]);
    expect(replica.context).toMatchObject({ chosenThrough: 2, lastApplied: 2 });
    replica.deliver(n2, accept(b(1), 4, noop, 3));
    expect(replica.context.chosenThrough).toBe(3);
  });

  it('what was accepted in an earlier ballot may be something else: it is asked for', () => {
    const replica = passive({ promised: b(1), log: words('a', 'b') });
    expect(only(replica.deliver(n3, heartbeat(b(1, n3), 2)), 'CatchUpRequest')).toEqual(ask(0));
    expect(replica.context.chosenThrough).toBe(0);
  });

  it('a gap is asked for, and nothing after it is executed', () => {
    const replica = passive();
    replica.deliver(n2, accept(b(1), 1, word('a')));
    replica.deliver(n2, accept(b(1), 3, word('c')));
    expect(only(replica.deliver(n2, heartbeat(b(1), 3)), 'CatchUpRequest')).toEqual(ask(1));
    expect(replica.context).toMatchObject({ chosenThrough: 1, lastApplied: 1 });
  });

  it('asks again after some heartbeats, and when an answer brings a part', () => {
    const replica = passive({ catchUpPatience: 2 });
    const asks = () => sent(replica.deliver(n2, heartbeat(b(1), 3)), 'CatchUpRequest').length;
    expect(Array.from({ length: 7 }, asks)).toEqual([1, 0, 0, 1, 0, 0, 1]);
    expect(only(replica.deliver(n2, catchUp(1, words('a'), 3)), 'CatchUpRequest')).toEqual(ask(1));
    expect(asks()).toBe(0);
    replica.deliver(n2, catchUp(2, words('b', 'c'), 3));
    expect(replica.context.patience).toBe(0);
  });

  it('a late announcement takes nothing back', () => {
    const replica = passive({ promised: b(1), log: words('a', 'b'), chosenThrough: 2 });
    for (const message of [heartbeat(b(1), 1), accept(b(1), 3, noop, 0)]) {
      replica.deliver(n2, message);
      expect(replica.context.chosenThrough).toBe(2);
    }
  });
});

describe('Paxos Made Live §4.2: lagging replicas catch up', () => {
  const log = words('a', 'b', 'c', 'd');

  it.each(states)('%s tells what it knows to be chosen, and no more', (state) => {
    const replica = inState[state]({ promised: b(1), log, chosenThrough: 3 });
    expect(only(replica.deliver(n3, ask(1)), 'CatchUp')).toEqual(catchUp(2, log.slice(1, 3), 3));
    expect(replica.deliver(n3, ask(3)).sends).toEqual([]);
    expect(replica.deliver(n3, ask(7)).sends).toEqual([]);
    expect(replica.state).toBe(state);
  });

  it.each([
    [{ maxEntries: 2 }, 2],
    [{ maxBytes: 1 }, 1],
    [{ maxBytes: 3 }, 3],
    [{ maxBytes: 0 }, 1],
  ])('in parts: %j', (settings, count) => {
    const replica = passive({ promised: b(1), log, chosenThrough: 4, ...settings });
    expect(only(replica.deliver(n3, ask(0)), 'CatchUp')).toEqual(catchUp(1, log.slice(0, count), 4));
  });

  it('learns, keeps what it has accepted in later slots, and asks for the rest', () => {
    const replica = passive();
    replica.deliver(n2, accept(b(1), 4, word('D')));
    const outcome = replica.deliver(n3, catchUp(1, log.slice(0, 2), 3));
    expect(replica.slots).toEqual(['a', 'b', '', 'D']);
    expect(replica.context).toMatchObject({ chosenThrough: 2, lastApplied: 2 });
    expect(outcome.sends).toEqual([{ to: n3, message: ask(2) }]);
    expect(replica.deliver(n3, catchUp(3, log.slice(2, 3), 3)).sends).toEqual([]);
    expect(replica.context.chosenThrough).toBe(3);
  });

  it('what is chosen takes the place of what was accepted', () => {
    const replica = passive({ promised: b(2), log: [proposal(b(1), word('x')), proposal(b(1), word('y'))] });
    replica.deliver(n3, catchUp(1, [proposal(b(2), word('a'))], 1));
    expect(replica.slots).toEqual(['a', 'y']);
    expect(replica.context.promised).toEqual(b(2));
  });

  it.each([
    ['what is known', catchUp(1, words('a', 'b'), 2)],
    ['what would leave a gap', catchUp(4, words('d'), 4)],
    ['nothing', catchUp(3, [], 4)],
  ])('takes no notice of %s', (_, message) => {
    const replica = passive({ promised: b(1), log: words('a', 'b'), chosenThrough: 2 });
    const outcome = replica.deliver(n3, message);
    expect(outcome.after).toBe(outcome.before);
    expect(outcome.sends).toEqual([]);
  });

  it('of a CatchUp that overlaps it takes the rest', () => {
    const replica = passive({ promised: b(1), log: words('a', 'b'), chosenThrough: 2 });
    replica.deliver(n3, catchUp(1, words('A', 'B', 'c'), 3));
    expect(replica.slots).toEqual(['a', 'b', 'c']);
  });

  it('learning does not raise the promise, nor end a wait', () => {
    const replica = passive({ promised: b(1) });
    const outcome = replica.deliver(n3, catchUp(1, [proposal(b(5), noop)], 1));
    expect(outcome.timers).toEqual([]);
    expect(replica.context.promised).toEqual(b(1));
    expect(sent(replica.deliver(n2, accept(b(1), 2, noop)), 'Accepted')).toEqual([accepted(b(1), 2)]);
    expect(own(replica)).toEqual(b(1));
  });
});
