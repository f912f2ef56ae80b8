import { assert, type DurableChange, type DurableState, isName, isSynodError } from '@synod/protocol';
import { erasure, readActor, readHeads } from './actor-records.ts';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';
import { fieldWrites, type Operation } from './field-writes.ts';
import { GroupCommit } from './group-commit.ts';
import { makeDirectory, type OpenFile, openDataFile } from './lmdb-open.ts';
import { encodeRecord, type Head, IDENTITY_KEY, RecordError } from './records.ts';
import type { Storage } from './storage.ts';
import { storageBehind, storageClosed, storageCorrupt, storageLocked, storageUnavailable } from './storage-errors.ts';

export interface LmdbStorageOptions {
  /** Where one node keeps its data; made when missing, readable by its owner alone. On a local disk. */
  readonly directory: string;
  /** The cluster the node belongs to, 1–128 letters, digits, dots, dashes or underscores. Data of another is refused. */
  readonly cluster: string;
  /**
   * The size in bytes beyond which the data file must not grow; then writes fail with
   * `STORAGE_FULL`. From 4 MiB. Default: no limit.
   */
  readonly maxBytes?: number;
}

/** A storage on disk. */
export interface LmdbStorage extends Storage {
  /** Commits made since it was opened; writes that share one count once. */
  readonly commits: number;
}

/**
 * Durable state in an LMDB file. A write resolves when its transaction is synced to disk; while one commit is syncing,
 * further writes collect and share the next.
 *
 * `open` reads and checks the whole file before it is used, so that damage is answered with `STORAGE_CORRUPT`, and never with a
 * crash, an empty state or wrong values. What changes in the file behind the back of a running process (LMDB maps it into
 * memory) is found by the checksums of records, but damage to its inner pages can end the process.
 *
 * A write that fails fails all writes waiting behind it. After `STORAGE_FULL` an actor can recover and go on; after
 * `STORAGE_FAILED` it is unknown what the disk holds, and the storage refuses everything until it is opened again.
 */
export function createLmdbStorage(options: LmdbStorageOptions): LmdbStorage {
  const { maxBytes = Number.POSITIVE_INFINITY } = options;
  assert(isName(options.cluster), `"${options.cluster}" cannot name a cluster`);
  assert(maxBytes >= MIN_MAX_BYTES, `maxBytes must be at least ${MIN_MAX_BYTES}`);
  return new OnDisk(options.directory, options.cluster, maxBytes);
}

const MIN_MAX_BYTES = 4 * 1024 * 1024;

interface Opened {
  readonly file: OpenFile;
  readonly commit: GroupCommit;
  readonly lock: DirectoryLock;
}

