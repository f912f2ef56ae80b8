import type { SequentialObject } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { judgeLinearizable, judgeSequential, type Operation } from '../../src/history/index.ts';
import { history, registers, told } from './support.ts';

// Herlihy & Wing's queue: E(x) enqueues, D(x) takes x out, at these times.
type QueueInput = { readonly type: 'E'; readonly item: string } | { readonly type: 'D' };

const queue: SequentialObject<readonly string[], QueueInput, string | undefined> = {
  initial: [],
  apply: (state, input) => (input.type === 'E' ? [[...state, input.item], undefined] : [state.slice(1), state[0]]),
};

const queueHistory = (...words: readonly string[]): Operation[] =>
  words.map((word, operation) => {
    const [, client = '', type, item = '', from, to] = /^(\w+):([ED])\((\w+)\)@(\d+)-(\d*)$/.exec(word) ?? [];
    const common = { client, operation, input: type === 'E' ? { type, item } : { type }, invokedAt: Number(from) };
    if (to === '') return { ...common, outcome: 'unknown' };
    return {
      ...common,
      ...(type === 'D' && { output: item }),
      returnedAt: Number(to),
      outcome: 'returned',
    };
  });

describe('histories of a queue, as Herlihy & Wing 1990 have them', () => {
  it.each([
    ['concurrent enqueues may take either order', ['A:E(x)@0-4', 'B:E(y)@1-3', 'B:D(x)@5-6', 'A:D(y)@7-8'], 'yes'],
    ['and the other one', ['A:E(x)@0-4', 'B:E(y)@1-3', 'B:D(y)@5-6', 'A:D(x)@7-8'], 'yes'],
    ['x went in before y began, so y cannot come out first', ['A:E(x)@0-1', 'B:E(y)@2-3', 'A:D(y)@4-5'], 'no'],
    ['an enqueue without an answer may have taken effect', ['A:E(x)@0-', 'B:D(x)@1-2'], 'yes'],
    ['y comes out twice', ['A:E(x)@0-1', 'B:E(y)@2-5', 'A:D(y)@3-6', 'C:D(y)@4-7'], 'no'],
  ])('%s', (_, words, verdict) => {
    expect(judgeLinearizable(queue, queueHistory(...words)).verdict).toBe(verdict);
  });

  it('the smallest offending part has both enqueues, and both dequeues: else somebody might have taken x out', () => {
    const words = ['A:E(u)@0-1', 'A:D(u)@2-3', 'A:E(x)@4-5', 'B:E(y)@6-7', 'A:D(y)@8-9', 'B:E(z)@8-10', 'B:D(x)@12-13'];
    expect(judgeLinearizable(queue, queueHistory(...words))).toMatchObject({
      part: [{ input: { item: 'x' } }, { input: { item: 'y' } }, { output: 'y' }, { output: 'x' }],
      message:
        'Not linearizable: no order that respects real time gives these answers: A E{item:x}; B E{item:y}; A D → y; B D → x.',
    });
  });
});

describe('registers', () => {
  it.each([
    ['a read sees what was written before', { A: 'w(x)1@0-1', B: 'r(x)1@2-3' }, 'yes'],
    ['a read within a write sees either value', { A: 'w(x)1@0-9', B: 'r(x)0@1-2 r(x)1@3-4' }, 'yes'],
    ['but once the new one, never again the old one', { A: 'w(x)1@0-9', B: 'r(x)1@1-2', C: 'r(x)0@3-4' }, 'no'],
    ['a stale read', { A: 'w(x)1@0-1 w(x)2@2-3', B: 'r(x)1@4-5' }, 'no'],
    ['a write of unknown outcome may come late', { A: 'w(x)1@0- w(x)2@1-2', B: 'r(x)2@3-4 r(x)1@5-6' }, 'yes'],
    ['but only once', { A: 'w(x)1@0- w(x)2@1-2', B: 'r(x)1@3-4 r(x)2@5-6 r(x)1@7-8' }, 'no'],
    ['or never', { A: 'w(x)1@0-', B: 'r(x)0@3-4' }, 'yes'],
    ['and not before its invocation', { A: 'r(x)1@0-1', B: 'w(x)1@2-' }, 'no'],
    ['at one moment, another client comes in any order', { A: 'w(x)1@0-5', B: 'r(x)0@5-6' }, 'yes'],
    ["at one moment, one's own comes after", { A: 'w(x)1@0-5 r(x)0@5-6' }, 'no'],
    ['nobody wrote that', { A: 'r(x)7@0-1' }, 'no'],
    ['nothing at all', { A: 'r(x)0@0-1' }, 'yes'],
  ])('%s', (_, clients, verdict) => {
    expect(judgeLinearizable(registers, history(clients as Record<string, string>)).verdict).toBe(verdict);
  });

  it('an operation that failed had no effect', () => {
    const [write, read] = history({ A: 'w(x)1@0-1', B: 'r(x)1@2-3' }) as [Operation, Operation];
    expect(judgeLinearizable(registers, [{ ...write, outcome: 'failed' }, read]).verdict).toBe('no');
  });

  it.each([
    [
      'a stale read: both writes belong to it',
      { A: 'w(x)1@0-1 w(x)2@2-3 w(x)3@8-9', B: 'r(x)1@4-5' },
      ['A w(x)1', 'A w(x)2', 'B r(x)1'],
    ],
    ['a value from nowhere: the read alone', { A: 'w(x)1@0-1 w(x)2@2-3', B: 'r(x)7@4-5 r(x)2@6-7' }, ['B r(x)7']],
    [
      'of two keys, the one with the smaller part',
      {
        A: 'w(x)1@0-1 w(x)2@2-3 w(y)1@4-5',
        B: 'r(x)1@6-7 r(y)0@8-9',
      },
      ['A w(y)1', 'B r(y)0'],
    ],
    [
      'new, then old',
      { A: 'w(x)1@0-20 r(x)1@21-22', B: 'r(x)1@1-2 r(x)1@3-4', C: 'r(x)1@3-4 r(x)0@5-6' },
      ['B r(x)1', 'C r(x)0'],
    ],
  ])('the smallest part of %s', (_, clients, part) => {
    const verdict = judgeLinearizable(registers, history(clients as unknown as Record<string, string>));
    expect(verdict.verdict === 'no' && told(verdict.part)).toEqual(part);
  });
});

