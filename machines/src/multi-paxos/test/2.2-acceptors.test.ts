import { durableChanges } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import {
  accept,
  accepted,
  b,
  heartbeat,
  inState,
  n1,
  n2,
  n3,
  nack,
  noop,
  only,
  own,
  passive,
  prepare,
  promise,
  proposal,
  states,
  word,
} from './support.ts';

// What was promised before, and the ballot of n2 that comes.
const table = [
  { promised: undefined, ballot: b(1), granted: true },
  { promised: b(1, n1), ballot: b(1), granted: true },
  { promised: b(1, n2), ballot: b(1), granted: true },
  { promised: b(1, n3), ballot: b(1), granted: false },
  { promised: b(2, n1), ballot: b(1), granted: false },
  { promised: b(2, n3), ballot: b(9), granted: true },
] as const;

describe('§2.2 phase 1b: an acceptor promises a ballot unless it has promised a higher one', () => {
  it.each(table)('$promised, then $ballot: $granted', ({ promised, ballot, granted }) => {
    const replica = passive({ self: n3, ...(promised && { promised }) });
    const outcome = replica.deliver(n2, prepare(ballot));
    if (granted) expect(only(outcome, 'Promise')).toEqual(promise(ballot));
    else expect(only(outcome, 'Nack')).toEqual(nack(promised ?? ballot));
    expect(replica.context.promised).toEqual(granted ? ballot : promised);
  });

  it.each(states)('%s steps back for a higher ballot, and waits for a leader', (state) => {
    const replica = inState[state]();
    expect(only(replica.deliver(n2, prepare(b(7))), 'Promise').ballot).toEqual(b(7));
    expect(replica.state).toBe('passive');
    expect(replica.timers).toEqual(['leaderTimeout']);
    expect(replica.context).toMatchObject({ leader: null, promisedBy: [], found: [] });
  });

  it.each(['preparing', 'leading'] as const)('%s refuses a lower one', (state) => {
    const replica = inState[state]({ promised: b(3, n3) });
    expect(only(replica.deliver(n2, prepare(b(2))), 'Nack').promised).toEqual(own(replica));
    expect(replica.state).toBe(state);
  });

  it('tells what it has accepted, gaps left out, above what either of the two knows to be chosen', () => {
    const [one, two, four] = [b(1), b(2), b(1)].map((ballot, at) => proposal(ballot, word(`${at}`)));
    const log = [one, two, null, four] as const;
    const told = (chosenThrough: number, asked: number) =>
      only(passive({ promised: b(2), log: log as never, chosenThrough }).deliver(n2, prepare(b(3), asked)), 'Promise');
    expect(told(0, 0).accepted.map(({ slot }) => slot)).toEqual([1, 2, 4]);
    expect(told(0, 1).accepted.map(({ slot }) => slot)).toEqual([2, 4]);
    expect(told(2, 0)).toMatchObject({ chosenThrough: 2, accepted: [{ slot: 4, ballot: b(1), entry: word('2') }] });
  });

  it('answers again what comes again', () => {
    const replica = passive();
    const [first, again] = [replica.deliver(n2, prepare(b(1))), replica.deliver(n2, prepare(b(1)))];
    expect(again.sends).toEqual(first.sends);
    expect(again.after.promised).toBe(first.after.promised);
  });

  it('hears a ballot from its proposer alone', () => {
    const replica = passive();
    expect(replica.deliver(n3, prepare(b(1, n2))).sends).toEqual([]);
    expect(replica.deliver(n3, accept(b(1, n2), 1, noop)).sends).toEqual([]);
    expect(replica.context).toMatchObject({ promised: null, log: { length: 0 } });
  });
});

describe('§2.2 phase 2b: an acceptor accepts a proposal unless it has promised a higher ballot', () => {
  it.each(table)('$promised, then $ballot: $granted', ({ promised, ballot, granted }) => {
    const replica = passive({ self: n3, ...(promised && { promised }) });
    const outcome = replica.deliver(n2, accept(ballot, 1, word('x')));
    if (granted) expect(only(outcome, 'Accepted')).toEqual(accepted(ballot, 1));
    else expect(only(outcome, 'Nack')).toEqual(nack(promised ?? ballot));
    expect(replica.slots).toEqual(granted ? ['x'] : []);
    expect(replica.context.promised).toEqual(granted ? ballot : promised);
  });

  it('a later ballot takes the place of an earlier one, slot by slot', () => {
    const replica = passive();
    for (const [slot, text] of ['a', 'b', 'c'].entries()) replica.deliver(n2, accept(b(1), slot + 1, word(text)));
    replica.deliver(n3, accept(b(1, n3), 2, word('B')));
    expect(replica.slots).toEqual(['a', 'B', 'c']);
    expect(replica.context.log.at(0)?.ballot).toEqual(b(1));
    expect(replica.context.log.at(1)?.ballot).toEqual(b(1, n3));
  });

  it('accepts slots in any order, leaving gaps', () => {
    const replica = passive();
    for (const slot of [4, 2]) replica.deliver(n2, accept(b(1), slot, word(`${slot}`)));
    expect(replica.slots).toEqual(['', '2', '', '4']);
  });

  it('of new slots only those need be made durable; of an Accept that comes again, nothing', () => {
    const replica = passive();
    replica.deliver(n2, accept(b(1), 1, word('a')));
    const next = replica.deliver(n2, accept(b(1), 2, word('b')));
    const durable = ['promised', 'log', 'chosenThrough'];
    expect(durableChanges(['log'], { ...next.before }, { ...next.after })).toEqual([
      { field: 'log', kind: 'sequence', keep: 1, items: [proposal(b(1), word('b'))] },
    ]);
    const again = replica.deliver(n2, accept(b(1), 1, word('a')));
    expect(again.after.log).toBe(again.before.log);
    expect(durableChanges(durable.slice(1), { ...again.before }, { ...again.after })).toBeUndefined();
    expect(only(again, 'Accepted')).toEqual(accepted(b(1), 1));
  });

  it('what is known to be chosen stays, and is accepted nonetheless', () => {
    const replica = passive({ promised: b(1), log: [proposal(b(1), word('x'))], chosenThrough: 1 });
    expect(only(replica.deliver(n2, accept(b(2), 1, word('x'))), 'Accepted').slot).toBe(1);
    expect(replica.context.log.at(0)?.ballot).toEqual(b(1));
  });

  it('a replica that lags by more than the window accepts nothing until it has caught up', () => {
    const replica = passive({ window: 2 });
    expect(replica.deliver(n2, accept(b(1), 3, noop, 1)).sends).toEqual([]);
    expect(replica.slots).toEqual([]);
    expect(only(replica.deliver(n2, accept(b(1), 2, noop, 1)), 'Accepted').slot).toBe(2);
  });

  it.each(states)('%s follows the sender of a current Accept or Heartbeat', (state) => {
    for (const message of [accept(b(5), 1, noop), heartbeat(b(5))]) {
      const replica = inState[state]();
      const outcome = replica.deliver(n2, message);
      expect(replica.state).toBe('passive');
      expect(replica.context).toMatchObject({ leader: n2, promised: b(5) });
      expect(outcome.emits).toContainEqual({ type: 'leaderChanged', leader: n2, ballot: b(5) });
      expect(replica.deliver(n2, message).emits).toEqual([]);
    }
  });
});
