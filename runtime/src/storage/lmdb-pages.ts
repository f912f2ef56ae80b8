import { readSync } from 'node:fs';

/*
 * The parts of LMDB's file format that a check reads (data version 2, little-endian, 64 bits):
 * a page has a header of 24 bytes (number, transaction, flags, bounds of its free space), then two-byte offsets of its
 * nodes, then free space, then the nodes, packed to its end. Pages 0 and 1 are the meta pages; of these the one with the
 * higher transaction counts.
 */

export const PAGE_SIZE = 4096;
const HEADER = 24;
const NODE_HEADER = 8;
const OVERFLOW_POINTER = 24;
const [MAGIC, DATA_VERSION] = [0xbeefc0de, 2];
const [BRANCH, LEAF, OVERFLOW, META] = [1, 2, 4, 8];
const BIG_DATA = 1;
const [META_BODY, FREE_TREE, MAIN_TREE, LAST_PAGE, TRANSACTION] = [HEADER, 24, 72, 120, 128];
const NO_PAGE = 2 ** 53;

/** Says what in a data file cannot be. */
export class Damage extends Error {
  override readonly name = 'Damage';
}

export function ensure(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Damage(reason);
}

/** A tree as a meta page describes it. */
export interface Tree {
  readonly flags: number;
  readonly depth: number;
  readonly branchPages: number;
  readonly leafPages: number;
  readonly overflowPages: number;
  readonly entries: number;
  /** Undefined for an empty tree. */
  readonly root: number | undefined;
}

export interface Meta {
  readonly transaction: number;
  readonly lastPage: number;
  readonly free: Tree;
  readonly main: Tree;
}

export type Node =
  | { readonly kind: 'branch'; readonly key: Buffer; readonly child: number }
  | { readonly kind: 'leaf'; readonly key: Buffer; readonly value: Buffer }
  | {
      readonly kind: 'big';
      readonly key: Buffer;
      readonly size: number;
      readonly page: number;
      readonly pages: number;
    };

export interface Page {
  readonly transaction: number;
  readonly isLeaf: boolean;
  readonly nodes: readonly Node[];
}

/** A 64-bit number; more than 2^53 is no number that a data file of ours has. */
function word(bytes: Buffer, offset: number): number {
  const high = bytes.readUInt32LE(offset + 4);
  if (high === 0xffffffff && bytes.readUInt32LE(offset) === 0xffffffff) return NO_PAGE;
  ensure(high < 2 ** 21, 'a number is out of range');
  return high * 2 ** 32 + bytes.readUInt32LE(offset);
}

/** Reads `pages` pages from `page` on. */
function readPages(fd: number, page: number, pages = 1): Buffer {
  const bytes = Buffer.allocUnsafe(pages * PAGE_SIZE);
  ensure(readSync(fd, bytes, 0, bytes.length, page * PAGE_SIZE) === bytes.length, `page ${page} is cut off`);
  return bytes;
}

export function readMeta(fd: number, page: number): Meta {
  const bytes = readPages(fd, page);
  const body = bytes.subarray(META_BODY);
  ensure(word(bytes, 0) === page && bytes.readUInt16LE(18) === META, `page ${page} is no meta page`);
  ensure(body.readUInt32LE(0) === MAGIC && body.readUInt32LE(4) === DATA_VERSION, 'the file is not of this kind');
  ensure(body.readUInt32LE(FREE_TREE) === PAGE_SIZE, 'the page size is not as it was made');
  return {
    transaction: word(body, TRANSACTION),
    lastPage: word(body, LAST_PAGE),
    free: readTree(body.subarray(FREE_TREE)),
    main: readTree(body.subarray(MAIN_TREE)),
  };
}

function readTree(bytes: Buffer): Tree {
  const root = word(bytes, 40);
  return {
    flags: bytes.readUInt16LE(4),
    depth: bytes.readUInt16LE(6),
    branchPages: word(bytes, 8),
    leafPages: word(bytes, 16),
    overflowPages: word(bytes, 24),
    entries: word(bytes, 32),
    root: root === NO_PAGE ? undefined : root,
  };
}

/** Reads a branch or leaf page; all offsets and sizes in it are within it and account for all its bytes. */
export function readPage(fd: number, number: number): Page {
  const bytes = readPages(fd, number);
  const flags = bytes.readUInt16LE(18);
  const [lower, upper] = [bytes.readUInt16LE(20), bytes.readUInt16LE(22)];
  ensure(word(bytes, 0) === number, `page ${number} has another's number`);
  ensure(flags === BRANCH || flags === LEAF, `page ${number} is of the wrong kind`);
  ensure(
    lower % 2 === 0 && lower > 0 && lower <= upper && upper <= PAGE_SIZE - HEADER,
    `page ${number} has wrong bounds`,
  );
  const nodes: Node[] = [];
  let used = 0;
  for (let slot = HEADER; slot < HEADER + lower; slot += 2) {
    const start = bytes.readUInt16LE(slot) + HEADER;
    ensure(start >= HEADER + upper && start + NODE_HEADER <= PAGE_SIZE, `page ${number} has a node outside of it`);
    const [node, size] = readNode(bytes, start, flags === LEAF);
    ensure(start + size <= PAGE_SIZE, `page ${number} has a node outside of it`);
    used += size + (size % 2);
    nodes.push(node);
  }
  ensure(used === PAGE_SIZE - HEADER - upper, `page ${number} has overlapping nodes`);
  return { transaction: word(bytes, 8), isLeaf: flags === LEAF, nodes };
}

function readNode(bytes: Buffer, start: number, isLeaf: boolean): [Node, size: number] {
  const [low, flags, keySize] = [
    bytes.readUInt32LE(start),
    bytes.readUInt16LE(start + 4),
    bytes.readUInt16LE(start + 6),
  ];
  const data = start + NODE_HEADER + keySize;
  const key = bytes.subarray(start + NODE_HEADER, data);
  if (!isLeaf) return [{ kind: 'branch', key, child: low + flags * 2 ** 32 }, NODE_HEADER + keySize];
  ensure(flags === 0 || flags === BIG_DATA, 'a record has unknown flags');
  if (flags === 0) {
    return [{ kind: 'leaf', key, value: bytes.subarray(data, data + low) }, NODE_HEADER + keySize + low];
  }
  ensure(data + OVERFLOW_POINTER <= PAGE_SIZE, 'a node lies outside of its page');
  const [page, pages] = [word(bytes, data), word(bytes, data + 16)];
  return [{ kind: 'big', key, size: low, page, pages }, NODE_HEADER + keySize + OVERFLOW_POINTER];
}

/** The value of a node that lies in pages of its own. */
export function readBig(fd: number, node: Extract<Node, { kind: 'big' }>): Buffer {
  const bytes = readPages(fd, node.page, node.pages);
  ensure(
    word(bytes, 0) === node.page && bytes.readUInt16LE(18) === OVERFLOW && bytes.readUInt32LE(20) === node.pages,
    `page ${node.page} is of the wrong kind`,
  );
  ensure(HEADER + node.size <= bytes.length, `page ${node.page} is too small for its record`);
  return bytes.subarray(HEADER, HEADER + node.size);
}
