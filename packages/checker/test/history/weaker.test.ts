import { describe, expect, it } from 'vitest';
import {
  judgeCausal,
  judgeEventual,
  judgeLinearizable,
  judgeSequential,
  judgeSession,
  type SessionGuarantee,
} from '../../src/history/index.ts';
import { history, memory, registers, told } from './support.ts';

type Clients = Readonly<Record<string, string>>;

describe('sequential consistency (Attiya & Welch 1994)', () => {
  it.each([
    ['a stale read: not linearizable, but sequentially consistent', { A: 'w(x)1@0-1', B: 'r(x)0@2-3' }, 'yes', 'no'],
    ['each misses the write of the other', { A: 'w(x)1@0-1 r(y)0@2-3', B: 'w(y)1@0-1 r(x)0@2-3' }, 'no', 'no'],
    [
      'two readers see two writes in different orders',
      {
        A: 'w(x)1@0-9',
        B: 'w(x)2@0-9',
        C: 'r(x)1@1-2 r(x)2@3-4',
        D: 'r(x)2@1-2 r(x)1@3-4',
      },
      'no',
      'no',
    ],
    ['a write of unknown outcome may come after later ones', { A: 'w(x)1@0- r(x)0@1-2 r(x)1@3-4' }, 'yes', 'yes'],
    ['an old value within a client', { A: 'w(x)1@0-1 r(x)0@2-3' }, 'no', 'no'],
  ])('%s', (_, clients, sequential, linearizable) => {
    const operations = history(clients as unknown as Clients);
    expect(judgeSequential(registers, operations).verdict).toBe(sequential);
    expect(judgeLinearizable(registers, operations).verdict).toBe(linearizable);
  });

  it('the smallest part of what each missed is all of it, and nothing that came besides', () => {
    const clients = { A: 'w(z)1 w(x)1 r(y)0 w(z)3', B: 'r(z)0 w(y)1 r(x)0 r(z)3' };
    const verdict = judgeSequential(registers, history(clients));
    expect(verdict.verdict === 'no' && told(verdict.part).toSorted()).toEqual([
      'A r(y)0',
      'A w(x)1',
      'B r(x)0',
      'B w(y)1',
    ]);
  });
});

describe('causal memory', () => {
  it.each([
    // Ahamad et al. 1995, and Tanenbaum & van Steen, Distributed Systems, §7.2.
    [
      'concurrent writes are seen in different orders',
      {
        A: 'w(x)1 w(x)3',
        B: 'r(x)1 w(x)2',
        C: 'r(x)1 r(x)3 r(x)2',
        D: 'r(x)1 r(x)2 r(x)3',
      },
      'yes',
    ],
    [
      'a write caused by another is seen before it',
      {
        A: 'w(x)1',
        B: 'r(x)1 w(x)2',
        C: 'r(x)2 r(x)1',
        D: 'r(x)1 r(x)2',
      },
      'no',
    ],
    [
      'the same without the read that makes it a cause',
      {
        A: 'w(x)1',
        B: 'w(x)2',
        C: 'r(x)2 r(x)1',
        D: 'r(x)1 r(x)2',
      },
      'yes',
    ],
    // Bouajjani et al. 2017, figure 3.
    ['figure 3a: causal memory without convergence', { A: 'w(x)1 r(x)2', B: 'w(x)2 r(x)1' }, 'yes'],
    ['figure 3b: convergent, but no causal memory', { A: 'w(z)1 w(x)1 w(y)1', B: 'w(x)2 r(z)0 r(y)1 r(x)2' }, 'no'],
    ['figure 3c: weakly causal, but no causal memory', { A: 'w(x)1', B: 'w(x)2 r(x)1 r(x)2' }, 'no'],
    [
      'figure 3d: all but sequentially consistent',
      {
        A: 'w(x)1 r(y)0 w(y)1 r(x)1',
        B: 'w(x)2 r(y)0 w(y)2 r(x)2',
      },
      'yes',
    ],
    ['figure 3e: not causal at all', { A: 'w(x)1 w(y)1', B: 'r(y)1 w(x)2', C: 'r(x)2 r(x)1' }, 'no'],
    ['each read what the other wrote later', { A: 'r(x)1 w(y)1', B: 'r(y)1 w(x)1' }, 'no'],
    ['nobody wrote that', { A: 'r(x)5' }, 'no'],
  ])('%s', (_, clients, verdict) => {
    expect(judgeCausal(memory, history(clients as unknown as Clients)).verdict).toBe(verdict);
  });

  it('the smallest part is the causal chain and the two reads', () => {
    const clients = { A: 'w(z)1 w(x)1 w(z)2', B: 'r(z)1 r(x)1 w(x)2', C: 'r(x)2 r(z)2 r(x)1', D: 'r(x)1 r(x)2' };
    const verdict = judgeCausal(memory, history(clients));
    expect(verdict.verdict === 'no' && told(verdict.part)).toEqual([
      'C r(x)2',
      'A w(x)1',
      'B r(x)1',
      'B w(x)2',
      'C r(x)1',
    ]);
  });

  it('a write of unknown outcome that was seen happened', () => {
    expect(judgeCausal(memory, history({ A: 'w(x)1@0-', B: 'r(x)1@1-2 r(x)0@3-4' })).verdict).toBe('no');
    expect(judgeCausal(memory, history({ A: 'w(x)1@0-', B: 'r(x)0@1-2 r(x)0@3-4' })).verdict).toBe('yes');
  });

  it('where one value was written twice, a read does not tell whose it saw', () => {
    expect(judgeCausal(memory, history({ A: 'w(x)1', B: 'w(x)1', C: 'r(x)1' }))).toEqual({
      verdict: 'unknown',
      why: '1 was written to key x more than once, or was there in the beginning, so a read does not tell whose write it saw.',
    });
    expect(judgeCausal(memory, history({ A: 'w(x)0', C: 'r(x)0' })).verdict).toBe('unknown');
  });
});