class OnDisk implements LmdbStorage {
  readonly #directory: string;
  readonly #cluster: string;
  readonly #maxBytes: number;
  #opened: Opened | undefined;
  #opening: Promise<{ readonly incarnation: number }> | undefined;
  #closing: Promise<void> | undefined;
  /** The head of each field as of the last write called for, by actor. */
  readonly #heads = new Map<string, Map<string, Head>>();
  /** Actors whose writes were lost since they last recovered. */
  readonly #behind = new Set<string>();
  /** The last write of each actor, until it settles. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(directory: string, cluster: string, maxBytes: number) {
    this.#directory = directory;
    this.#cluster = cluster;
    this.#maxBytes = maxBytes;
  }

  get commits(): number {
    return this.#opened?.commit.commits ?? 0;
  }

  async open(node: string): Promise<{ readonly incarnation: number }> {
    assert(isName(node), `"${node}" cannot name a node`);
    if (this.#opened || this.#opening) throw storageLocked(this.#directory, 'this very storage');
    this.#opening = this.#open(node);
    try {
      return await this.#opening;
    } finally {
      this.#opening = undefined;
    }
  }

  async #open(node: string): Promise<{ readonly incarnation: number }> {
    await this.#closing;
    makeDirectory(this.#directory);
    const lock = await lockDirectory(this.#directory).catch((error: unknown) => {
      throw isSynodError(error) ? error : storageUnavailable(this.#directory, error);
    });
    let file: OpenFile | undefined;
    try {
      file = await openDataFile(this.#directory, { cluster: this.#cluster, node }, this.#maxBytes);
      const commit = new GroupCommit(file, (actors) => this.#lose(actors));
      const identity = { ...file.identity, incarnation: file.identity.incarnation + 1 };
      this.#opened = { file, commit, lock };
      this.#closing = undefined;
      await this.#commitOne('', [{ key: IDENTITY_KEY, record: encodeRecord(IDENTITY_KEY, identity) }]);
      return { incarnation: identity.incarnation };
    } catch (error) {
      this.#opened = undefined;
      if (file) await closeFile(file);
      await lock.release();
      throw error;
    }
  }

  async recover(actor: string): Promise<DurableState | undefined> {
    const { file, commit } = this.#use();
    // A life that begins anew may have left writes behind that are still under way.
    await this.#last.get(actor)?.catch(() => {});
    if (commit.failure) throw commit.failure;
    try {
      const { heads, state } = await readActor(file.database, actor);
      this.#heads.set(actor, heads);
      this.#behind.delete(actor);
      return heads.size > 0 ? state : undefined;
    } catch (error) {
      throw error instanceof RecordError ? storageCorrupt(file.path, error.message) : error;
    }
  }

  async write(actor: string, changes: readonly DurableChange[]): Promise<void> {
    const { file } = this.#use();
    if (this.#behind.has(actor)) throw storageBehind(actor);
    const operations: Operation[] = [];
    try {
      const heads = this.#heads.get(actor) ?? readHeads(file.database, actor);
      this.#heads.set(actor, heads);
      for (const change of changes) {
        const writes = fieldWrites(actor, change, heads.get(change.field));
        for (const operation of writes.operations) operations.push(operation);
        heads.set(change.field, writes.head);
      }
    } catch (error) {
      this.#lose([actor]);
      throw error instanceof RecordError ? storageCorrupt(file.path, error.message) : error;
    }
    return this.#commitOne(actor, operations);
  }

  async erase(actor: string): Promise<void> {
    const { file, commit } = this.#use();
    this.#heads.set(actor, new Map());
    this.#behind.delete(actor);
    const batches = erasure(file.database, actor);
    const next = () => batches.next().value ?? undefined;
    return this.#track(
      actor,
      new Promise((resolve, reject) => commit.add({ actor, next, shared: false, bytes: 0, resolve, reject })),
    );
  }

  close(): Promise<void> {
    if (this.#opening) {
      return this.#opening.then(
        () => this.#close(),
        () => {},
      );
    }
    return this.#close();
  }

  #close(): Promise<void> {
    const opened = this.#opened;
    if (!opened) return this.#closing ?? Promise.resolve();
    this.#opened = undefined;
    this.#closing = (async () => {
      await opened.commit.idle();
      await closeFile(opened.file);
      await opened.lock.release();
      this.#heads.clear();
      this.#behind.clear();
    })();
    return this.#closing;
  }

  #commitOne(actor: string, operations: readonly Operation[]): Promise<void> {
    const { commit } = this.#use();
    if (commit.failure) return Promise.reject(commit.failure);
    let bytes = 0;
    for (const { key, record } of operations) bytes += key.length + (record?.length ?? 0);
    return this.#track(
      actor,
      new Promise((resolve, reject) =>
        commit.add({ actor, next: () => operations, shared: true, bytes, resolve, reject }),
      ),
    );
  }

  #track(actor: string, written: Promise<void>): Promise<void> {
    this.#last.set(actor, written);
    const settled = () => {
      if (this.#last.get(actor) === written) this.#last.delete(actor);
    };
    written.then(settled, settled);
    return written;
  }

  #lose(actors: Iterable<string>): void {
    for (const actor of actors) {
      this.#heads.delete(actor);
      this.#behind.add(actor);
    }
  }

  #use(): Opened {
    if (!this.#opened) throw storageClosed(this.#directory);
    return this.#opened;
  }
}

async function closeFile({ database, reserve, witness }: OpenFile): Promise<void> {
  await database.close();
  await reserve.close();
  witness.close();
}
