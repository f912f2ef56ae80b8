import { describe, expect, it } from 'vitest';
import { judgeLinearizable, linearize, type Operation } from '../../src/history/index.ts';
import { history, registers, told } from './support.ts';

const points = (operations: readonly Operation[]) => linearize(registers, operations);

/** Whether the points lie within their operations, in their order, and give the answers. */
function isWitness({ points }: ReturnType<typeof linearize>[number]): boolean {
  let state: Readonly<Record<string, number>> = {};
  let now = Number.NEGATIVE_INFINITY;
  return points.every(({ operation, at }) => {
    const [next, output] = registers.apply(state, operation.input as never);
    state = next;
    const isLate = at < now || at < operation.invokedAt || at > (operation.returnedAt ?? at);
    now = at;
    return !isLate && (operation.output === undefined || operation.output === output);
  });
}

describe('linearization points', () => {
  it('of a linearizable history are a witness: each within its operation, in an order that gives the answers', () => {
    const found = points(history({ A: 'w(x)1@0-10 r(x)2@12-20', B: 'w(x)2@2-11 r(x)2@13-14', C: 'w(y)1@0-1' }));
    expect(found.map(({ key, verdict }) => [key, verdict])).toEqual([
      ['x', 'yes'],
      ['y', 'yes'],
    ]);
    expect(found.every(isWitness)).toBe(true);
    expect(found[0]?.points).toHaveLength(4);
  });

  it('of one that is not are those of its longest linearizable beginning, and tell whose answer ends it', () => {
    // A reads what was overwritten long before; what B does later is not to blame.
    const operations = history({ A: 'w(x)1@0-1 r(x)1@8-9 r(x)3@20-21', B: 'w(x)2@2-3 r(x)2@4-5 w(x)3@12-13' });
    const [found] = points(operations);
    expect(found?.verdict).toBe('no');
    expect(found?.stuck && told([found.stuck])).toEqual(['A r(x)1']);
    expect(told(found?.points.map(({ operation }) => operation) ?? [])).toEqual(['A w(x)1', 'B w(x)2', 'B r(x)2']);
    expect(found && isWitness(found)).toBe(true);
  });

  it('leave out what has no known outcome and no effect, and place what must have had one', () => {
    const [without] = points(history({ A: 'w(x)1@0-', B: 'r(x)0@5-6' }));
    expect(told(without?.points.map(({ operation }) => operation) ?? [])).toEqual(['B r(x)0']);
    const [needed] = points(history({ A: 'w(x)1@0-', B: 'r(x)1@5-6' }));
    expect(told(needed?.points.map(({ operation }) => operation) ?? [])).toEqual(['A w(x)1', 'B r(x)1']);
  });

  it('say so when a bound is met', () => {
    const many = history({ A: 'w(x)1@0-9', B: 'w(x)2@0-9', C: 'w(x)3@0-9', D: 'r(x)9@0-9' });
    expect(linearize(registers, many, { maxStates: 2 })).toMatchObject([{ verdict: 'unknown', points: [] }]);
  });

  it.each([
    { A: 'w(x)1@0-4 r(x)0@6-8', B: 'r(x)1@2-9' },
    { A: 'w(x)1@0-9', B: 'r(x)1@1-2 r(x)0@3-4', C: 'w(x)0@5-6' },
    { A: 'r(x)5@0-1' },
  ])('agree with the judge: %o', (clients) => {
    const operations = history(clients);
    const [found] = points(operations);
    expect(found?.verdict).toBe(judgeLinearizable(registers, operations).verdict);
    expect(found && isWitness(found)).toBe(true);
  });
});
