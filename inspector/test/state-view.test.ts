import { isDeepStrictEqual } from 'node:util';
import type { TraceRecord } from '@synod/protocol';
import { plainJson } from '@synod/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doneBy, FieldHistory, lastStepOf, timersOf } from '../page/views/state/past.ts';
import { isSame, previewOf, rowsOf, type TreeRow } from '../page/views/state/values.ts';
import { shortState, statePaths, stateWords } from '../src/chart/active.ts';
import { Story } from '../src/story/story.ts';
import { note, spawn, turn } from './support.ts';

const closed = { open: new Set<string>(), closed: new Set<string>() };
const marks = (rows: readonly TreeRow[]) => rows.map(({ path, change }) => [path, change]);
const storyOf = (...records: readonly TraceRecord[]): Story => {
  const story = new Story();
  story.append(records.map((record) => JSON.stringify(record)));
  return story;
};

describe('a context as rows', () => {
  it('marks what is new, gone or changed, and opens where a change lies within', () => {
    const before = { term: 1, log: [{ term: 1 }], votes: { a: true }, old: 0 };
    const now = { term: 2, log: [{ term: 1 }, { term: 2 }], votes: before.votes, fresh: 'x' };
    expect(marks(rowsOf(now, { value: before }, closed))).toEqual([
      ['/term', 'changed'],
      ['/log', 'changed'],
      ['/log/0', undefined],
      ['/log/1', 'added'],
      ['/votes', undefined],
      ['/fresh', 'added'],
      ['/old', 'removed'],
    ]);
  });

  it('marks a row just where two values differ, whatever they are', () => {
    const object = fc.dictionary(fc.constantFrom('a', 'b', 'c/~'), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(object, object, (one, another) => {
        const [a, b] = [one, another].map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>) as [
          Record<string, unknown>,
          Record<string, unknown>,
        ];
        for (const row of rowsOf(a, { value: b }, closed).filter(({ depth }) => depth === 0)) {
          const [isThere, wasThere] = [Object.hasOwn(a, row.name), Object.hasOwn(b, row.name)];
          const alike = isDeepStrictEqual(a[row.name], b[row.name]);
          expect(row.change).toBe(!wasThere ? 'added' : !isThere ? 'removed' : alike ? undefined : 'changed');
        }
        expect(rowsOf(a, { value: a }, closed).every(({ change }) => change === undefined)).toBe(true);
      }),
    );
  });

  it('compares the items of lists that a trace has cut by their true places', () => {
    const cut = (length: number) => plainJson({ log: Array.from({ length }, (_, at) => at) }, { items: 4 });
    const rows = rowsOf(cut(12), { value: cut(11) }, closed);
    expect(marks(rows)).toEqual([
      ['/log', 'changed'],
      ['/log/…', undefined],
      ['/log/8', undefined],
      ['/log/9', undefined],
      ['/log/10', undefined],
      ['/log/11', 'added'],
    ]);
    expect(rows[1]?.isCut).toBe(true);
    const shrunk = rowsOf(cut(3), { value: cut(12) }, closed);
    expect(marks(shrunk).filter(([path]) => path !== '/log')).toEqual([
      ['/log/0', undefined],
      ['/log/1', undefined],
      ['/log/2', undefined],
      ['/log/8', 'removed'],
      ['/log/9', 'removed'],
      ['/log/10', 'removed'],
      ['/log/11', 'removed'],
    ]);
  });

  it('shows as cut what a trace left out', () => {
    const value = plainJson(
      { text: 'x'.repeat(9), token: 'x', deep: { a: { b: 1 } }, bytes: new Uint8Array(3), whole: 'y' },
      { characters: 4, depth: 1 },
    );
    const rows = rowsOf(value, undefined, { ...closed, open: new Set(['/deep']) });
    expect(rows.filter(({ isCut }) => isCut).map(({ path }) => path)).toEqual(['/text', '/token', '/deep/a', '/bytes']);
  });

  it('opens and closes as a person says', () => {
    const [now, value] = [{ a: { b: 1 } }, { a: { b: 2 } }];
    expect(rowsOf(now, undefined, closed)).toHaveLength(1);
    expect(rowsOf(now, undefined, { ...closed, open: new Set(['/a']) })).toHaveLength(2);
    expect(rowsOf(now, { value }, { ...closed, closed: new Set(['/a']) })).toHaveLength(1);
  });

  it('stays of bounded size and depth, whatever a trace holds', () => {
    const wide = Array.from({ length: 200_000 }, (_, at) => at);
    const rows = rowsOf({ wide }, undefined, { ...closed, open: new Set(['/wide']) });
    expect(rows).toHaveLength(10_002);
    expect(rows.at(-1)).toMatchObject({ value: '190,000 more', isCut: true });
    const deep = () => JSON.parse(`${'['.repeat(3_000)}1${']'.repeat(3_000)}`) as unknown;
    expect(isSame(deep(), deep())).toBe(false);
    expect(rowsOf({ a: deep() }, { value: { a: deep() } }, closed).length).toBeLessThan(10);
    expect(previewOf('x'.repeat(1_000_000)).length).toBeLessThan(200);
    expect(previewOf(wide)).toBe('[0, 1, 2, 3, 4, 5, 6, 7, …]');
  });

  it.each([
    [{ free: [4], taken: [1, 2, 3] }, '{free: [4], taken: [1, 2, 3]}'],
    [[{ name: 'Ana', role: 'cook' }, {}, []], '[{name: "Ana", role: "cook"}, {}, []]'],
    [{ long: [1, 2, 3, 4, 5], deep: { a: { b: 1 } } }, '{long: […], deep: {…}}'],
  ])('%j is previewed with what is small in it', (value, text) => {
    expect(previewOf(value)).toBe(text);
  });
});

