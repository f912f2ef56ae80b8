import { isSynodError, type Message, Sequence, SynodError } from '@synod/protocol';
import fc from 'fast-check';
// Switches msgpackr's native reading of text on, as the storage does in the same process; the other tests do without.
import { Packr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import {
  BATCH_OVERHEAD,
  decodeFrame,
  encodeBatch,
  encodeEnvelope,
  encodeHello,
  encodeWelcome,
  WIRE_VERSION,
} from '../../src/transport/codec.ts';
import { MAX_DEPTH } from '../../src/transport/serialisable.ts';
import { batch, envelope, frame } from './support.ts';

const MAX_BYTES = 1024 * 1024;
const decode = (bytes: Uint8Array) => decodeFrame(bytes, MAX_BYTES);

/** The message that arrives when `message` is sent. */
function overTheWire(message: object): Message {
  const decoded = decode(batch(envelope('n1', 'n2', { type: 'M', ...message })));
  if (decoded.kind !== 'batch' || !decoded.envelopes[0]) throw new Error('no batch');
  return decoded.envelopes[0].message;
}

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (isSynodError(error)) return error.code;
    throw error;
  }
  return 'no error';
};

/** An object with a property that an object literal cannot have. */
const withKey = (key: string, value: unknown) => JSON.parse(`{${JSON.stringify(key)}: ${JSON.stringify(value)}}`);

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

function cyclic(): object {
  const object: { self?: object } = {};
  object.self = object;
  return object;
}

describe('what may be sent arrives as it was', () => {
  const text = fc.string({ unit: 'binary' });
  const plain = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.constantFrom(null, undefined, true, false),
      fc.integer(),
      fc.double().map((number) => (Object.is(number, -0) ? 0 : number)),
      fc.maxSafeInteger(),
      fc.uint8Array(),
      fc.array(tie('value')),
      fc.dictionary(
        text.filter((key) => key !== '__proto__'),
        tie('value'),
        { noNullPrototype: true },
      ),
    ),
  })).value;

  it('for any plain data', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(overTheWire({ value })).toStrictEqual({ type: 'M', value });
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a field that is undefined', { field: undefined }],
    ['numbers that are none', { numbers: [Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE] }],
    ['an object of 70,000 fields', { map: Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`k${i}`, 1])) }],
    ['names of built-in properties', { constructor: 1, hasOwnProperty: 2, toJSON: 3, toString: 4, prototype: 5 }],
    ['bytes', { bytes: new Uint8Array([0, 127, 128, 255]) }],
    ['the deepest nesting', { deep: nested(MAX_DEPTH - 1) }],
  ])('%s', (_, message) => {
    expect(overTheWire(message)).toStrictEqual({ type: 'M', ...message });
  });

  it('except that −0 arrives as 0, and an object without prototype with the usual one', () => {
    expect(overTheWire({ zero: -0, bare: Object.assign(Object.create(null), { a: 1 }) })).toStrictEqual({
      type: 'M',
      zero: 0,
      bare: { a: 1 },
    });
  });

  it('as it was when it was encoded, whatever becomes of it later', () => {
    const message = { type: 'M', list: [1] };
    const bytes = encodeEnvelope(envelope('n1', 'n2', message));
    message.list.push(2);
    expect(decode(encodeBatch([bytes]))).toMatchObject({ envelopes: [{ message: { list: [1] } }] });
  });

  it('bytes that are received do not keep the frame they came in alive', () => {
    const { bytes } = overTheWire({ bytes: new Uint8Array(3) }) as Message & { bytes: Uint8Array };
    expect(bytes.buffer.byteLength).toBe(3);
  });
});

describe('what would not arrive as it was is refused', () => {
  it.each([
    ['a function', { f: () => 1 }],
    ['a symbol', { s: Symbol('s') }],
    ['a bigint', { b: 1n }],
    ['a Date', { d: new Date(0) }],
    ['a Map', { m: new Map() }],
    ['a Set', { s: new Set() }],
    ['an Error', { e: new Error('e') }],
    ['a RegExp', { r: /r/ }],
    ['a Sequence', { entries: Sequence.from([1]) }],
    ['an instance of a class', { i: new (class Thing {})() }],
    ['an array of a class', { i: new (class List extends Array {})() }],
    ['another typed array', { t: new Float64Array(1) }],
    ['a Buffer', { b: Buffer.from('b') }],
    ['a hole', { h: new Array(1) }],
    ['a property named by a symbol', { [Symbol('s')]: 1 }],
    ['a property "__proto__"', { o: withKey('__proto__', 1) }],
    ['half a surrogate pair', { text: '\ud83d' }],
    ['half a surrogate pair in a name', { '\ud83d': 1 }],
    ['a cycle', cyclic()],
    ['too deep a nesting', { deep: nested(MAX_DEPTH) }],
    ['something bad deep inside', { a: [{ b: [1, { c: new Date(0) }] }] }],
  ])('%s', (_, message) => {
    expect(codeOf(() => overTheWire(message))).toBe('NOT_SERIALISABLE');
  });

  it('and the error says where it is', () => {
    expect(() => overTheWire({ entries: [{ at: new Date(0) }] })).toThrow(
      'M.entries[].at is or holds an instance of Date; send plain objects',
    );
  });

  it('a message that is larger than a frame may be', () => {
    const message = { type: 'M', text: 'x'.repeat(100) };
    expect(codeOf(() => encodeEnvelope(envelope('n1', 'n2', message), 100))).toBe('FRAME_TOO_LARGE');
  });
});