describe('session guarantees (Terry et al. 1994, §3)', () => {
  const each: readonly (readonly [SessionGuarantee, string, Clients, readonly string[]])[] = [
    ['read-your-writes', 'the new password is not known yet', { A: 'w(x)1 r(x)0' }, ['A w(x)1', 'A r(x)0']],
    ['read-your-writes', 'the password before the last', { A: 'w(x)1 w(x)2 r(x)1' }, ['A w(x)1', 'A w(x)2', 'A r(x)1']],
    [
      'monotonic-reads',
      'an appointment vanishes from the calendar',
      { A: 'w(x)1', B: 'r(x)1 r(x)0' },
      ['B r(x)1', 'B r(x)0'],
    ],
    [
      'monotonic-reads',
      'back and forth',
      { A: 'w(x)1', B: 'w(x)2', C: 'r(x)1 r(x)2 r(x)1' },
      ['C r(x)1', 'C r(x)2', 'C r(x)1'],
    ],
    ['monotonic-writes', 'a library without the one it needs', { A: 'w(x)1 w(y)1', B: 'r(y)1 r(x)0' }, []],
    ['writes-follow-reads', 'a reply without its article', { A: 'w(x)1', B: 'r(x)1 w(y)1', C: 'r(y)1 r(x)0' }, []],
  ];

  it.each(each.filter(([, , , part]) => part.length > 0))('%s: %s', (name, _, clients, part) => {
    const verdict = judgeSession(memory, history(clients), { guarantees: [name] });
    expect(verdict.verdict === 'no' && told(verdict.part)).toEqual(part);
    const others = each.map(([other]) => other).filter((other) => other !== name);
    expect(judgeSession(memory, history(clients), { guarantees: others }).verdict).toBe('yes');
  });

  it.each(each.filter(([, , , part]) => part.length === 0))(
    '%s: %s, to who reads monotonically',
    (name, _, clients) => {
      const both: SessionGuarantee[] = [name, 'monotonic-reads'];
      expect(judgeSession(memory, history(clients), { guarantees: both }).verdict).toBe('no');
      expect(judgeSession(memory, history(clients), { guarantees: [name] }).verdict).toBe('yes');
      const verdict = judgeSession(memory, history(clients));
      expect(verdict).toMatchObject({
        message: expect.stringContaining(`monotonic reads and ${name.replaceAll('-', ' ')} together`),
      });
    },
  );

  it('two sessions that need different orders of two writes', () => {
    const clients = { A: 'w(x)1 r(x)2', B: 'w(x)2 r(x)1' };
    expect(judgeSession(memory, history(clients), { guarantees: ['read-your-writes'] }).verdict).toBe('no');
  });

  it('without them, anything goes but what nobody wrote', () => {
    const clients = { A: 'w(x)1 r(x)0 r(x)1 r(x)0' };
    expect(judgeSession(memory, history(clients), { guarantees: [] }).verdict).toBe('yes');
    expect(judgeSession(memory, history({ A: 'r(x)4' }), { guarantees: [] }).verdict).toBe('no');
  });

  it('a sequentially consistent history keeps all four', () => {
    expect(judgeSession(memory, history({ A: 'w(x)1 w(x)2 r(x)2', B: 'r(x)0 r(x)1 w(y)1 r(x)2' })).verdict).toBe('yes');
  });
});

describe('eventual consistency', () => {
  const judge = (clients: Clients, options = { withinMs: 10 }) => judgeEventual(memory, history(clients), options);

  it.each([
    ['all readers agree in the end', { A: 'w(x)1@0-5', B: 'r(x)0@6-7 r(x)1@20-21', C: 'r(x)1@30-31' }, 'yes'],
    ['two do not', { A: 'w(x)1@0-5', B: 'w(x)2@0-4 r(x)1@20-21', C: 'r(x)2@30-31' }, 'no'],
    ['all writes are lost', { A: 'w(x)1@0-5', B: 'r(x)0@20-21' }, 'no'],
    ['nobody looked in the end', { A: 'w(x)1@0-5', B: 'r(x)0@6-7' }, 'unknown'],
    ['nobody wrote', { B: 'r(x)0@6-7' }, 'yes'],
    [
      'a write of unknown outcome counts from when it is seen',
      {
        A: 'w(x)1@0-1 w(x)2@2-',
        B: 'r(x)1@20-21 r(x)2@40-41 r(x)2@60-61',
      },
      'yes',
    ],
    ['and after that nobody sees another', { A: 'w(x)1@0-1 w(x)2@2-', B: 'r(x)2@20-21 r(x)1@60-61 r(x)2@70-71' }, 'no'],
  ])('%s', (_, clients, verdict) => {
    expect(judge(clients as unknown as Clients).verdict).toBe(verdict);
  });

  it('the smallest part: the last write, and two that read after it', () => {
    const verdict = judge({ A: 'w(x)1@0-5', B: 'w(x)2@0-4 r(x)1@20-21', C: 'r(x)2@30-31 r(x)2@40-41' });
    expect(verdict.verdict === 'no' && told(verdict.part)).toEqual(['A w(x)1', 'B r(x)1', 'C r(x)2']);
  });

  it('while there are faults, readers may differ', () => {
    const clients = { A: 'w(x)1@0-5', B: 'r(x)0@20-21 r(x)1@60-61' };
    expect(judge(clients).verdict).toBe('no');
    expect(judge(clients, { withinMs: 10, settledAt: 30 } as { withinMs: number }).verdict).toBe('yes');
  });
});
