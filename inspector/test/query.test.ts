import type { TraceRecord } from '@synod/protocol';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { compileQuery } from '../page/query/compile.ts';
import { complaintOf } from '../page/query/expression.ts';
import { FIELDS } from '../page/query/fields.ts';
import { parseQuery } from '../page/query/parse.ts';
import { type Pattern, type Query, QueryError } from '../page/query/query.ts';
import { stateWords } from '../src/chart/active.ts';
import { eventWords, recordText } from '../src/story/record-text.ts';
import { Story } from '../src/story/story.ts';
import { emitted, note, spawn, turn } from './support.ts';

const words = (field: string, ...texts: string[]): Query => ({
  kind: 'field',
  field,
  any: texts.map((text) => ({ kind: 'words', text })),
});

describe('a query is read', () => {
  it.each<[string, Query | undefined]>([
    ['', undefined],
    ['   ', undefined],
    ['type:send', words('type', 'send')],
    ['Type:send', words('type', 'send')],
    ['type:send,deliver', words('type', 'send', 'deliver')],
    ['type:timer.*', words('type', 'timer.*')],
    ['actor:raft@n1', words('actor', 'raft@n1')],
    ['vote', words('text', 'vote')],
    ['n1 vote', { kind: 'and', parts: [words('text', 'n1'), words('text', 'vote')] }],
    ['n1 and vote', { kind: 'and', parts: [words('text', 'n1'), words('text', 'vote')] }],
    [
      'a or b c',
      {
        kind: 'or',
        parts: [words('text', 'a'), { kind: 'and', parts: [words('text', 'b'), words('text', 'c')] }],
      },
    ],
    [
      '(a or b) c',
      {
        kind: 'and',
        parts: [{ kind: 'or', parts: [words('text', 'a'), words('text', 'b')] }, words('text', 'c')],
      },
    ],
    ['not a', { kind: 'not', part: words('text', 'a') }],
    ['-type:send', { kind: 'not', part: words('type', 'send') }],
    ['-(a)', { kind: 'not', part: words('text', 'a') }],
    ['n-1', words('text', 'n-1')],
    ['"or (x"', { kind: 'field', field: 'text', any: [{ kind: 'quoted', text: 'or (x' }] }],
    ['"a \\" b"', { kind: 'field', field: 'text', any: [{ kind: 'quoted', text: 'a " b' }] }],
    ['/(a|b) [/ )]/', { kind: 'field', field: 'text', any: [{ kind: 'expression', source: '(a|b) [/ )]' }] }],
    ['state:/^lead/i', { kind: 'field', field: 'state', any: [{ kind: 'expression', source: '^lead' }] }],
    ['at>1200', { kind: 'at', comparison: '>', ms: 1_200 }],
    ['at<=1.5s', { kind: 'at', comparison: '<=', ms: 1_500 }],
    ['at=250us', { kind: 'at', comparison: '=', ms: 0.25 }],
    ['#100..200', { kind: 'range', from: 99, to: 199 }],
    ['#7', { kind: 'range', from: 6, to: 6 }],
    ['#7..', { kind: 'range', from: 6, to: Number.MAX_SAFE_INTEGER }],
    ['#..7', { kind: 'range', from: 0, to: 6 }],
  ])('%s', (text, query) => expect(parseQuery(text)).toEqual(query));

  it.each<[string, RegExp, number]>([
    ['type:', /After "type:" a value is missing/, 0],
    ['a type: b', /After "type:" a value is missing/, 2],
    ['typ:send', /no "typ:"; there are type, node/, 0],
    ['(a', /bracket is not closed/, 0],
    ['a)', /no bracket for this one/, 1],
    ['()', /bracket is empty/, 1],
    ['a or', /After "or" something is missing/, 4],
    ['or a', /Something is missing here/, 0],
    ['not', /After "not" something is missing/, 3],
    ['"a', /quotation mark is not closed/, 0],
    ['x /a', /not closed by a second \//, 2],
    ['/(/', /cannot be used/, 0],
    ['/(a+)+$/', /take for ever/, 0],
    ['/.*.*.*.*.*!/', /more than 4 parts that repeat/, 0],
    ['at>soon', /A time is a number/, 0],
    ['#x', /A range is/, 0],
    ['('.repeat(60), /nested deeper/, 50],
    ['x'.repeat(3_000), /2000 characters at most/, 2_000],
  ])('%s is refused in a sentence, and where', (text, message, at) => {
    let error: unknown;
    try {
      parseQuery(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(QueryError);
    expect((error as QueryError).message).toMatch(message);
    expect((error as QueryError).message).toMatch(/\.$/);
    expect((error as QueryError).at).toBe(at);
  });

  it('or refused with a place in the text, whatever is typed', () => {
    const piece = fc.constantFrom(
      'type:',
      'a',
      '(',
      ')',
      '-',
      ' ',
      '"',
      '/',
      'or ',
      'not ',
      'at>',
      '5',
      '#',
      '..',
      ',',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        try {
          const query = parseQuery(text);
          if (query) compileQuery(query);
        } catch (error) {
          expect(error).toBeInstanceOf(QueryError);
          const { at, end } = error as QueryError;
          expect([at >= 0, at <= end, end <= text.length]).toEqual([true, true, true]);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('an expression', () => {
  it.each(['(a+)+', '(a|b)*', '(a|aa){2,}', '((a*))*', '(a)\\1', '(?:x+y?)*', '(a*){10}'])(
    '%s is refused: it could take for ever',
    (source) => expect(complaintOf(source)).toMatch(/for ever/),
  );
  it.each(['(alpha|beta) [12]', 'a+b*', '(ab)+c', '[(+]+', '\\(+x', 'n\\d+', '(a|b)?'])('%s is taken', (source) =>
    expect(complaintOf(source)).toBeUndefined(),
  );
});

// --- A compiled query against a plain reading of what it means ---------------------------------------------------------

const NODES = ['n1', 'n2'];
const LABELS = ['Ping', 'Pong', 'AppendEntries', 'xstate.after.patience.light.red'];
const node = fc.constantFrom(...NODES);
const label = fc.constantFrom(...LABELS);
const address = node.map((name) => `light@${name}`);
const base = fc.record({ seq: fc.nat(), at: fc.nat(5_000), node, clock: fc.constant({}) });

const event: fc.Arbitrary<object> = fc.oneof(
  fc.record({
    type: fc.constant('send'),
    id: fc.string(),
    from: address,
    to: address,
    message: fc.record({ type: label }),
  }),
  fc.record({ type: fc.constant('deliver'), id: fc.string(), from: address, to: address, message: label }),
  fc.record({
    type: fc.constant('drop'),
    reason: fc.constantFrom('fault', 'unreachable'),
    from: address,
    to: address,
    message: label,
  }),
  fc.record({ type: fc.constant('receive'), actor: address, event: fc.record({ type: label }), from: address }),
  fc.record({
    type: fc.constant('transition'),
    actor: address,
    event: label,
    state: fc.constantFrom('red', 'green', { green: 'blinking' }),
    transitions: fc.subarray(['light.red#TURN[0]', 'light.green#TURN[0]', 'light#*[0]']),
    changed: fc.constantFrom({}, { count: 1 }, { term: 2, count: 3 }),
  }),
  fc.record({ type: fc.constant('timer.set'), actor: address, id: label, delayMs: fc.nat() }),
  fc.record({ type: fc.constant('timer.fired'), actor: address, id: label }),
  fc.record({
    type: fc.constant('note'),
    text: fc.constantFrom('vote granted', 'nothing'),
    code: fc.constant('FAULT'),
  }),
  fc.record({ type: fc.constant('crash'), actor: address, reason: fc.constantFrom('fault', 'bug') }),
);
const records = fc.array(
  fc.oneof(
    fc.tuple(base, event).map(([common, special]) => ({ ...common, ...special }) as TraceRecord),
    node.map(spawn),
  ),
  { minLength: 1, maxLength: 30 },
);

const value = fc.constantFrom(
  'send',
  'timer.*',
  'n1',
  'light@n2',
  '*@n1',
  'Ping',
  'append*',
  'green',
  'red',
  'patience',
);
const more = fc.constantFrom('light.red#*', 'count', 'fault', 'vote', 'li*t', 'blinking', '*', 'note', 'zzz', '1');
const pattern: fc.Arbitrary<Pattern> = fc.oneof(
  fc.record({ kind: fc.constant('words' as const), text: fc.oneof(value, more) }),
  fc.record({ kind: fc.constant('quoted' as const), text: fc.oneof(value, more) }),
  fc.record({ kind: fc.constant('expression' as const), source: fc.constantFrom('^n1', 'p[io]ng', '\\d$', 'green') }),
);
const { query } = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3 },
    fc.record({
      kind: fc.constant('field' as const),
      field: fc.constantFrom(...Object.keys(FIELDS)),
      any: fc.array(pattern, { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      kind: fc.constant('at' as const),
      comparison: fc.constantFrom('<', '<=', '=', '>=', '>'),
      ms: fc.nat(5_000),
    }),
    fc.record({ kind: fc.constant('range' as const), from: fc.nat(30), to: fc.nat(30) }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('query'), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), part: tie('query') }),
  ),
}));

/** What a field of a record holds, by the record alone. `state`: that of its actor after it. */
function held(record: TraceRecord, state: string, field: string): string[] {
  const fields = record as unknown as Record<string, unknown>;
  const { type } = record;
  const isMessage = ['send', 'deliver', 'drop', 'receive'].includes(type);
  const named = (record: TraceRecord) =>
    record.type === 'send'
      ? record.message.type
      : record.type === 'receive' || record.type === 'emit'
        ? record.event.type
        : undefined;
  const acting = type === 'send' ? fields.from : type === 'deliver' || type === 'drop' ? fields.to : fields.actor;
  const calls = (who: unknown) => (who === undefined ? [] : [String(who), ...String(who).split('@')]);
  const one = (text: unknown) => (text === undefined || text === '' ? [] : [String(text)]);
  const event = (text: unknown) => (text === undefined ? [] : [String(text), eventWords(String(text))]);
  switch (field) {
    case 'type':
      return [type, type.replace(/\..*/, '')];
    case 'node':
      return [record.node];
    case 'actor':
      return calls(acting);
    case 'from':
      return isMessage ? calls(fields.from) : [];
    case 'to':
      return isMessage ? calls(type === 'receive' ? fields.actor : fields.to) : [];
    case 'message':
      return isMessage ? event(named(record) ?? fields.message) : [];
    case 'event':
      return event(type === 'transition' ? fields.event : type === 'send' ? undefined : named(record));
    case 'timer':
      return type.startsWith('timer') ? event(fields.id) : [];
    case 'state':
      return state === '' ? [] : [state, ...state.split(' · ')];
    case 'transition':
      return record.type === 'transition' ? [...record.transitions] : [];
    case 'changed':
      return record.type === 'transition' ? Object.keys(record.changed) : [];
    case 'reason':
      return one(fields.reason);
    case 'code':
      return type === 'note' ? one(fields.code) : [];
    case 'text':
      return [`${record.node} ${type} ${recordText(record)}`];
    default:
      return [JSON.stringify(record)];
  }
}

const within = (field: string) => field === 'text' || field === 'json';
const escaped = (text: string) => text.replace(/[.+?^${}()|[\]\\*]/g, '\\$&');

function fits(one: Pattern, text: string, isWithin: boolean): boolean {
  if (one.kind === 'expression') return new RegExp(one.source, 'i').test(text);
  const source = one.kind === 'words' ? one.text.split('*').map(escaped).join('[^]*') : escaped(one.text);
  return new RegExp(isWithin ? source : `^(?:${source})$`, 'i').test(text);
}

function means(query: Query, record: TraceRecord, index: number, at: number, state: string): boolean {
  const inner = (part: Query) => means(part, record, index, at, state);
  switch (query.kind) {
    case 'and':
      return query.parts.map(inner).every(Boolean);
    case 'or':
      return query.parts.map(inner).some(Boolean);
    case 'not':
      return !inner(query.part);
    case 'range':
      return query.from <= index && index <= query.to;
    case 'at':
      return {
        '<': at < query.ms,
        '<=': at <= query.ms,
        '=': at === query.ms,
        '>=': at >= query.ms,
        '>': at > query.ms,
      }[query.comparison];
    case 'field':
      return held(record, state, query.field).some((text) =>
        query.any.some((one) => fits(one, text, within(query.field))),
      );
  }
}

describe('a compiled query', () => {
  it('finds just the records that it means', () => {
    fc.assert(
      fc.property(records, fc.array(query, { minLength: 1, maxLength: 10 }), (all, queries) => {
        const story = new Story();
        story.append(all.map((record) => JSON.stringify(record)));
        for (const each of queries) {
          const wanted = compileQuery(each);
          const states = new Map<string, string>();
          for (const [index, record] of all.entries()) {
            if (record.type === 'spawn' || record.type === 'transition')
              states.set(record.actor, stateWords(record.state));
            const actor = story.actor(index);
            const expected = means(each, record, index, story.at(index), states.get(actor) ?? '');
            expect(wanted(story, index), `${JSON.stringify(each)} of ${JSON.stringify(record)}`).toBe(expected);
          }
        }
      }),
      { numRuns: 120 },
    );
  });

  it('asks a name anew when another run is looked at', () => {
    const wanted = compileQuery(parseQuery('node:n2') as Query);
    const [one, other] = [new Story(), new Story()];
    one.append([JSON.stringify(note('n1', 'x'))]);
    other.append([JSON.stringify(note('n2', 'x'))]);
    expect([wanted(one, 0), wanted(other, 0)]).toEqual([false, true]);
  });

  it.each([
    ['gives up on an expression that takes too long', 60, true],
    ['goes on with one that takes its time', 40, false],
  ])('%s', (_, tookMs, isGivenUp) => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += tookMs;
      return now;
    });
    onTestFinished(() => void vi.restoreAllMocks());
    const wanted = compileQuery(parseQuery('/x.*!/') as Query);
    const story = new Story();
    story.append(Array.from({ length: 10 }, () => JSON.stringify(note('n1', 'x'))));
    const look = () => Array.from({ length: 10 }, (_, index) => wanted(story, index));
    if (isGivenUp) expect(look).toThrow(/takes too long/);
    else expect(look()).toEqual(Array(10).fill(false));
  });

  it('bounds the time that an expression can take, by the length of the text that it sees', () => {
    const wanted = compileQuery(parseQuery('/.*.*.*.*!/') as Query);
    const story = new Story();
    story.append([JSON.stringify(note('n1', 'x'.repeat(100_000)))]);
    const begin = performance.now();
    expect(wanted(story, 0)).toBe(false);
    expect(performance.now() - begin).toBeLessThan(10_000);
  });

  it('knows of a step which transitions it took, and of each record the state of its actor', () => {
    const story = new Story();
    const both = [turn('n1', 'green', 1), emitted('n1', { type: 'x' }), turn('n2', 'red', 1), note('n1', 'y')];
    story.append(both.map((record) => JSON.stringify(record)));
    expect([0, 1, 2, 3].map(story.state)).toEqual(['green', 'green', 'red', '']);
    expect([0, 1].map(story.taken)).toEqual([['light.red#TURN[0]'], []]);
  });
});