describe('what an actor did', () => {
  it('is found from its latest on, up to a place', () => {
    const story = storyOf(spawn('n1'), spawn('n2'), turn('n1', 'green', 1), turn('n2', 'green', 1), note('n1', 'x'));
    expect([...doneBy(story, 'light@n1', 5, ['transition', 'spawn'])]).toEqual([2, 0]);
    expect(lastStepOf(story, 'light@n1', 2)).toBe(0);
    expect(lastStepOf(story, 'nobody', 5)).toBeUndefined();
  });

  it('tells the past of a field: each value with where it came, since the actor began', () => {
    const story = storyOf(
      turn('n1', 'red', 99),
      spawn('n1'),
      turn('n1', 'green', 1),
      turn('n2', 'green', 7),
      turn('n1', 'green', 1),
      turn('n1', 'green', 2),
      turn('n1', 'green', 3),
    );
    const history = new FieldHistory(story, 'light@n1', 'count', 6);
    do history.go(() => true);
    while (!history.isDone);
    expect(history.values).toEqual([
      { index: 5, value: 2 },
      { index: 2, value: 1 },
      { index: 1, value: 0 },
    ]);
  });

  it('keeps twenty values of a field', () => {
    const story = storyOf(...Array.from({ length: 50 }, (_, at) => turn('n1', 'red', at)));
    const history = new FieldHistory(story, 'light@n1', 'count', 50);
    history.go();
    expect(history.values.map(({ value }) => value)).toEqual(Array.from({ length: 20 }, (_, at) => 49 - at));
  });

  it('leaves the timers that neither fired nor were cancelled in its present life', () => {
    const timer = (type: string, id: string, at: number, delayMs = 10) =>
      ({ ...note('n1', ''), at, type, actor: 'light@n1', id, delayMs }) as unknown as TraceRecord;
    const [set, fired, cancelled] = ['timer.set', 'timer.fired', 'timer.cancelled'] as const;
    const at = (record: TraceRecord, ms: number) => ({ ...record, at: ms });
    const story = storyOf(
      timer(set, 'earlier life', 0),
      at(spawn('n1'), 1),
      timer(set, 'a', 2, 50),
      timer(set, 'b', 3),
      timer(fired, 'b', 13),
      timer(set, 'c', 14),
      timer(cancelled, 'c', 15),
      timer(set, 'c', 16, 20),
    );
    expect(timersOf(story, 'light@n1', story.length)).toEqual([
      { id: 'c', due: 36, delayMs: 20, index: 7 },
      { id: 'a', due: 52, delayMs: 50, index: 2 },
    ]);
    expect(timersOf(story, 'light@n1', 4).map(({ id }) => id)).toEqual(['b', 'a']);
  });
});

describe('a state value', () => {
  it.each([
    ['red', 'red', ['red']],
    [{ leader: 'idle' }, 'leader · idle', ['leader.idle']],
    [{ a: 'x', b: { c: 'y' } }, 'a · x, b · c · y', ['a.x', 'b.c.y']],
    [{ a: {} }, 'a', ['a']],
  ])('%j is told in words and as paths', (value, words, paths) => {
    expect(stateWords(value)).toBe(words);
    expect(statePaths(value)).toEqual(paths);
  });

  it.each([
    ['leader · idle', 20, 'leader · idle'],
    ['leader · idle', 6, 'idle'],
    ['open · door · full, floor · busy', 12, 'full, busy'],
    ['open · door · full, floor · busy', 6, 'full,…'],
    ['follower', 4, 'fol…'],
  ])('%s in %i characters is told as %s', (words, most, expected) => {
    expect(shortState(words, most)).toBe(expected);
  });

  it('ends somewhere, however deep a trace says it is', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}"x"${'}'.repeat(5_000)}`) as unknown;
    expect(stateWords(deep)).toMatch(/…$/);
    expect(statePaths(deep)).toHaveLength(1);
  });
});
