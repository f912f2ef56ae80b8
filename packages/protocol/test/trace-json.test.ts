import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createActor, createMachine } from 'xstate';
import {
  chartOf,
  decodeTrace,
  encodeTrace,
  Sequence,
  type TraceRecord,
  traceHeader,
  VIEWER_LIMITS,
} from '../src/index.ts';

const base = { seq: 1, at: 2.5, node: 'n1', clock: { n1: 3 } };
const note = (text: unknown): TraceRecord => ({
  ...base,
  type: 'emit',
  actor: 'a@n1',
  event: { type: 'said', text } as never,
});
const said = (value: unknown, limits = {}): unknown => JSON.parse(encodeTrace(note(value), limits)).event.text;

const RECORDS: TraceRecord[] = [
  {
    ...base,
    type: 'spawn',
    actor: 'a@n1',
    protocol: 'p',
    chart: chartOf(createMachine({ initial: 'x', states: { x: {} } })),
    state: 'x',
    context: {},
    recovered: false,
    parent: 'p@n1',
  },
  { ...base, type: 'receive', actor: 'a@n1', event: { type: 'E' }, id: 'n2:1', from: 'b@n2' },
  {
    ...base,
    type: 'transition',
    actor: 'a@n1',
    event: 'E',
    state: { a: 'b' },
    transitions: ['m.a#E[0]'],
    changed: { x: 1 },
    guards: [{ transition: 'm.a#E[0]', condition: 'ready', outcome: true }],
    actions: ['greet'],
    inferred: true,
  },
  { ...base, type: 'send', id: 'n1:3', from: 'a@n1', to: 'b@n2', message: { type: 'M' } },
  { ...base, type: 'deliver', id: 'n2:1', from: 'b@n2', to: 'a@n1', message: 'M' },
  { ...base, type: 'drop', reason: 'dead-letter', detail: 'x' },
  { ...base, type: 'timer.set', actor: 'a@n1', id: 't', delayMs: 5 },
  { ...base, type: 'timer.fired', actor: 'a@n1', id: 't' },
  { ...base, type: 'timer.cancelled', actor: 'a@n1', id: 't' },
  { ...base, type: 'durable', actor: 'a@n1', fields: [{ field: 'log', from: 1, count: 2 }, { field: 'term' }] },
  { ...base, type: 'emit', actor: 'a@n1', event: { type: 'told' } },
  { ...base, type: 'crash', reason: 'x' },
  { ...base, type: 'restart', actor: 'a@n1', attempt: 1 },
  { ...base, type: 'stop', actor: 'a@n1' },
  { ...base, type: 'note', text: 'hello', code: 'X' },
];

describe('a trace on paper', () => {
  it.each(RECORDS)('gives $type back as it was', (record) => {
    expect(decodeTrace(encodeTrace(record))).toEqual(record);
  });

  it('gives its header back', () => {
    expect(decodeTrace(encodeTrace(traceHeader({ seed: 42 })))).toEqual(traceHeader({ seed: 42 }));
  });

  it.each([
    { what: 'no JSON', line: '{"seq":', code: 'TRACE_INVALID' },
    { what: 'no object', line: '7', code: 'TRACE_INVALID' },
    { what: 'an unknown type', line: JSON.stringify({ ...base, type: 'nonsense' }), code: 'TRACE_INVALID' },
    {
      what: 'a field of the wrong kind',
      line: JSON.stringify({ ...base, type: 'note', text: 7 }),
      code: 'TRACE_INVALID',
    },
    {
      what: 'no clock',
      line: JSON.stringify({ ...base, clock: undefined, type: 'stop', actor: 'a@n1' }),
      code: 'TRACE_INVALID',
    },
    { what: 'another version', line: JSON.stringify({ ...traceHeader(), version: 2 }), code: 'TRACE_VERSION' },
  ])('refuses $what', ({ line, code }) => {
    expect(() => decodeTrace(line)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses what is nested deeper than any reader follows it', () => {
    const nested = (levels: number): string =>
      JSON.stringify({ ...base, type: 'emit', actor: 'a@n1', event: { type: 'x', deep: 0 } }).replace(
        '"deep":0',
        `"deep":${'['.repeat(levels)}${']'.repeat(levels)}`,
      );
    expect(() => decodeTrace(nested(1_900))).not.toThrow();
    for (const levels of [2_000, 100_000])
      expect(() => decodeTrace(nested(levels))).toThrow(
        expect.objectContaining({ code: 'TRACE_INVALID', message: expect.stringMatching(/deeper than 2000 levels/) }),
      );
  });

  it('never throws anything but a coded error, whatever it is given', () => {
    const attempt = (line: string) => {
      try {
        decodeTrace(line);
      } catch (error) {
        expect(error).toMatchObject({ name: 'SynodError' });
      }
    };
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), attempt));
    fc.assert(
      fc.property(fc.constantFrom(...RECORDS), fc.jsonValue(), fc.nat(), (record, value, at) => {
        const keys = Object.keys(record);
        attempt(JSON.stringify({ ...record, [keys[at % keys.length] as string]: value }));
      }),
    );
  });
});