describe('a frame', () => {
  const hello = { kind: 'hello', node: 'n1', cluster: 'c' };
  const good = envelope('n1', 'n2', { type: 'M' });

  it('begins with the version of the wire', () => {
    expect(encodeHello({ node: 'n1', cluster: 'c' })[0]).toBe(WIRE_VERSION);
    expect(decode(encodeHello({ node: 'n1', cluster: 'c' }))).toStrictEqual(hello);
    expect(decode(encodeWelcome())).toStrictEqual({ kind: 'welcome' });
  });

  it('holds envelopes in their order, and exactly their bytes beside a fixed head', () => {
    const envelopes = [1, 2, 3].map((count) => envelope('n1', 'n2', { type: `M${count}` }, count));
    const encoded = envelopes.map((item) => encodeEnvelope(item));
    const bytes = encodeBatch(encoded);
    expect(decode(bytes)).toStrictEqual({ kind: 'batch', envelopes });
    expect(bytes.length).toBe(BATCH_OVERHEAD + encoded.reduce((sum, { length }) => sum + length, 0));
  });

  const withEnvelope = (changes: object) => frame({ kind: 'batch', envelopes: [{ ...good, ...changes }] });
  const without = (field: keyof typeof good) => {
    const { [field]: _, ...rest } = good;
    return frame({ kind: 'batch', envelopes: [rest] });
  };

  it.each<[string, string, Uint8Array]>([
    ['of another version', 'FRAME_VERSION', frame(hello, WIRE_VERSION + 1)],
    ['of version 0', 'FRAME_VERSION', frame(hello, 0)],
    ['of an unknown kind', 'FRAME_UNKNOWN', frame({ kind: 'gossip' })],
    ['whose kind is inherited', 'FRAME_UNKNOWN', frame({ kind: 'constructor' })],
    ['without bytes', 'FRAME_MALFORMED', new Uint8Array(0)],
    ['with nothing but a version', 'FRAME_MALFORMED', new Uint8Array([WIRE_VERSION])],
    ['that is a number', 'FRAME_MALFORMED', frame(1)],
    ['that is a list', 'FRAME_MALFORMED', frame([hello])],
    ['without a kind', 'FRAME_MALFORMED', frame({ node: 'n1' })],
    ['with bytes after its end', 'FRAME_MALFORMED', Buffer.concat([frame(hello), Buffer.from([0xc0])])],
    ['with a second frame in it', 'FRAME_MALFORMED', Buffer.concat([frame(hello), frame(hello)])],
    ['that is too long', 'FRAME_TOO_LARGE', new Uint8Array(MAX_BYTES + 1)],
    ['hello with a bad name', 'FRAME_MALFORMED', frame({ ...hello, node: 'no name' })],
    ['hello with a place that is none', 'FRAME_MALFORMED', frame({ ...hello, url: 7 })],
    ['hello that wants something unknown', 'FRAME_MALFORMED', frame({ ...hello, keep: 'up' })],
    ['hello with another field', 'FRAME_MALFORMED', frame({ ...hello, more: 1 })],
    ['batch without envelopes', 'FRAME_MALFORMED', frame({ kind: 'batch', envelopes: [] })],
    ['batch whose envelopes are an object', 'FRAME_MALFORMED', frame({ kind: 'batch', envelopes: {} })],
    ['envelope without id', 'FRAME_MALFORMED', without('id')],
    ['envelope without clock', 'FRAME_MALFORMED', without('clock')],
    ['envelope with a field too many', 'FRAME_MALFORMED', withEnvelope({ more: 1 })],
    ['envelope with an empty id', 'FRAME_MALFORMED', withEnvelope({ id: '' })],
    ['envelope from nowhere', 'FRAME_MALFORMED', withEnvelope({ from: 'n1' })],
    ['envelope to two places', 'FRAME_MALFORMED', withEnvelope({ to: 'a@b@c' })],
    ['envelope with a message that is text', 'FRAME_MALFORMED', withEnvelope({ message: 'M' })],
    ['envelope with a message that is bytes', 'FRAME_MALFORMED', withEnvelope({ message: Buffer.from('M') })],
    ['envelope with a message without type', 'FRAME_MALFORMED', withEnvelope({ message: { kind: 'M' } })],
    ['envelope with a message whose type is a number', 'FRAME_MALFORMED', withEnvelope({ message: { type: 1 } })],
    ['envelope with a clock that runs backwards', 'FRAME_MALFORMED', withEnvelope({ clock: { n1: -1 } })],
    ['envelope with a clock between events', 'FRAME_MALFORMED', withEnvelope({ clock: { n1: 0.5 } })],
    ['envelope with a clock without end', 'FRAME_MALFORMED', withEnvelope({ clock: { n1: Number.POSITIVE_INFINITY } })],
    ['envelope with a clock that is a list', 'FRAME_MALFORMED', withEnvelope({ clock: [1] })],
    ['envelope with a clock of no node', 'FRAME_MALFORMED', withEnvelope({ clock: { '': 1 } })],
  ])('%s is refused: %s', (_, code, bytes) => {
    expect(codeOf(() => decode(bytes))).toBe(code);
  });

  it('cut off anywhere is malformed', () => {
    const whole = batch(
      envelope('n1', 'n2', { type: 'M', deep: [{ a: 'text', b: new Uint8Array(9), c: 1.5 }] } as Message),
    );
    for (let length = 0; length < whole.length; length++) {
      expect(
        codeOf(() => decode(whole.subarray(0, length))),
        `${length} bytes`,
      ).toBe('FRAME_MALFORMED');
    }
  });
});

