import { AssertionError } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import { accept, b, n2, n3, only, passive, prepare, proposal, protocol, register, word } from './support.ts';

describe('§2.5 stable storage keeps what an acceptor must remember', () => {
  it('the promise, what was accepted, and how far it is chosen', () => {
    expect(protocol.durable).toEqual(['promised', 'log', 'chosenThrough']);
  });

  it('a replica that comes back refuses what it would have refused before', () => {
    const replica = passive({ promised: b(4, n3) });
    expect(only(replica.deliver(n2, prepare(b(4, n2))), 'Nack').promised).toEqual(b(4, n3));
    expect(only(replica.deliver(n2, accept(b(4, n2), 1, word('x'))), 'Nack').promised).toEqual(b(4, n3));
  });

  it('a proposer that comes back does not use a ballot twice', () => {
    const cluster = new Cluster();
    cluster.timeout('n1');
    cluster.restart('n1');
    cluster.timeout('n1');
    expect(cluster.replica('n1').context.promised?.round).toBe(2);
  });

  it('it executes at once what it knows to be chosen, and is in the same state as before', () => {
    const cluster = new Cluster();
    cluster.timeout('n1');
    cluster.settle();
    cluster.ask('n1', register);
    cluster.settle();
    for (const [at, text] of ['a', 'b'].entries()) cluster.propose('n1', text, at);
    cluster.settle();
    cluster.heartbeat('n1');
    cluster.settle();
    const { replicated, lastApplied } = cluster.replica('n2').context;
    expect(cluster.replica('n2').words).toEqual(['a', 'b']);
    cluster.restart('n2');
    expect(cluster.replica('n2').context).toMatchObject({ lastApplied, replicated });
    expect(cluster.replica('n2').state).toBe('passive');
  });

  it('refuses a disk that has lost a part of the log', () => {
    expect(() => passive({ log: [proposal(b(1), word('x'))], chosenThrough: 2 })).toThrow(AssertionError);
  });

  it.each([
    { leaderTimeoutMs: [200, 100] },
    { leaderTimeoutMs: [50, 100] },
    { heartbeatIntervalMs: 0 },
    { window: 0 },
    { maxEntries: 0 },
  ] as const)('refuses settings under which it could not work: %j', (settings) => {
    expect(() => passive(settings)).toThrow(AssertionError);
  });
});
