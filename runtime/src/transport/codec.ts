import { type Address, assert, type Envelope, isAddress, isName, type Message, SynodError } from '@synod/protocol';
import { Packr, RESET_BUFFER_MODE } from 'msgpackr/pack';
import * as v from 'valibot';
import { scanMessagePack } from './scan.ts';
import { checkSerialisable, MAX_DEPTH } from './serialisable.ts';

/** The version of the wire format: the first byte of every frame. A node speaks with its own version only. */
export const WIRE_VERSION = 2;

/** The first frame of either side: who it is. */
export interface Hello {
  readonly kind: 'hello';
  readonly node: string;
  readonly cluster: string;
  /** Where it listens, if that is known in its cluster. */
  readonly url?: string | undefined;
  /** Present when it wants the connection kept up even if there is nothing to send. */
  readonly keep?: true | undefined;
}

/** From the node of a pair that sorts first: this connection is the one to use. */
export interface Welcome {
  readonly kind: 'welcome';
}

/** Envelopes, in the order in which they were sent. */
export interface Batch {
  readonly kind: 'batch';
  readonly envelopes: readonly Envelope[];
}

export type Frame = Hello | Welcome | Batch;

// Plain MessagePack: no records, no classes, no references, no toJSON.
const packr = new Packr({
  useRecords: false,
  moreTypes: false,
  structuredClone: false,
  useToJSON: false,
  mapsAsObjects: true,
  variableMapSize: true,
  copyBuffers: true,
});

/** A copy: msgpackr writes every value into the same buffer. */
const pack = (value: unknown): Uint8Array => new Uint8Array(packr.pack(value, RESET_BUFFER_MODE));

/** What stands before the envelopes of a batch: the version, `{ kind: 'batch', envelopes: [` and room for their number. */
const BATCH_HEAD = Buffer.concat([
  Buffer.from([WIRE_VERSION, 0x82]),
  pack('kind'),
  pack('batch'),
  pack('envelopes'),
  Buffer.from([0xdd, 0, 0, 0, 0]),
]);

/** Bytes of a batch frame beside its envelopes. */
export const BATCH_OVERHEAD = BATCH_HEAD.length;

/** Frame, list of envelopes and envelope stand around a message. */
const FRAME_DEPTH = MAX_DEPTH + 3;

/**
 * The bytes of one envelope, for `encodeBatch`. Later changes to the message no longer matter.
 * @throws SynodError `NOT_SERIALISABLE` when the message would not arrive as it is, `FRAME_TOO_LARGE` for more than `maxBytes` bytes.
 */
export function encodeEnvelope(envelope: Envelope, maxBytes = Number.POSITIVE_INFINITY): Uint8Array {
  const { id, from, to, message, clock } = envelope;
  checkSerialisable(message, message.type);
  const bytes = pack({ id, from, to, message, clock });
  if (bytes.length <= maxBytes) return bytes;
  const text = `The message takes ${bytes.length} bytes, but at most ${maxBytes} fit into a frame; send it in parts.`;
  throw new SynodError('FRAME_TOO_LARGE', text, { details: { bytes: bytes.length, maxBytes } });
}

/** A frame with the envelopes that `encodeEnvelope` made. */
export function encodeBatch(envelopes: readonly Uint8Array[]): Uint8Array {
  const head = Buffer.from(BATCH_HEAD);
  head.writeUInt32BE(envelopes.length, head.length - 4);
  return Buffer.concat([head, ...envelopes]);
}

export const encodeHello = (hello: Omit<Hello, 'kind'>): Uint8Array => encode({ kind: 'hello', ...hello });

export const encodeWelcome = (): Uint8Array => encode({ kind: 'welcome' });

const encode = (frame: Hello | Welcome): Uint8Array => Buffer.concat([Buffer.from([WIRE_VERSION]), pack(frame)]);

/**
 * Reads a frame from the network.
 * @throws SynodError `FRAME_TOO_LARGE`, `FRAME_VERSION`, `FRAME_UNKNOWN` for a kind of frame that this version does not have,
 * or `FRAME_MALFORMED`.
 */
export function decodeFrame(bytes: Uint8Array, maxBytes: number): Frame {
  if (bytes.length > maxBytes) {
    throw new SynodError(
      'FRAME_TOO_LARGE',
      `A frame of ${bytes.length} bytes came in, but at most ${maxBytes} are allowed; give all nodes the same maxFrameBytes.`,
    );
  }
  if (bytes.length > 0 && bytes[0] !== WIRE_VERSION) {
    throw new SynodError(
      'FRAME_VERSION',
      `A frame has wire version ${bytes[0]}, this node speaks version ${WIRE_VERSION}; run the same release on both.`,
    );
  }
  scanMessagePack(bytes, 1, FRAME_DEPTH);
  return check(unpack(bytes.subarray(1)));
}

function unpack(body: Uint8Array): unknown {
  // A plain view, so that binary fields are Uint8Arrays and not Buffers.
  const view = new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  try {
    return packr.unpack(view);
  } catch (cause) {
    throw new SynodError('FRAME_MALFORMED', 'A frame could not be decoded; look at the program that sent it.', {
      cause,
    });
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
const isShortText = (text: unknown): text is string => typeof text === 'string' && text.length > 0 && text.length < 400;
const isMessage = (message: unknown): message is Message => isRecord(message) && isShortText(message.type);
const isClock = (clock: unknown): clock is Envelope['clock'] =>
  isRecord(clock) &&
  Object.entries(clock).every(([node, count]) => isName(node) && Number.isSafeInteger(count) && Number(count) >= 0);

// Messages and clocks are checked, not copied: valibot's own records leave out keys such as "constructor".
const envelope = v.strictObject({
  id: v.custom<string>(isShortText, 'no text of 1 to 399 characters'),
  from: v.custom<Address>(isAddress, 'no address'),
  to: v.custom<Address>(isAddress, 'no address'),
  message: v.custom<Message>(isMessage, 'no object with a type'),
  clock: v.custom<Envelope['clock']>(isClock, 'no vector clock'),
});
const name = v.custom<string>((value) => typeof value === 'string' && isName(value), 'no name');
const url = v.custom<string>(isShortText, 'no text of 1 to 399 characters');

const schemas = new Map<unknown, v.GenericSchema<unknown, Frame>>([
  [
    'hello',
    v.strictObject({
      kind: v.literal('hello'),
      node: name,
      cluster: name,
      url: v.optional(url),
      keep: v.optional(v.literal(true)),
    }),
  ],
  ['welcome', v.strictObject({ kind: v.literal('welcome') })],
  ['batch', v.strictObject({ kind: v.literal('batch'), envelopes: v.pipe(v.array(envelope), v.minLength(1)) })],
]);

function check(body: unknown): Frame {
  const kind = isRecord(body) ? body.kind : undefined;
  const schema = schemas.get(kind);
  if (!schema && typeof kind === 'string') {
    throw new SynodError(
      'FRAME_UNKNOWN',
      'A frame is of a kind that this version does not have; run the same release on both nodes.',
    );
  }
  const result = v.safeParse(schema ?? v.never(), body, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  assert(issue, 'a failed validation has an issue');
  // Only the names of our own fields are repeated, nothing that the sender chose.
  const place = (v.getDotPath(issue) ?? '').match(/^[a-z]+(\.\d+(\.[a-z]{1,7})?)?$/)?.[0] ?? 'its fields';
  throw new SynodError(
    'FRAME_MALFORMED',
    `A frame does not have the shape of a frame, at ${place}; look at the program that sent it.`,
  );
}
