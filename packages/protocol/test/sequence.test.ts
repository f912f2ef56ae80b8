import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssertionError, applyDurable, durableChanges, Sequence } from '../src/index.ts';

/** An operation on a sequence: append so many items, or keep a share of them. */
const operation = fc.oneof(
  fc.record({ append: fc.nat({ max: 80 }) }),
  fc.record({ append: fc.nat({ max: 2_000 }) }),
  fc.record({ keep: fc.double({ min: 0, max: 1, noNaN: true }) }),
);
type Operation = { append: number } | { keep: number };

let serial = 0;
const items = (count: number) => Array.from({ length: count }, () => ({ serial: serial++ }));

/** Each version that the operations lead to, beside the array it should equal. */
function versions(operations: readonly Operation[]) {
  let [sequence, model] = [Sequence.empty<object>(), [] as object[]];
  const all = [{ sequence, model }];
  for (const each of operations) {
    if ('append' in each) {
      const more = items(each.append);
      [sequence, model] = [sequence.append(more), [...model, ...more]];
    } else {
      const length = Math.floor(each.keep * model.length);
      [sequence, model] = [sequence.take(length), model.slice(0, length)];
    }
    all.push({ sequence, model });
  }
  return all;
}

const naive = (a: readonly object[], b: readonly object[]): number => {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at;
};

describe('a sequence', () => {
  it('is an array to whoever reads it, in every version', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 12 }), fc.nat(), (operations, where) => {
        for (const { sequence, model } of versions(operations)) {
          expect(sequence.length).toBe(model.length);
          expect([...sequence]).toEqual(model);
          const at = where % (model.length + 1);
          expect(sequence.at(at)).toBe(model[at]);
          expect(sequence.slice(at)).toEqual(model.slice(at));
          expect(sequence.slice(at >> 1, at)).toEqual(model.slice(at >> 1, at));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('knows what any two versions share, exactly', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 10 }), (operations) => {
        const all = versions(operations);
        for (const a of all)
          for (const b of all) expect(Sequence.shared(a.sequence, b.sequence)).toBe(naive(a.model, b.model));
      }),
      { numRuns: 60 },
    );
  });

  it.each([0, 1, 31, 32, 33, 1_023, 1_024, 1_025, 32_768, 32_769])('keeps its edges at length %i', (length) => {
    const sequence = Sequence.from(Array.from({ length }, (_, at) => at));
    expect(sequence.length).toBe(length);
    expect(sequence.at(length - 1)).toBe(length > 0 ? length - 1 : undefined);
    expect(sequence.at(length)).toBeUndefined();
    expect(sequence.at(-1)).toBeUndefined();
    expect(sequence.append([length]).at(length)).toBe(length);
    expect(sequence.take(length)).toBe(sequence);
    expect(sequence.append([])).toBe(sequence);
    expect(JSON.parse(JSON.stringify(sequence))).toHaveLength(length);
  });

  it('compares a million items that share all but the end by looking at few', () => {
    const base = Sequence.from(Array.from({ length: 1_000_000 }, (_, at) => ({ at })));
    let looks = 0;
    const watched = {
      get at() {
        return ++looks;
      },
    };
    const longer = base.append([watched]);
    const started = performance.now();
    for (let round = 0; round < 1_000; round++) expect(Sequence.shared(base, longer)).toBe(1_000_000);
    // A thousand linear comparisons would take seconds; this bound is a hundred times what it takes.
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(looks).toBe(0);
  });

  it.each([-1, 0.5, Number.NaN])('refuses to take %d items', (length) => {
    expect(() => Sequence.empty().take(length)).toThrow(AssertionError);
  });
});

describe('durable changes', () => {
  const log = Sequence.from(['a', 'b', 'c']);

  it.each([
    { what: 'nothing', before: { term: 1, log }, after: { term: 1, log, other: 2 }, changes: undefined },
    {
      what: 'a value',
      before: { term: 1, log },
      after: { term: 2, log },
      changes: [{ field: 'term', kind: 'value', value: 2 }],
    },
    {
      what: 'an appended entry',
      before: { log },
      after: { log: log.append(['d']) },
      changes: [{ field: 'log', kind: 'sequence', keep: 3, items: ['d'] }],
    },
    {
      what: 'a suffix cut off and replaced',
      before: { log },
      after: { log: log.take(1).append(['x']) },
      changes: [{ field: 'log', kind: 'sequence', keep: 1, items: ['x'] }],
    },
    {
      what: 'a first value',
      before: {},
      after: { term: 0, log: Sequence.empty() },
      changes: [
        { field: 'term', kind: 'value', value: 0 },
        { field: 'log', kind: 'sequence', keep: 0, items: [] },
      ],
    },
    {
      what: 'NaN, which equals itself',
      before: { term: Number.NaN, log },
      after: { term: Number.NaN, log },
      changes: undefined,
    },
  ])('say what a step changed: $what', ({ before, after, changes }) => {
    expect(durableChanges(['term', 'log'], before, after)).toEqual(changes);
  });

  it('applied in order give the state back', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 10 }), (operations) => {
        let durable: Readonly<Record<string, unknown>> = {};
        let last: Readonly<Record<string, unknown>> = {};
        for (const { sequence } of versions(operations)) {
          const next = { log: sequence, term: sequence.length };
          const changes = durableChanges(['log', 'term'], last, next);
          if (changes) durable = applyDurable(durable, changes);
          last = next;
          expect(JSON.stringify(durable.log)).toBe(JSON.stringify(sequence));
          expect(durable.term).toBe(sequence.length);
        }
      }),
      { numRuns: 40 },
    );
  });
});