describe('MessagePack that a frame does not use is refused', () => {
  const rich = new Packr({ useRecords: false, moreTypes: true, structuredClone: true, useBigIntExtension: true });
  const records = new Packr({ useRecords: true });
  const shared = { a: 1 };
  /** A batch with a message whose field `x` is these bytes. */
  const field = (bytes: readonly number[]) => {
    const empty = Buffer.from(batch(envelope('n1', 'n2', { type: 'M', x: null } as Message)));
    const at = empty.indexOf(Buffer.from([0xa1, 0x78, 0xc0])) + 2;
    return Buffer.concat([empty.subarray(0, at), Buffer.from(bytes), empty.subarray(at + 1)]);
  };
  const packed = (packr: Packr, value: unknown) => [...packr.pack(value)];

  it.each<[string, readonly number[]]>([
    ['a date', packed(rich, new Date(0))],
    ['a set', packed(rich, new Set([1]))],
    ['an error', packed(rich, new Error('e'))],
    ['a regular expression', packed(rich, /(a+)+$/)],
    ['a typed array', packed(rich, new Float64Array(1))],
    ['a reference', packed(rich, [shared, shared])],
    ['a record', packed(records, { a: 1 })],
    ['a 64-bit integer', packed(rich, 1n)],
    ['a huge integer', packed(rich, 2n ** 80n)],
    ['an unknown extension', [0xd4, 0x05, 0x00]],
    ['an undefined that is none', [0xd4, 0x00, 0x01]],
    ['a byte that is never used', [0xc1]],
    ['a key that is a number', [0x81, 0x01, 0x01]],
    ['a key that is a list', [0x81, 0x90, 0x01]],
    ['the key "__proto__"', [0x81, 0xa9, ...Buffer.from('__proto__'), 0x80]],
    ['the key "__proto__", written long', [0x81, 0xd9, 9, ...Buffer.from('__proto__'), 0x80]],
    ['text that is not UTF-8', [0xa1, 0xff]],
    ['text that ends within a character', [0xa1, 0xe0]],
    ['text with an overlong character', [0xa2, 0xc1, 0x9f]],
    ['a list longer than the frame', [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ['a map longer than the frame', [0xdf, 0x7f, 0xff, 0xff, 0xff]],
    ['bytes longer than the frame', [0xc6, 0xff, 0xff, 0xff, 0xff]],
    ['lists in lists without end', Array.from({ length: 100_000 }, () => 0x91)],
  ])('%s', (_, bytes) => {
    expect(codeOf(() => decode(field(bytes)))).toBe('FRAME_MALFORMED');
  });

  it('and nothing of the kind touches the prototype of objects', () => {
    codeOf(() => decode(field([0x81, 0xa9, ...Buffer.from('__proto__'), 0x81, 0xa1, 0x70, 0x01])));
    expect({}).not.toHaveProperty('p');
  });
});

describe('no bytes make the decoder fail in any other way', () => {
  const onlyCoded = (bytes: Uint8Array) => {
    try {
      decode(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(SynodError);
    }
  };

  it('random ones', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, versioned) =>
        onlyCoded(versioned ? Buffer.concat([Buffer.from([WIRE_VERSION]), bytes]) : bytes),
      ),
      { numRuns: 3_000 },
    );
  });

  it('a good frame with some bytes changed', () => {
    const message = { type: 'M', list: [1, 2.5, 'text', 'é'.repeat(40)], map: { a: null, b: new Uint8Array(5) } };
    const good = batch(envelope('n1', 'n2', message), envelope('n1', 'n2', { type: 'N' }));
    const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(changes, (list) => {
        const bytes = Uint8Array.from(good);
        for (const [at, byte] of list) bytes[at] = byte;
        onlyCoded(bytes);
      }),
      { numRuns: 3_000 },
    );
  });
});
