import { isUtf8 } from 'node:buffer';
import { SynodError } from '@synod/protocol';

/**
 * Walks one MessagePack value in `bytes` from `start` to the very end, without building it. Lets through what a frame is
 * made of: nil, booleans, numbers of at most 32 bits or floating, valid UTF-8, binary, arrays, maps with text keys, and
 * `undefined`. Refuses the rest, above all extensions (dates, classes, references, records) and the key `__proto__`.
 * A decoder that runs after it can neither read past the end nor reserve more memory than the frame is long.
 * @throws SynodError `FRAME_MALFORMED`.
 */
export function scanMessagePack(bytes: Uint8Array, start: number, maxDepth: number): void {
  const end = new Scanner(bytes, start, maxDepth).value(0);
  if (end !== bytes.length) throw malformed(`has ${bytes.length - end} bytes after its end`);
}

class Scanner {
  readonly #bytes: Uint8Array;
  readonly #maxDepth: number;
  #at: number;

  constructor(bytes: Uint8Array, start: number, maxDepth: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#maxDepth = maxDepth;
  }

  /** Passes one value; returns where it ends. */
  value(depth: number): number {
    if (depth > this.#maxDepth) throw malformed('nests too deep');
    const tag = this.#size(1);
    if (tag < 0x80 || tag >= 0xe0) return this.#at;
    if (tag < 0x90) this.#map(tag & 0x0f, depth);
    else if (tag < 0xa0) this.#array(tag & 0x0f, depth);
    else if (tag < 0xc0) this.#text(tag & 0x1f);
    else this.#tagged(tag, depth);
    return this.#at;
  }

  #tagged(tag: number, depth: number): void {
    switch (tag) {
      case 0xc0: // nil
      case 0xc2: // false
      case 0xc3: // true
        return;
      case 0xc4: // bin 8, 16, 32
      case 0xc5:
      case 0xc6:
        return this.#skip(this.#size(1 << (tag - 0xc4)));
      case 0xcc: // uint 8, int 8
      case 0xd0:
        return this.#skip(1);
      case 0xcd: // uint 16, int 16
      case 0xd1:
        return this.#skip(2);
      case 0xca: // float 32, uint 32, int 32
      case 0xce:
      case 0xd2:
        return this.#skip(4);
      case 0xcb: // float 64
        return this.#skip(8);
      case 0xd4: // the extension 0 with a zero is how undefined is written
        if (this.#size(2) !== 0) throw malformed('has an extension');
        return;
      case 0xd9: // str 8, 16, 32
      case 0xda:
      case 0xdb:
        return this.#text(this.#size(1 << (tag - 0xd9)));
      case 0xdc: // array 16, 32
      case 0xdd:
        return this.#array(this.#size(2 << (tag - 0xdc)), depth);
      case 0xde: // map 16, 32
      case 0xdf:
        return this.#map(this.#size(2 << (tag - 0xde)), depth);
      default:
        throw malformed(`has a value of a type that is not used here (0x${tag.toString(16)})`);
    }
  }

  #array(length: number, depth: number): void {
    this.#need(length);
    for (let index = 0; index < length; index++) this.value(depth + 1);
  }

  #map(length: number, depth: number): void {
    this.#need(length * 2);
    for (let index = 0; index < length; index++) {
      this.#key();
      this.value(depth + 1);
    }
  }

  #key(): void {
    const tag = this.#size(1);
    const long = tag >= 0xd9 && tag <= 0xdb;
    if (!long && (tag < 0xa0 || tag >= 0xc0)) throw malformed('has a key that is not text');
    const length = long ? this.#size(1 << (tag - 0xd9)) : tag & 0x1f;
    const start = this.#at;
    this.#text(length);
    // msgpackr would rename the key, so two senders' fields could become one.
    if (length === 9 && Buffer.from(this.#bytes.subarray(start, this.#at)).equals(PROTO)) {
      throw malformed('has a key "__proto__"');
    }
  }

  /** Text must be valid, or a lenient decoder would take the bytes after it for part of a character. */
  #text(length: number): void {
    const start = this.#at;
    this.#skip(length);
    const bytes = this.#bytes;
    for (let at = start; at < this.#at; at++) {
      if ((bytes[at] as number) < 0x80) continue;
      if (!isUtf8(bytes.subarray(at, this.#at))) throw malformed('has text that is not UTF-8');
      return;
    }
  }

  /** Reads a big-endian number of 1, 2 or 4 bytes. */
  #size(bytes: number): number {
    this.#need(bytes);
    let size = 0;
    for (let index = 0; index < bytes; index++) size = size * 256 + (this.#bytes[this.#at++] as number);
    return size;
  }

  #skip(bytes: number): void {
    this.#need(bytes);
    this.#at += bytes;
  }

  #need(bytes: number): void {
    if (this.#at + bytes > this.#bytes.length) throw malformed('ends too early');
  }
}

const PROTO = Buffer.from('__proto__');

const malformed = (fault: string) =>
  new SynodError('FRAME_MALFORMED', `A frame ${fault}; look at the program that sent it.`);
