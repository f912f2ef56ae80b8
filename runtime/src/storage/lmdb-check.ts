import { closeSync, fstatSync, openSync } from 'node:fs';
import {
  Damage,
  ensure,
  type Meta,
  type Node,
  PAGE_SIZE,
  readBig,
  readMeta,
  readPage,
  type Tree,
} from './lmdb-pages.ts';

/*
 * LMDB trusts its file: it maps it into memory and follows what it reads there, so that a cut or altered file would kill
 * the process, or answer that a record does not exist. Therefore each file is read once with ordinary reads before LMDB may
 * open it, and every page that LMDB can come to is checked: kinds, bounds, order of keys, counts, and that no page is used twice
 * or is both used and free. What records hold is for the caller to check.
 */

/** Called with each record in the order of keys. */
export type OnRecord = (key: Buffer, value: Buffer) => void;

/** The free pages listed by the database may lie a little beyond the end of a file, as they are written when used. */
const SLACK_PAGES = 1_024;
const MAX_DEPTH = 32;
const INTEGER_KEYS = 0x08;
const NO_SUBDIRECTORY = 0x4000;
/** Pages read before others get their turn. */
const TURN_PAGES = 2_000;

/**
 * Checks `file`. Costs one read of all that is in use.
 * @returns the transaction the file stands at.
 * @throws Damage, or what `onRecord` throws.
 */
export async function checkDataFile(file: string, onRecord: OnRecord): Promise<{ transaction: number }> {
  const fd = openSync(file, 'r');
  try {
    const pages = Math.floor(fstatSync(fd).size / PAGE_SIZE);
    ensure(pages >= 2, 'it is cut off');
    const meta = currentMeta(fd, pages);
    const check = new Check(fd, pages, meta);
    await check.main(onRecord);
    await check.free();
    return { transaction: meta.transaction };
  } finally {
    closeSync(fd);
  }
}

/** The meta page that LMDB will use. Transactions write the two in turn, so that their numbers are neighbours. */
function currentMeta(fd: number, pages: number): Meta {
  const [even, odd] = [readMeta(fd, 0), readMeta(fd, 1)];
  const fresh = even.transaction === 0 && odd.transaction === 0;
  const meta = even.transaction >= odd.transaction ? even : odd;
  ensure(
    fresh || Math.abs(even.transaction - odd.transaction) === 1 || (even.transaction === 0 && odd.transaction === 1),
    'its meta pages do not follow each other',
  );
  ensure(fresh || (meta.transaction % 2 === 0) === (meta === even), 'its meta pages are out of turn');
  ensure(meta.lastPage < pages + Math.max(SLACK_PAGES, pages), 'it is cut off');
  ensure(
    (meta.free.flags & ~NO_SUBDIRECTORY) === INTEGER_KEYS && meta.main.flags === 0,
    'its trees are of another kind',
  );
  return meta;
}

interface Counts {
  branchPages: number;
  leafPages: number;
  overflowPages: number;
  entries: number;
}

class Check {
  readonly #fd: number;
  readonly #pages: number;
  readonly #meta: Meta;
  /** 1 for each page in use. */
  readonly #used: Uint8Array;
  #read = 0;

  constructor(fd: number, pages: number, meta: Meta) {
    this.#fd = fd;
    this.#pages = pages;
    this.#meta = meta;
    this.#used = new Uint8Array(pages);
  }

