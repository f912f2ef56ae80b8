import { describe, expect, it } from 'vitest';
import { faultsAt } from '../src/spacetime/faults-at.ts';
import { spansInForce } from '../src/spacetime/in-force.ts';
import { SpanBook } from '../src/spacetime/spans.ts';
import { type Faults, noFaults } from '../src/world/controls.ts';

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

  it('are of the same links or clock one at a time, and leave those of others as they are', () => {
    const spans = told([
      [10, 'a', 'FAULT', 'drop 30 % from a to b'],
      [11, 'a', 'FAULT', 'drop 30 % from a to c'],
      [20, 'a', 'CONTROL', 'drop 50 % from a to b by a person at the inspector'],
      [21, 'a', 'FAULT', 'drop 50 % from a to b'],
      [21, 'b', 'FAULT', 'drop 50 % from a to b'],
      [30, 'a', 'FAULT', 'skew a to 2 times the true speed'],
      [31, 'b', 'FAULT', 'skew b to 2 times the true speed'],
      [40, 'a', 'FAULT', 'skew a to 3 times the true speed, 5 ms ahead'],
      [50, 'a', 'FAULT', 'drop 0 % from a to b'],
      [60, 'b', 'FAULT', 'skew b to 1 times the true speed'],
    ]);
    expect(spans.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['drop', 10, 20],
      ['drop', 11, undefined],
      ['drop', 20, 50],
      ['skew', 30, 40],
      ['skew', 31, 60],
      ['skew', 40, undefined],
    ]);
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

describe('what was done to the nodes at a moment', () => {
  const all = ['a', 'b', 'c', 'd'];
  const note = (seq: number, node: string, code: string | undefined, text: string) =>
    ({ seq, at: seq, node, clock: {}, type: 'note', ...(code !== undefined && { code }), text }) as const;
  type Told = readonly (readonly [node: string, code: string | undefined, text: string])[];
  const after = (cursor: number, notes: Told, before = noFaults) => {
    const book = new SpanBook(spansInForce(before, all));
    for (const [index, [node, code, text]] of notes.entries()) book.add(note(index, node, code, text), index, index);
    return faultsAt(book.all, cursor, all);
  };

  it('is nothing before its note, and after the note that ends it', () => {
    const notes: Told = [
      ['a', undefined, 'x'],
      ['a', 'FAULT', 'partition a | b, c, d'],
      ['a', 'FAULT', 'heal'],
    ];
    expect([0, 1, 2, 3].map((cursor) => after(cursor, notes).groups)).toEqual([[], [], [['a'], ['b', 'c', 'd']], []]);
  });

  const link = (kind: string, facts: object) => ({ ...noFaults, links: [{ kind, ...facts }] });
  const lost = (from: string[], to: string[]) => ({ kind: 'drop', from, to, chance: 1 });
  it.each<[text: string, faults: unknown]>([
    ['drop 30 % from a to b', link('drop', { from: ['a'], to: ['b'], chance: 0.3 })],
    ['drop 30 % from all to b, c', link('drop', { to: ['b', 'c'], chance: 0.3 })],
    ['delay 5 ms from all to all', link('delay', { addMs: [5, 5] })],
    ['delay 5 to 9.5 ms from a to all', link('delay', { from: ['a'], addMs: [5, 9.5] })],
    ['duplicate 12.5 % from all to all', link('duplicate', { chance: 0.125 })],
    ['reorder 10 % within 20 ms from all to all', link('reorder', { chance: 0.1, withinMs: 20 })],
    ['drop for 300 ms: from ["a"], chance 0.3', link('drop', { from: ['a'], chance: 0.3 })],
    ['delay for 300 ms: addMs [5,9]', link('delay', { addMs: [5, 9] })],
    ['skew a to 2 times the true speed, 50 ms ahead', { ...noFaults, rates: { a: 2 } }],
    ['skew for 300 ms: nodes ["a"], drift 0.5', { ...noFaults, rates: { a: 1.5 } }],
    ['pause for 300 ms: nodes ["a"]', { ...noFaults, paused: ['a'] }],
    [
      'partition a, b | c, d',
      {
        ...noFaults,
        groups: [
          ['a', 'b'],
          ['c', 'd'],
        ],
      },
    ],
    ['partition for 9 ms: between {"shape":"groups","groups":[["a"],["b"]]}', { ...noFaults, groups: [['a'], ['b']] }],
    ['partition for 9 ms: between {"shape":"isolate","node":"b"}', { ...noFaults, groups: [['b'], ['a', 'c', 'd']] }],
    [
      'partition for 9 ms: between {"shape":"oneWay","from":["a"],"to":["b","c"]}',
      { ...noFaults, links: [lost(['a'], ['b', 'c'])] },
    ],
    [
      'partition for 9 ms: between {"shape":"bridge","left":["a"],"right":["b"],"bridge":"c"}',
      { ...noFaults, links: [lost(['a'], ['b']), lost(['b'], ['a'])] },
    ],
    [
      'partition for 9 ms: between {"shape":"ring","order":["a","b","c","d"]}',
      { ...noFaults, links: [lost(['a'], ['c']), lost(['b'], ['d']), lost(['c'], ['a']), lost(['d'], ['b'])] },
    ],
    ['partition for 9 ms: between {"shape":"majorityWithoutLeader","leader":"a"}', noFaults],
    ['partition for 9 ms: between {"shape"', noFaults],
    ['drop many % from a to b', noFaults],
    ['drop 300 % from a to b', noFaults],
  ])('%s', (text, faults) => {
    // Of a partition, all that it touches take note.
    const noted = text.startsWith('partition') ? all : ['a'];
    expect(
      after(
        noted.length,
        noted.map((node) => [node, 'FAULT', text] as const),
      ),
    ).toEqual(faults);
  });

  it('is a partition of those on which it was noted', () => {
    const text = 'partition for 9 ms: between {"shape":"isolate","node":"b"}';
    const noted = (...nodes: readonly string[]) =>
      after(
        nodes.length,
        nodes.map((node) => [node, 'FAULT', text] as const),
      );
    expect(noted('a', 'b').groups).toEqual([['b'], ['a']]);
    expect(noted('b').groups).toEqual([['b'], ['a', 'c', 'd']]);
  });

  it('is not told of a node that only the run knows', () => {
    const text = 'partition for 9 ms: between {"shape":"isolate","node":"*busiest"}';
    expect(after(1, [['a', 'FAULT', text]])).toEqual(noFaults);
  });

  it('is what a counterexample says of a partition', () => {
    const notes: Told = [['a', undefined, 'a partition parts a from b, c, d']];
    expect(after(1, notes).groups).toEqual([['a'], ['b', 'c', 'd']]);
  });

  it('is what was so before the first note', () => {
    const before: Faults = {
      paused: ['c'],
      groups: [['a'], ['b', 'c', 'd']],
      links: [{ kind: 'reorder', from: ['a', 'b'], chance: 0.3, withinMs: 4 }],
      rates: { a: 2 },
    };
    expect(after(0, [], before)).toEqual(before);
  });

  it('may be two partitions at once: the second is told by what it does to links', () => {
    const notes = ['a', 'b'].flatMap((node) => {
      const text = `partition for 90 ms: between {"shape":"isolate","node":"${node}"}`;
      return all.map((each) => [each, 'FAULT', text] as const);
    });
    const { groups, links } = after(notes.length, notes);
    expect(groups).toEqual([['a'], ['b', 'c', 'd']]);
    expect(links).toEqual([lost(['b'], ['a', 'c', 'd']), lost(['a', 'c', 'd'], ['b'])]);
  });
});
