import { describe, expect, it } from 'vitest';
import {
  accept,
  accepted,
  b,
  catchUp,
  client,
  heartbeat,
  leading,
  members,
  n1,
  n2,
  n3,
  noop,
  own,
  preparing,
  promise,
  proposal,
  request,
  sent,
  word,
} from './support.ts';

describe('§3 a leader executes phase 2 alone, in slot after slot', () => {
  it('proposes a command in the next slot, to all', () => {
    const replica = leading();
    const outcome = replica.deliver(client, request('x'));
    expect(outcome.sends).toEqual([n2, n3].map((to) => ({ to, message: accept(own(replica), 1, word('x')) })));
    expect(sent(replica.deliver(client, request('y', 2)), 'Accept')[0]?.slot).toBe(2);
    expect(replica.slots).toEqual(['x', 'y']);
  });

  it('announces itself, keeps the others passive, and has no leader timeout', () => {
    const replica = preparing();
    const outcome = replica.deliver(n2, promise(own(replica)));
    expect(sent(outcome, 'Heartbeat')).toEqual([heartbeat(own(replica)), heartbeat(own(replica))]);
    expect(outcome.emits).toEqual([{ type: 'leaderChanged', leader: n1, ballot: own(replica) }]);
    expect(replica.timers).toEqual(['heartbeatInterval']);
    expect(sent(replica.fire('heartbeatInterval'), 'Heartbeat')).toHaveLength(2);
    expect(replica.timers).toEqual(['heartbeatInterval']);
  });

  const table = [
    { size: 1, needed: 0 },
    { size: 2, needed: 1 },
    { size: 3, needed: 1 },
    { size: 5, needed: 2 },
  ];
  it.each(table)('a value is chosen when a majority of $size has accepted it: $needed more', ({ size, needed }) => {
    const replica = leading({ size });
    replica.deliver(client, request('x'));
    for (const peer of members(size).slice(1, needed + 1)) {
      expect(replica.context.chosenThrough).toBe(0);
      replica.deliver(peer, accepted(own(replica), 1));
      replica.deliver(peer, accepted(own(replica), 1));
    }
    expect(replica.context).toMatchObject({ chosenThrough: 1, lastApplied: 1 });
    expect(replica.context.acceptedBy.size, 'nothing is kept of it').toBe(0);
  });

  it.each([
    ['of another ballot', n2, b(9), 1],
    ['of a stranger', 'replica@stranger', b(1, n1), 1],
    ['of a slot that is not proposed', n2, b(1, n1), 2],
  ] as const)('an Accepted %s does not count', (_, from, ballot, slot) => {
    const replica = leading();
    replica.deliver(client, request('x'));
    replica.deliver(from, accepted(ballot, slot));
    expect(replica.context.chosenThrough).toBe(0);
  });

  it('tells with the next Accept, and with heartbeats, up to where all is chosen', () => {
    const replica = leading();
    replica.deliver(client, request('x'));
    replica.deliver(n2, accepted(own(replica), 1));
    expect(sent(replica.deliver(client, request('y', 2)), 'Accept')[0]).toEqual(
      accept(own(replica), 2, word('y', 2), 1),
    );
    expect(sent(replica.fire('heartbeatInterval'), 'Heartbeat')[0]?.chosenThrough).toBe(1);
  });

  it('repeats with its heartbeat the first Accept that is not chosen, to those that have not answered', () => {
    const replica = leading({ size: 5 });
    replica.deliver(client, request('x'));
    replica.deliver(client, request('y', 2));
    replica.deliver(n3, accepted(own(replica), 1));
    const repeated = () =>
      replica
        .fire('heartbeatInterval')
        .sends.flatMap(({ to, message }) => (message.type === 'Accept' ? [[to, message.slot]] : []));
    const [, second, , ...rest] = members(5);
    expect(repeated()).toEqual([second, ...rest].map((to) => [to, 1]));
    replica.deliver(n2, accepted(own(replica), 1));
    expect(repeated()).toEqual(
      members(5)
        .slice(1)
        .map((to) => [to, 2]),
    );
    for (const peer of [n2, n3]) replica.deliver(peer, accepted(own(replica), 2));
    expect(repeated()).toEqual([]);
  });

  it('steps back for a leader of a higher ballot, and is not misled by a lower one', () => {
    const replica = leading({ promised: b(3, n3) });
    expect(sent(replica.deliver(n2, heartbeat(b(2))), 'Nack')).toHaveLength(1);
    expect(replica.state).toBe('leading');
    replica.deliver(n2, heartbeat(b(9)));
    expect(replica.state).toBe('passive');
    expect(replica.context.leader).toBe(n2);
  });
});