  /** The tree of records. Its root is new in each transaction, as each of ours writes a record. */
  async main(onRecord: OnRecord): Promise<void> {
    const { main, transaction } = this.#meta;
    if (main.root !== undefined && main.root < this.#pages) {
      ensure(readPage(this.#fd, main.root).transaction === transaction, 'its newest transaction is not its own');
    }
    await this.#tree(main, Buffer.compare, onRecord);
  }

  /** The tree of free pages: by transaction, lists of pages and of runs (a negative length, then the first page). */
  async free(): Promise<void> {
    const lists: Buffer[] = [];
    await this.#tree(this.#meta.free, compareIntegers, (key, value) => {
      ensure(key.length === 8 && key.readBigUInt64LE() > 0n, 'a list of free pages has no transaction');
      ensure(key.readBigUInt64LE() <= BigInt(this.#meta.transaction), 'a list of free pages is from the future');
      lists.push(Buffer.from(value));
    });
    for (const list of lists) this.#freeList(list);
  }

  #freeList(list: Buffer): void {
    ensure(list.length >= 8 && list.length % 8 === 0, 'a list of free pages is cut off');
    const count = Number(list.readBigInt64LE());
    ensure(count >= 0 && (count + 1) * 8 <= list.length, 'a list of free pages is cut off');
    for (let index = 1; index <= count; index++) {
      let first = Number(list.readBigInt64LE(index * 8));
      if (first === 0) continue;
      let length = 1;
      if (first < 0) {
        length = -first;
        ensure(++index <= count, 'a list of free pages is cut off');
        first = Number(list.readBigInt64LE(index * 8));
      }
      ensure(first >= 2 && first + length - 1 <= this.#meta.lastPage, 'a free page does not exist');
      const end = Math.min(first + length, this.#pages);
      for (let page = first; page < end; page++) ensure(this.#used[page] === 0, `page ${page} is both free and in use`);
    }
  }

  async #tree(tree: Tree, compare: (a: Buffer, b: Buffer) => number, onRecord: OnRecord): Promise<void> {
    const counts: Counts = { branchPages: 0, leafPages: 0, overflowPages: 0, entries: 0 };
    let last: Buffer | undefined;
    const visit = async (page: number, depth: number, least: Buffer | undefined): Promise<void> => {
      ensure(depth <= Math.min(tree.depth, MAX_DEPTH), 'a tree is deeper than it says');
      this.#use(page, 1);
      if (++this.#read % TURN_PAGES === 0) await new Promise((resolve) => setImmediate(resolve));
      const { isLeaf, nodes, transaction } = readPage(this.#fd, page);
      ensure(transaction <= this.#meta.transaction, `page ${page} is from the future`);
      ensure(isLeaf === (depth === tree.depth), `page ${page} is at the wrong depth`);
      counts[isLeaf ? 'leafPages' : 'branchPages']++;
      let floor = least;
      for (const [slot, node] of nodes.entries()) {
        // The first key of a branch is not used, and often empty: its children begin where the branch begins.
        if (node.kind === 'branch' && slot === 0) {
          await visit(node.child, depth + 1, floor);
          continue;
        }
        ensure(floor === undefined || compare(floor, node.key) <= 0, `the keys of page ${page} are out of order`);
        ensure(last === undefined || compare(last, node.key) < 0, `the keys of page ${page} are out of order`);
        floor = node.key;
        if (node.kind === 'branch') {
          await visit(node.child, depth + 1, floor);
          continue;
        }
        ensure(node.key.length > 0, `page ${page} has a record without a key`);
        last = node.key;
        counts.entries++;
        onRecord(node.key, this.#value(node, counts));
      }
    };
    if (tree.root !== undefined) await visit(tree.root, 1, undefined);
    else ensure(tree.depth === 0, 'a tree has lost its root');
    for (const kind of ['branchPages', 'leafPages', 'overflowPages', 'entries'] as const) {
      ensure(counts[kind] === tree[kind], `a tree has ${counts[kind]} ${kind} and should have ${tree[kind]}`);
    }
  }

  #value(node: Exclude<Node, { kind: 'branch' }>, counts: Counts): Buffer {
    if (node.kind === 'leaf') return node.value;
    this.#use(node.page, node.pages);
    counts.overflowPages += node.pages;
    this.#read += node.pages;
    return readBig(this.#fd, node);
  }

  #use(first: number, count: number): void {
    ensure(
      first >= 2 && count > 0 && first + count <= Math.min(this.#pages, this.#meta.lastPage + 1),
      `page ${first} is cut off`,
    );
    for (let page = first; page < first + count; page++) {
      ensure(this.#used[page] === 0, `page ${page} is used twice`);
      this.#used[page] = 1;
    }
  }
}

function compareIntegers(a: Buffer, b: Buffer): number {
  if (a.length !== 8 || b.length !== 8) throw new Damage('a list of free pages has no transaction');
  const [left, right] = [a.readBigUInt64LE(), b.readBigUInt64LE()];
  return left < right ? -1 : left > right ? 1 : 0;
}
