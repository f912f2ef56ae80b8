import { describe, expect, it } from 'vitest';
import { spansInForce } from '../src/spacetime/in-force.ts';
import { SpanBook } from '../src/spacetime/spans.ts';
import type { Faults } from '../src/world/controls.ts';

describe('stretches of faults', () => {
  type Told = readonly (readonly [at: number, node: string, code: string, text: string])[];
  const told = (notes: Told, begun: ConstructorParameters<typeof SpanBook>[0] = []) => {
    const book = new SpanBook(begun);
    for (const [index, [at, node, code, text]] of notes.entries())
      book.add({ seq: index, at, node, clock: {}, type: 'note', code, text }, index, at);
    return book.all.map(({ kind, from, to, nodes, groups }) => ({ kind, from, to, nodes: [...nodes], groups }));
  };

  it('are what a schedule notes on each node, and end as it says', () => {
    const [parted, other] = [
      'partition for 90 ms: between {"shape":"groups","groups":[["a"],["b"]]}',
      'partition for 20 ms: between {"shape":"ring","order":["a","b"]}',
    ];
    const spans = told([
      [10, 'a', 'FAULT', parted],
      [10, 'b', 'FAULT', parted],
      [30, 'a', 'FAULT', other],
      [50, 'a', 'FAULT_OVER', 'partition is over'],
      [50, 'b', 'FAULT_OVER', 'partition is over'],
      [60, 'a', 'FAULT', 'pause for 500 ms: nodes ["a"]'],
      [100, 'a', 'FAULT_OVER', 'partition is over'],
    ]);
    expect(spans).toEqual([
      { kind: 'partition', from: 10, to: 100, nodes: ['a', 'b'], groups: [['a'], ['b']] },
      { kind: 'partition', from: 30, to: 50, nodes: ['a'], groups: undefined },
      { kind: 'pause', from: 60, to: undefined, nodes: ['a'], groups: undefined },
    ]);
  });

  it('are what a person asks for, as the nodes tell that it was done, until it is healed, resumed or taken off', () => {
    const spans = told([
      [5, 'a', 'CONTROL', 'partition a by a person at the inspector'],
      [6, 'a', 'FAULT', 'partition a | b, c'],
      [6, 'b', 'FAULT', 'partition a | b, c'],
      [20, 'b', 'CONTROL', 'pause by a person at the inspector'],
      [30, 'a', 'CONTROL', 'partition a, b | c by a person at the inspector'],
      [40, 'b', 'CONTROL', 'resume by a person at the inspector'],
      [50, 'a', 'CONTROL', 'heal by a person at the inspector'],
      [60, 'a', 'FAULT', 'drop 30 % from a to b'],
      [70, 'a', 'FAULT', 'drop 0 % from a to b'],
      [80, 'a', 'FAULT', 'delay 10 ms from all to all'],
      [90, 'a', 'CONTROL', 'clear by a person at the command line'],
    ]);
    expect(spans.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['partition', 5, 30],
      ['pause', 20, 40],
      ['partition', 30, 50],
      ['drop', 60, 70],
      ['delay', 80, 90],
    ]);
    expect(spans[0]?.groups).toEqual([['a'], ['b', 'c']]);
  });

  describe('that began before the page came', () => {
    const faults: Faults = {
      paused: ['c'],
      groups: [['a'], ['b', 'c']],
      links: [{ kind: 'drop', from: ['a'], to: ['b'], chance: 0.3 }],
      rates: { a: 2 },
    };
    const before = Number.NEGATIVE_INFINITY;
    const begun = () => spansInForce(faults, ['a', 'b', 'c']);

    it('are what is in force then, until they are ended', () => {
      expect(
        told(
          [
            [4, 'a', 'FAULT', 'heal'],
            [6, 'c', 'CONTROL', 'resume by a person at the inspector'],
            [8, 'a', 'FAULT', 'clear'],
          ],
          begun(),
        ),
      ).toEqual([
        { kind: 'partition', from: before, to: 4, nodes: ['a', 'b', 'c'], groups: [['a'], ['b', 'c']] },
        { kind: 'drop', from: before, to: 8, nodes: ['a', 'b'], groups: undefined },
        { kind: 'pause', from: before, to: 6, nodes: ['c'], groups: undefined },
        { kind: 'skew', from: before, to: 8, nodes: ['a'], groups: undefined },
      ]);
    });

    it('begin where a note tells it after all', () => {
      const spans = told(
        [
          [3, 'a', 'CONTROL', 'partition a | b, c by a person at the inspector'],
          [4, 'a', 'FAULT', 'partition a | b, c'],
          [5, 'a', 'CONTROL', 'skew a to 2 times the true speed, 50 ms ahead by a person at the inspector'],
          [6, 'c', 'CONTROL', 'pause by a person at the inspector'],
          [7, 'b', 'CONTROL', 'pause by a person at the inspector'],
        ],
        begun(),
      );
      expect(spans.map(({ kind, from, nodes }) => [kind, from, nodes.join()])).toEqual([
        ['drop', before, 'a,b'],
        ['partition', 3, 'a'],
        ['skew', 5, 'a'],
        ['pause', 6, 'c,b'],
      ]);
    });
  });

  it('are what a counterexample says of a partition', () => {
    const book = new SpanBook();
    for (const [at, text] of ['a partition parts c from p1, p2', 'p1 takes a message', 'the partition heals'].entries())
      book.add({ seq: at, at, node: 'c', clock: {}, type: 'note', text }, at, at);
    expect(book.all).toMatchObject([{ kind: 'partition', from: 0, to: 2, groups: [['c'], ['p1', 'p2']] }]);
  });

  it('are not invented from other notes, or from broken ones', () => {
    expect(
      told([
        [1, 'a', 'REMARK', 'partition a | b'],
        [2, 'a', 'FAULT', ''],
        [3, 'a', 'FAULT', 'nonsense for 9 ms'],
        [4, 'a', 'FAULT_OVER', 'partition is over'],
      ]),
    ).toEqual([]);
    const broken = told([[1, 'a', 'FAULT', 'partition for 5 ms: between {"shape":"groups","groups":[7]}']]);
    expect(broken[0]?.groups).toBeUndefined();
  });
});
