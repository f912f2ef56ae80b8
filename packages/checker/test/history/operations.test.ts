import type { Address, OperationEvent, SequentialObject } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import {
  drawHistory,
  type HistoryEvent,
  judgeCausal,
  judgeLinearizable,
  linearizabilityOf,
  type Operation,
  operationsOf,
} from '../../src/history/index.ts';
import { history, memory, registers } from './support.ts';

const event = (client: Address, atMs: number, about: OperationEvent): HistoryEvent => ({ client, atMs, event: about });
const write = (value: number) => ({ type: 'write', key: 'x', value });
const invoked = (operation: number, input: unknown): OperationEvent => ({
  type: 'operation.invoked',
  operation,
  input,
});
const returned = (operation: number, output?: unknown): OperationEvent => ({
  type: 'operation.returned',
  operation,
  output,
});

const stale: readonly HistoryEvent[] = [
  event('client@a', 0, invoked(1, write(1))),
  event('client@a', 5, returned(1)),
  event('client@a', 5, invoked(2, write(2))),
  event('client@b', 6, invoked(1, write(3))),
  event('client@b', 7, { type: 'operation.failed', operation: 1 }),
  event('client@a', 8, returned(2)),
  event('client@b', 9, invoked(2, { type: 'read', key: 'x' })),
  event('client@b', 9.5, returned(2, 1)),
  event('client@a', 12, invoked(3, write(4))),
];

describe('operations of events', () => {
  it('an operation returned, failed, or has an unknown outcome', () => {
    expect(operationsOf(stale).map(({ client, operation, outcome }) => [client, operation, outcome])).toEqual([
      ['client@a', 1, 'returned'],
      ['client@a', 2, 'returned'],
      ['client@b', 1, 'failed'],
      ['client@b', 2, 'returned'],
      ['client@a', 3, 'unknown'],
    ]);
  });

  it('judges take them as well', () => {
    expect(judgeLinearizable(registers, stale).verdict).toBe('no');
    expect(judgeCausal(memory, stale).verdict).toBe('yes');
  });

  it('in the shape that a simulation asks for', () => {
    expect(linearizabilityOf(registers, stale.slice(0, 7))).toBeUndefined();
    expect(linearizabilityOf(registers, stale)).toBe(
      'Not linearizable on key x: no order that respects real time gives these answers: ' +
        'client@a write{key:x,value:1}; client@a write{key:x,value:2}; client@b read{key:x} → 1.',
    );
  });
});

describe('what is no history is refused', () => {
  it.each([
    ['a return without an invocation', [event('c@a', 1, returned(1))], 'ends operation 1 of c@a, which was never'],
    [
      'two returns',
      [event('c@a', 1, invoked(1, 0)), event('c@a', 2, returned(1)), event('c@a', 3, returned(1))],
      'over',
    ],
    ['one number twice', [event('c@a', 1, invoked(1, 0)), event('c@a', 2, invoked(1, 0))], 'was invoked before'],
    ['time that runs backwards', [event('c@a', 2, invoked(1, 0)), event('c@a', 1, returned(1))], 'before the event'],
    ['no time at all', [event('c@a', Number.NaN, invoked(1, 0))], 'has the time NaN'],
    ['another event', [event('c@a', 1, { type: 'committed', operation: 1 } as unknown as OperationEvent)], 'type'],
  ])('%s', (_, events, why) => {
    expect(() => operationsOf(events)).toThrow(
      expect.objectContaining({ code: 'HISTORY_INVALID', message: expect.stringContaining(why) }),
    );
  });

  const good: Operation = { client: 'A', operation: 1, input: 0, invokedAt: 1, returnedAt: 2, outcome: 'returned' };
  const { returnedAt: _, ...endless } = good;

  it.each([
    ['an operation twice', [good, good], 'is there twice'],
    ['an end before the beginning', [{ ...good, returnedAt: 0 }], 'was invoked at 1 and returned at 0'],
    ['an end without a time', [endless], 'does not say when'],
    ['an unknown outcome with an end', [{ ...good, outcome: 'unknown' as const }], 'has not'],
    ['a beginning without a time', [{ ...good, invokedAt: Number.NaN }], 'was invoked at NaN'],
  ])('%s', (_name, operations, why) => {
    expect(() => judgeLinearizable(registers, operations)).toThrow(
      expect.objectContaining({ code: 'HISTORY_INVALID', message: expect.stringContaining(why) }),
    );
  });

  it('an object that throws is named, with the input', () => {
    const careless: SequentialObject = {
      initial: 0,
      apply: () => {
        throw new Error('oops');
      },
    };
    const code = expect.objectContaining({ code: 'OBJECT_FAILED', message: expect.stringContaining('write{') });
    const operations = history({ A: 'w(x)1' });
    const told = operations.map((operation) => ({ ...operation, input: 'write{' }));
    expect(() => judgeLinearizable(careless, told)).toThrow(code);
    expect(() => judgeLinearizable({ ...careless, key: careless.apply as never }, told)).toThrow(code);
  });
});

describe('a history as text', () => {
  it('clients as rows, operations as intervals', () => {
    const operations = history({ A: 'w(x)1@0-10 w(x)2@10-', B: 'r(x)1@5-12 r(x)2@14-15' });
    expect(`\n${drawHistory(operations)}\n`).toBe(`
A     ├ write{key:x,value:1} ┤├╌ write{key:x,value:2} → ? ╌
B      ├── read{key:x} → 1 ───┤ ├ read{key:x} → 2 ┤
time  0                       10                   15
`);
  });

  it('what does not fit is numbered, and told below', () => {
    const operations = history({ A: 'w(x)1@0-10 w(x)2@10-', B: 'r(x)1@5-12 r(x)2@14-15' });
    expect(`\n${drawHistory(operations, { width: 40 })}\n`).toBe(`
A     ├ #1 ┤├╌╌ #3 ╌╌
B      ├ #2 ┤ ├ #4 ┤
time  0     10      15

  #1  write{key:x,value:1}
  #2  read{key:x} → 1
  #3  write{key:x,value:2} → ?
  #4  read{key:x} → 2
`);
  });

  it('a client that does several things at once has several rows, and a long history several bands', () => {
    const operations = history({
      'client@a': 'w(x)1@0-10 w(x)2@5-12 r(x)2@12-13 r(x)2@14-15 w(x)7@15-15',
      'client@b': 'r(x)1@5-12 r(x)2@14-15 r(x)2@15-16',
    });
    expect(`\n${drawHistory(operations, { width: 34 })}\n`).toBe(`
client@a  ├ #1 ┤ ├ #4 ┤ ├ #5 ┤├ #7
           ├ #2 ┤
client@b   ├ #3 ┤       ├ #6 ┤├ #8
time      0     10     13     15

client@a   ┤

client@b   ─┤
time         16

      #1  write{key:x,value:1}
      #2  write{key:x,value:2}
      #3  read{key:x} → 1
      #4  read{key:x} → 2
      #5  read{key:x} → 2
      #6  read{key:x} → 2
      #7  write{key:x,value:7}
      #8  read{key:x} → 2
`);
  });

  it('of nothing', () => {
    expect(drawHistory([])).toBe('(no operations)');
  });
});