describe('a value in a trace', () => {
  const cycle: Record<string, unknown> = { name: 'round' };
  cycle.self = cycle;
  const shared = { x: 1 };

  it.each([
    { what: 'a map', value: new Map([['a', 1]]), shown: { a: 1 } },
    { what: 'a set', value: new Set([1, 2]), shown: [1, 2] },
    { what: 'a sequence', value: Sequence.from([1, 2]), shown: [1, 2] },
    { what: 'bytes', value: new Uint8Array(5), shown: '(5 bytes)' },
    { what: 'a bigint', value: 5n, shown: '5n' },
    { what: 'infinity', value: Number.POSITIVE_INFINITY, shown: 'Infinity' },
    { what: 'a date', value: new Date(0), shown: '1970-01-01T00:00:00.000Z' },
    { what: 'an error', value: new Error('no'), shown: 'no' },
    {
      what: 'an actor, in its own form',
      value: createActor(createMachine({}), { id: 'child' }),
      shown: { xstate$$type: 1, id: 'child' },
    },
    { what: 'a function', value: { f: () => 1, g: 2 }, shown: { g: 2 } },
    { what: 'a cycle', value: cycle, shown: { name: 'round', self: '(cycle)' } },
    { what: 'a value that occurs twice', value: [shared, shared], shown: [{ x: 1 }, { x: 1 }] },
    {
      what: 'secrets',
      value: { token: 'x', apiToken: 'x', session_secret: 'y', password: 'z', author: 'me' },
      shown: {
        token: '(secret)',
        apiToken: '(secret)',
        session_secret: '(secret)',
        password: '(secret)',
        author: 'me',
      },
    },
    {
      what: 'a hostile name',
      value: JSON.parse('{"__proto__":{"x":1},"constructor":1}'),
      shown: JSON.parse('{"__proto__":{"x":1},"constructor":1}'),
    },
  ])('shows $what', ({ value, shown }) => {
    expect(said(value)).toEqual(shown);
  });

  it.each([
    { what: 'strings', value: 'x'.repeat(500), shown: `${'x'.repeat(240)}…` },
    {
      what: 'lists, keeping their end',
      value: Array.from({ length: 30 }, (_, at) => at),
      shown: ['… 6 more', ...Array.from({ length: 24 }, (_, at) => at + 6)],
    },
    {
      what: 'logs of any length',
      value: Sequence.from(Array.from({ length: 100_000 }, (_, at) => at)),
      shown: ['… 99976 more', ...Array.from({ length: 24 }, (_, at) => at + 99_976)],
    },
  ])('is cut to the limits: $what', ({ value, shown }) => {
    expect(said(value, VIEWER_LIMITS)).toEqual(shown);
  });

  it('is cut in depth and in the number of entries', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 50; level++) deep = { deep };
    expect(JSON.stringify(said(deep, VIEWER_LIMITS))).toBe('{"deep":{"deep":{"deep":{"deep":{"deep":"…"}}}}}');
    const wide = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`k${at}`, at]));
    expect(Object.keys(said(wide, VIEWER_LIMITS) as object)).toHaveLength(25);
    expect(Object.keys(said(new Map(Object.entries(wide)), VIEWER_LIMITS) as object)).toHaveLength(25);
  });

  it('is cut in all, however its values are nested', () => {
    const broad = (depth: number): unknown => (depth === 0 ? 1 : Array.from({ length: 24 }, () => broad(depth - 1)));
    const values = JSON.stringify(said(broad(4), VIEWER_LIMITS)).split(/[[\],]+/).length;
    expect(values).toBeLessThan(2_100);
  });

  it('is not looked at beyond the limits', () => {
    const wide = Object.defineProperty({ a: 1, b: 2 }, 'c', {
      enumerable: true,
      get: () => expect.unreachable('a getter beyond the limits'),
    });
    expect(said(wide, { items: 2 })).toEqual({ a: 1, b: 2, '…': '1 more' });
  });

  it('is told where it cannot be looked at, with all that stands beside it', () => {
    const refuse = (): never => {
      throw new Error('do not look');
    };
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const value = {
      before: 1,
      getter: Object.defineProperty({ beside: 2 }, 'field', { enumerable: true, get: refuse }),
      form: { toJSON: refuse },
      keys: new Proxy({}, { ownKeys: refuse }),
      revoked: revoked.proxy,
      map: new Map([[Object.create(null), 1]]),
      after: 3,
    };
    const unread = expect.stringMatching(/^\(unreadable: .*\)$/);
    expect(said(value)).toEqual({
      before: 1,
      getter: { beside: 2, field: '(unreadable: do not look)' },
      form: '(unreadable: do not look)',
      keys: '(unreadable: do not look)',
      revoked: unread,
      map: unread,
      after: 3,
    });
  });

  it('is not used up: an iterator is only named', () => {
    const iterator = [1, 2, 3][Symbol.iterator]();
    expect(said({ iterator })).toEqual({ iterator: '(iterator)' });
    expect([...iterator]).toEqual([1, 2, 3]);
  });

  it('is whole where a reader needs it whole: the clock of a large cluster, whatever its nodes are called', () => {
    const clock = Object.fromEntries(
      [...Array.from({ length: 100 }, (_, at) => `n${at}`), 'token'].map((node) => [node, 1]),
    );
    const record: TraceRecord = { ...base, clock, type: 'note', text: 'x' };
    expect(decodeTrace(encodeTrace(record, VIEWER_LIMITS))).toEqual(record);
  });

  it('can be very deep without limits', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 500; level++) deep = [deep];
    expect(() => said(deep)).not.toThrow();
  });
});
