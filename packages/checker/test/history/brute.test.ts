import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeCausal, judgeLinearizable, judgeSequential, type Operation } from '../../src/history/index.ts';
import { type Input, memory, registers } from './support.ts';

// The judges against the definitions themselves: all orders of all operations that may have had an effect.

type Order = (a: Operation, b: Operation) => boolean;

const before: Order = (a, b) =>
  a.outcome === 'returned' &&
  ((a.returnedAt as number) < b.invokedAt ||
    (a.returnedAt === b.invokedAt && a.client === b.client && a.operation < b.operation));
const inProgram: Order = (a, b) => a.client === b.client && before(a, b);

/** Whether some order of all of `rest` that must be in it, keeping `order`, gives the answers of `asked`. */
function hasOrder(rest: readonly Operation[], order: Order, asked: Order, state: unknown = registers.initial): boolean {
  if (rest.every(({ outcome }) => outcome === 'unknown')) return true;
  return rest.some((operation) => {
    if (rest.some((other) => order(other, operation))) return false;
    const [next, output] = registers.apply(state as Record<string, number>, operation.input as Input);
    if (operation.outcome === 'returned' && asked(operation, operation) && output !== operation.output) return false;
    return hasOrder(
      rest.filter((other) => other !== operation),
      order,
      asked,
      next,
    );
  });
}

const always = () => true;

/** The keys apart, as P-compositionality has it. */
const hasOrderByKey = (operations: readonly Operation[], order: Order): boolean =>
  ['x', 'y'].every((key) =>
    hasOrder(
      operations.filter(({ input }) => (input as Input).key === key),
      order,
      always,
    ),
  );
const hasOrderOfAll = (operations: readonly Operation[], order: Order): boolean => hasOrder(operations, order, always);

/** Ahamad et al.: for each client an order of its operations and all writes that keeps causality. */
function isCausal(operations: readonly Operation[]): boolean {
  const causes = new Map(operations.map((operation) => [operation, new Set<Operation>()]));
  const isRead = ({ input }: Operation) => (input as Input).type === 'read';
  for (const b of operations) {
    for (const a of operations) {
      const { key, value } = a.input as { key: string; value?: number };
      const saw = isRead(b) && !isRead(a) && (b.input as Input).key === key && b.output === value;
      if (inProgram(a, b) || saw) causes.get(b)?.add(a);
    }
  }
  for (const k of operations)
    for (const b of operations) if (causes.get(b)?.has(k)) for (const a of causes.get(k) ?? []) causes.get(b)?.add(a);
  // One more round per operation closes what is left: histories here are small.
  for (let round = 0; round < operations.length; round++)
    for (const set of causes.values()) for (const b of [...set]) for (const a of causes.get(b) ?? []) set.add(a);
  const order: Order = (a, b) => causes.get(b)?.has(a) ?? false;
  if (operations.some((each) => order(each, each))) return false;
  const clients = new Set(operations.map(({ client }) => client));
  return [...clients].every((client) =>
    hasOrder(
      operations.filter((each) => each.client === client || !isRead(each)),
      order,
      (each) => each.client === client,
    ),
  );
}

const drawn = fc
  .array(
    fc.record({
      client: fc.constantFrom('A', 'B', 'C'),
      key: fc.constantFrom('x', 'x', 'y'),
      write: fc.boolean(),
      seen: fc.nat({ max: 3 }),
      begins: fc.nat({ max: 6 }),
      takes: fc.nat({ max: 4 }),
      unknown: fc.nat({ max: 5 }).map((n) => n === 0),
    }),
    { minLength: 2, maxLength: 6 },
  )
  .map((words) => {
    const writes = words.filter(({ write }) => write);
    return words.map(({ client, key, write, seen, begins, takes, unknown }, operation): Operation => {
      // Each value is written once; a read saw nothing, or one of the values.
      const mine = writes.indexOf(words[operation] as (typeof words)[number]) + 1;
      const input: Input = write ? { type: 'write', key, value: mine } : { type: 'read', key };
      const common = { client, operation, input, invokedAt: begins };
      if (unknown) return { ...common, outcome: 'unknown' };
      const output = write ? undefined : writes[seen - 1]?.key === key ? seen : 0;
      return { ...common, output, returnedAt: begins + takes, outcome: 'returned' };
    });
  });

const sure = drawn.map((operations) => operations.filter(({ outcome }) => outcome === 'returned'));

describe('the judges against all permutations', () => {
  it.each([
    ['linearizable', judgeLinearizable, before, hasOrderByKey],
    ['sequentially consistent', judgeSequential, inProgram, hasOrderOfAll],
  ])('%s', (_, judge, order, isOrdered) => {
    fc.assert(
      fc.property(drawn, (operations) => {
        const verdict = judge(registers, operations);
        expect(verdict.verdict).toBe(isOrdered(operations, order) ? 'yes' : 'no');
        // The part alone offends, and is made of the history's operations.
        if (verdict.verdict !== 'no') return;
        expect(isOrdered(verdict.part, order)).toBe(false);
        for (const operation of verdict.part) expect(operations).toContain(operation);
        // And not because of what was left out: that may have happened at any time.
        const others = operations
          .filter((each) => !verdict.part.includes(each))
          .map(
            ({ operation, input }): Operation => ({
              client: `other ${operation}`,
              operation,
              input,
              invokedAt: -1,
              outcome: 'unknown',
            }),
          );
        expect(isOrdered([...others, ...verdict.part], order)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('causally consistent', () => {
    fc.assert(
      fc.property(sure, (operations) => {
        const nobodys = operations.some(({ input, output }) => {
          const { type, key } = input as Input;
          const wrote = operations.some((other) => {
            const each = other.input as Input;
            return each.type === 'write' && each.key === key && each.value === output;
          });
          return type === 'read' && output !== 0 && !wrote;
        });
        const expected = !nobodys && isCausal(operations) ? 'yes' : 'no';
        expect(judgeCausal(memory, operations).verdict).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('what is linearizable is sequentially consistent, and that is causally consistent', () => {
    fc.assert(
      fc.property(drawn, (operations) => {
        const whole = { initial: registers.initial, apply: registers.apply };
        const judged = [judgeLinearizable(whole, operations), judgeSequential(registers, operations)];
        const [first, second] = judged.map(({ verdict }) => verdict === 'yes');
        if (first) expect(second).toBe(true);
        if (second) expect(judgeCausal(memory, operations).verdict).toBe('yes');
      }),
      { numRuns: 500 },
    );
  });
});