describe('the smallest part', () => {
  it('has no operation whose answer is due to what came after the offence', () => {
    // B reads 3 while it is being written; at the moment at which C cannot have read 1, neither is over.
    const clients = { A: 'w(x)1@0-1 w(x)2@2-3 w(x)3@7-9', B: 'r(x)3@5-12', C: 'r(x)1@4-6' };
    const verdict = judgeLinearizable(registers, history(clients));
    expect(verdict.verdict === 'no' && told(verdict.part)).toEqual(['A w(x)1', 'A w(x)2', 'C r(x)1']);
  });

  it('has the write of what was read too soon', () => {
    const verdict = judgeLinearizable(registers, history({ A: 'w(x)1@5-6', B: 'r(x)1@0-1' }));
    expect(verdict.verdict === 'no' && told(verdict.part)).toEqual(['B r(x)1', 'A w(x)1']);
  });

  it('is not looked for without time: then it is all of the key', () => {
    const clients = { A: 'w(x)1@0-1 w(x)2@2-3 w(x)3@7-9', B: 'r(y)0@0-1', C: 'r(x)1@4-6' };
    const verdict = judgeLinearizable(registers, history(clients), { explainSeconds: 0 });
    expect(verdict.verdict === 'no' && verdict.part.length).toBe(4);
  });
});

describe('locality (Herlihy & Wing, §3)', () => {
  // Each object alone is sequentially consistent, both together are not; of linearizability that cannot be said.
  const clients = { A: 'w(p)1 r(q)0', B: 'w(q)1 r(p)0' };
  const both = history(clients);
  const of = (key: string) => both.filter(({ input }) => (input as { key: string }).key === key);

  it('sequential consistency is not local', () => {
    expect(judgeSequential(registers, of('p')).verdict).toBe('yes');
    expect(judgeSequential(registers, of('q')).verdict).toBe('yes');
    expect(judgeSequential(registers, both).verdict).toBe('no');
  });
});

describe('bounds', () => {
  const much = history({ A: 'w(x)1@0-9', B: 'w(x)2@0-9', C: 'r(x)1@0-9', D: 'r(x)2@0-9' });

  it('a search that a bound stops has no verdict', () => {
    expect(judgeLinearizable(registers, much, { maxStates: 2 })).toEqual({
      verdict: 'unknown',
      why: 'Of 4 operations of key x, the search was stopped after 2 configurations.',
    });
    expect(judgeSequential(registers, much, { maxStates: 2 }).verdict).toBe('unknown');
  });

  it('ten thousand operations on a key are judged quickly', () => {
    const clients = 8;
    const operations: Operation[] = [];
    let value = 0;
    for (let turn = 0; turn < 10_000; turn++) {
      const client = turn % clients;
      const write = turn % 3 === 0;
      if (write) value = turn;
      const input = write ? { type: 'write', key: 'x', value } : { type: 'read', key: 'x' };
      const times = { invokedAt: turn * 10 - 30, returnedAt: turn * 10 + 30 };
      operations.push({
        client: `c${client}`,
        operation: turn,
        input,
        ...(!write && { output: value }),
        ...times,
        outcome: 'returned',
      });
    }
    const began = performance.now();
    expect(judgeLinearizable(registers, operations).verdict).toBe('yes');
    // A stale read in the middle is found as well, and its part is small.
    const some = operations.slice(0, 3000);
    const stale = some.with(1502, { ...(some[1502] as Operation), output: 9 });
    const verdict = judgeLinearizable(registers, stale, { explainSeconds: 15 });
    expect(verdict.verdict === 'no' && told(verdict.part)).toHaveLength(3);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