describe('§3 commands are chosen in any order, and executed in that of the slots', () => {
  it('the second before the first', () => {
    const replica = leading();
    replica.deliver(client, request('x'));
    replica.deliver(client, request('y', 2));
    replica.deliver(n2, accepted(own(replica), 2));
    expect(replica.context).toMatchObject({ chosenThrough: 0, lastApplied: 0 });
    const { emits } = replica.deliver(n3, accepted(own(replica), 1));
    expect(replica.context).toMatchObject({ chosenThrough: 2, lastApplied: 2 });
    expect(emits).toEqual([]);
  });
});

describe('§3 at most α = window slots are open at a time', () => {
  it('what comes beyond them waits in order, and follows as slots are chosen', () => {
    const replica = leading({ window: 2 });
    const outcomes = ['a', 'b', 'c', 'd'].map((text, at) => replica.deliver(client, request(text, at)));
    expect(outcomes.map((outcome) => sent(outcome, 'Accept').length)).toEqual([2, 2, 0, 0]);
    expect(sent(replica.deliver(n2, accepted(own(replica), 2)), 'Accept')).toEqual([]);
    expect(sent(replica.deliver(n2, accepted(own(replica), 1)), 'Accept').map(({ slot }) => slot)).toEqual([
      3, 3, 4, 4,
    ]);
    expect(replica.slots).toEqual(['a', 'b', 'c', 'd']);
  });

  it('of one replica alone, none waits', () => {
    const replica = leading({ size: 1, window: 1 });
    for (const text of ['a', 'b', 'c']) replica.deliver(client, request(text));
    expect(replica.context).toMatchObject({ chosenThrough: 3, queue: [] });
  });
});

describe('§3 a new leader proposes anew what it found, and first learns what is chosen', () => {
  it('nothing known to be chosen is proposed again', () => {
    const log = ['a', 'b'].map((text) => proposal(b(1), word(text)));
    const replica = preparing({ promised: b(1), log, chosenThrough: 1 });
    const outcome = replica.deliver(n2, promise(own(replica), [], 1));
    expect(sent(outcome, 'Accept').map(({ slot, chosenThrough }) => [slot, chosenThrough])).toEqual([
      [2, 1],
      [2, 1],
    ]);
    replica.deliver(n2, accepted(own(replica), 2));
    expect(replica.context.chosenThrough).toBe(2);
  });

  it('it asks an acceptor that knows more, and leads only after', () => {
    const replica = preparing();
    const outcome = replica.deliver(n2, promise(own(replica), [{ slot: 3, ...proposal(b(1), word('c')) }], 2));
    expect(outcome.sends).toEqual([{ to: n2, message: { type: 'CatchUpRequest', chosenThrough: 0 } }]);
    expect(replica.state).toBe('preparing');
    const [first, second] = ['a', 'b'].map((text) => proposal(b(1), word(text)));
    const more = replica.deliver(n2, catchUp(1, [first as never], 2));
    expect(more.sends).toEqual([{ to: n2, message: { type: 'CatchUpRequest', chosenThrough: 1 } }]);
    replica.deliver(n2, catchUp(2, [second as never], 2));
    expect(replica.state).toBe('leading');
    expect(replica.slots).toEqual(['a', 'b', 'c']);
    expect([...replica.context.acceptedBy.keys()]).toEqual([3]);
  });

  it('what is chosen meanwhile is not proposed again, whatever was found there', () => {
    const replica = preparing();
    replica.deliver(n2, promise(own(replica), [{ slot: 2, ...proposal(b(1), word('b')) }], 1));
    replica.deliver(
      n2,
      catchUp(
        1,
        ['a', 'b', 'c'].map((text) => proposal(b(1), word(text))),
        3,
      ),
    );
    expect(replica.state).toBe('leading');
    expect(replica.context.acceptedBy.size).toBe(0);
    expect(replica.deliver(client, request('d')).after.log.length).toBe(4);
  });

  it('a leader takes no late CatchUp: it counts itself', () => {
    const replica = leading();
    replica.deliver(client, request('x'));
    const outcome = replica.deliver(n2, catchUp(1, [proposal(b(9), noop)], 1));
    expect(outcome.after).toBe(outcome.before);
  });
});
