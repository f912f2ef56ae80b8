import { KINDS, type Kind } from '../../src/world/read.ts';
import type { Column } from '../story/block.ts';
import type { Wanted } from '../story/sift.ts';
import type { Story } from '../story/story.ts';
import { FIELDS, type Field, isField } from './fields.ts';
import { type Matches, matcherOf } from './matcher.ts';
import type { Comparison, Pattern, Query } from './query.ts';

/** A test, and how dear it is: 0 by columns, 1 by records of some types, 2 by all records. */
interface Test {
  readonly wanted: Wanted;
  readonly cost: number;
}

/** Makes a test of a query. It looks at columns first, and parses a record only where they leave it open. */
export const compileQuery = (query: Query): Wanted => testOf(query).wanted;

function testOf(query: Query): Test {
  switch (query.kind) {
    case 'and':
    case 'or':
      return joined(query.kind === 'and', query.parts.map(testOf));
    case 'not': {
      const { wanted, cost } = testOf(query.part);
      return { wanted: (story, index) => !wanted(story, index), cost };
    }
    case 'at':
      return { wanted: timeTest(query.comparison, query.ms), cost: 0 };
    case 'range':
      return { wanted: (_, index) => index >= query.from && index <= query.to, cost: 0 };
    case 'field':
      return fieldTest(query.field, query.any);
  }
}

/** All of the tests, or any of them: the cheap ones first. */
function joined(all: boolean, tests: readonly Test[]): Test {
  const sorted = tests.toSorted((a, b) => a.cost - b.cost).map(({ wanted }) => wanted);
  return {
    wanted: all
      ? (story, index) => sorted.every((wanted) => wanted(story, index))
      : (story, index) => sorted.some((wanted) => wanted(story, index)),
    cost: Math.max(...tests.map(({ cost }) => cost)),
  };
}

function timeTest(comparison: Comparison, ms: number): Wanted {
  switch (comparison) {
    case '<':
      return (story, index) => story.at(index) < ms;
    case '<=':
      return (story, index) => story.at(index) <= ms;
    case '=':
      return (story, index) => story.at(index) === ms;
    case '>=':
      return (story, index) => story.at(index) >= ms;
    case '>':
      return (story, index) => story.at(index) > ms;
  }
}

function fieldTest(name: string, any: readonly Pattern[]): Test {
  const field: Field | undefined = isField(name) ? FIELDS[name] : undefined;
  if (!field) throw new RangeError(`there is no field ${name}`);
  const matches = matcherOf(any, 'within' in field);
  if ('column' in field) return { wanted: columnTest(field, matches), cost: 0 };
  const { read, kinds } = field;
  if (read === 'json') return { wanted: (story, index) => matches(story.json(index)), cost: 2 };
  const wanted: Wanted = kinds
    ? (story, index) => kinds.includes(story.kind(index)) && read(story.glance(index)).some(matches)
    : (story, index) => read(story.glance(index)).some(matches);
  return { wanted, cost: kinds ? 1 : 2 };
}

/** A name is tried once, and remembered by its number. */
function columnTest({ column, calls }: Extract<Field, { column: unknown }>, matches: Matches): Wanted {
  const columns: readonly (Column | undefined)[] = KINDS.map(column);
  let memo = new Memo();
  let asked: Story | undefined;
  return (story, index) => {
    if (asked !== story) [asked, memo] = [story, new Memo()];
    const place = columns[story.number('kind', index)];
    if (place === undefined) return false;
    const number = story.number(place, index);
    const known = memo.get(number);
    if (known !== undefined) return known;
    const text = nameOf(story, place, number);
    return memo.set(number, text !== '' && calls(text).some(matches));
  };
}

function nameOf(story: Story, column: Column, number: number): string {
  if (column === 'kind') return KINDS[number] as Kind;
  if (column === 'state') return story.states.text(number);
  return column === 'step' ? story.steps.text(number) : story.names.text(number);
}

/** Answers by small numbers. */
class Memo {
  #answers = new Uint8Array(256);

  get(number: number): boolean | undefined {
    const answer = this.#answers[number];
    return answer ? answer === 2 : undefined;
  }

  set(number: number, answer: boolean): boolean {
    if (number >= this.#answers.length) {
      const larger = new Uint8Array(Math.max(number + 1, this.#answers.length * 2));
      larger.set(this.#answers);
      this.#answers = larger;
    }
    this.#answers[number] = answer ? 2 : 1;
    return answer;
  }
}
