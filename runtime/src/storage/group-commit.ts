import type { Operation } from './field-writes.ts';
import type { Database, OpenFile } from './lmdb-open.ts';
import { PAGE_SIZE } from './lmdb-pages.ts';
import { isFull, storageFailed, storageFull } from './storage-errors.ts';

/** What is committed as one, or together with others. */
export interface Work {
  readonly actor: string;
  /** Called when the commit begins, after all earlier work is durable; the next batch, or undefined when all is done. */
  next(): readonly Operation[] | undefined;
  /** Whether other work may share its commit; it then has one batch only. */
  readonly shared: boolean;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Work beyond this waits for the next commit. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** Pages that one batch may write beside its records: copies of what lies on the way to them, per actor, and free lists. */
const PATH_PAGES = 64;

/** Room that only removals may use: to remove records takes pages first, and on a full disk there are no others. */
const SPARE_BYTES = 1024 * 1024;

/** Collects work while a commit is syncing, and then commits it in one transaction, in order. */
export class GroupCommit {
  readonly #file: OpenFile;
  readonly #queue: Work[] = [];
  readonly #onFailed: (actors: ReadonlySet<string>) => void;
  #running: Promise<void> | undefined;
  #commits = 0;
  #failure: unknown;

  /** @param onFailed called with the actors whose writes were lost, before these writes reject. */
  constructor(file: OpenFile, onFailed: (actors: ReadonlySet<string>) => void) {
    this.#file = file;
    this.#onFailed = onFailed;
  }

  /** Commits made. */
  get commits(): number {
    return this.#commits;
  }

  /** Why nothing can be written any more. */
  get failure(): unknown {
    return this.#failure;
  }

  add(work: Work): void {
    this.#queue.push(work);
    this.#running ??= this.#run();
  }

  /** Waits for all work under way. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      // What runs now, and what it sets off, still gets into this commit.
      await new Promise((resolve) => setImmediate(resolve));
      const group = this.#takeGroup();
      try {
        await this.#commitAll(group);
        for (const { resolve } of group) resolve();
      } catch (error) {
        this.#fail(group, error);
      }
    }
    this.#running = undefined;
  }

  #takeGroup(): Work[] {
    let [count, bytes] = [0, 0];
    for (const work of this.#queue) {
      bytes += work.bytes;
      if (count > 0 && (!work.shared || bytes > MAX_BATCH_BYTES)) break;
      count++;
      if (!work.shared) break;
    }
    return this.#queue.splice(0, count);
  }

  async #commitAll(group: readonly Work[]): Promise<void> {
    const [first] = group;
    if (first?.shared !== false) return this.#commit(group.flatMap((work) => work.next() ?? []));
    for (let batch = first.next(); batch; batch = first.next()) await this.#commit(batch);
  }

  async #commit(operations: readonly Operation[]): Promise<void> {
    if (operations.length === 0) return;
    const { database, witness, path } = this.#file;
    await this.#makeRoom(operations);
    try {
      await database.batch(() => {
        for (const { key, record } of operations) void (record ? database.put(key, record) : database.remove(key));
      });
      this.#commits++;
      witness.note(statistics(database).lastTxnId);
    } catch (error) {
      const cause = await commitError(error);
      this.#failure = isFull(cause) ? storageFull(path, cause) : storageFailed(path, cause);
      throw this.#failure;
    }
  }

  /** Lets the file grow ahead of LMDB. What fails here has changed nothing, and may succeed later. */
  async #makeRoom(operations: readonly Operation[]): Promise<void> {
    const { database, reserve, path } = this.#file;
    let bytes = PATH_PAGES * PAGE_SIZE;
    let spare = 0;
    for (const { key, record } of operations) {
      bytes += 2 * (key.length + (record?.length ?? 0) + 32);
      if (record) spare = SPARE_BYTES;
    }
    const { used, free } = pageBytes(database);
    try {
      await reserve.ensure(used + bytes + spare);
    } catch (error) {
      if (!isFull(error)) throw storageFailed(path, error);
      // Free pages inside the file may lie in pieces, so that not all of them serve.
      if (free < 2 * bytes + spare) throw storageFull(path, error);
    }
  }

  /** Rejects the group and all that waits behind it: what was not written must not be followed by what came later. */
  #fail(group: readonly Work[], error: unknown): void {
    const lost = [...group, ...this.#queue.splice(0)];
    this.#onFailed(new Set(lost.map(({ actor }) => actor)));
    for (const { reject } of lost) reject(error);
  }
}

interface TreeStatistics {
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
}

interface Statistics {
  readonly lastPageNumber: number;
  readonly lastTxnId: number;
  readonly root: TreeStatistics;
  readonly free: TreeStatistics;
}

const statistics = (database: Database) => database.getStats() as Statistics;

/** How much of the file LMDB has taken, and how much of that it can use again. */
function pageBytes(database: Database): { readonly used: number; readonly free: number } {
  const { lastPageNumber, root, free } = statistics(database);
  let pages = lastPageNumber + 1 - 2;
  for (const tree of [root, free]) pages -= tree.treeBranchPageCount + tree.treeLeafPageCount + tree.overflowPages;
  return { used: (lastPageNumber + 1) * PAGE_SIZE, free: pages * PAGE_SIZE };
}

/** The reason behind lmdb-js's "Commit failed", which it hands out as a promise that rejects. */
async function commitError(error: unknown): Promise<unknown> {
  const { commitError: reason } = error as { commitError?: Promise<never> };
  if (!reason) return error;
  const soon = new Promise((resolve) => setImmediate(() => resolve(error)));
  return Promise.race([reason.catch((cause: unknown) => cause), soon]);
}
