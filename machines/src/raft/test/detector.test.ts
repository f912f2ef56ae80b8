import { describe, expect, it } from 'vitest';
import { append, requestVote } from './builders.ts';
import { candidate, follower, leader, n2, n3, sent } from './support.ts';

/** A follower of n2 in term 1, with election timeouts from 150 ms. */
const led = (seed = 1) => {
  const server = follower({ currentTerm: 1, seed });
  server.deliver(n2, append(1));
  return server;
};

describe('a failure detector suspects the leader', () => {
  it('the follower stands after a short wait', () => {
    const server = led();
    server.suspect('n2');
    expect(server.timers.haste).toBeLessThanOrEqual(50);
    expect(sent(server.fire('haste'), 'RequestVote')).toHaveLength(2);
    expect(server.role).toBe('candidate');
    expect(server.context.currentTerm).toBe(2);
  });

  it('each draws its own wait, so that they do not split the votes', () => {
    const waits = Array.from({ length: 10 }, (_, seed) => {
      const server = led(seed);
      server.suspect('n2');
      return server.timers.haste;
    });
    expect(new Set(waits).size).toBeGreaterThan(5);
  });

  it.each([
    ['a word of the leader', n2, append(1)],
    ['a vote granted', n3, requestVote(2)],
    ['a word of another leader', n3, append(2)],
  ])('%s meanwhile calls it off', (_, from, message) => {
    const server = led();
    server.suspect('n2');
    server.deliver(from, message);
    expect(sent(server.fire('haste'), 'RequestVote')).toEqual([]);
    expect(server.role).toBe('follower');
  });

  it('a message of an earlier term does not', () => {
    const server = led();
    server.suspect('n2');
    server.deliver(n3, append(0));
    server.fire('haste');
    expect(server.role).toBe('candidate');
  });
});

describe('a suspicion means nothing', () => {
  it.each([
    { what: 'of a node that is not the leader', server: led, node: 'n3' },
    { what: 'to a follower of nobody', server: () => follower(), node: 'n2' },
    { what: 'to a candidate', server: () => candidate(), node: 'n2' },
    { what: 'to a leader', server: () => leader(), node: 'n1' },
  ])('$what', ({ server: make, node }) => {
    const server = make();
    const { role, context } = server;
    expect(server.suspect(node).effects).toEqual([]);
    expect(server.role).toBe(role);
    expect(server.context).toEqual(context);
  });
});
