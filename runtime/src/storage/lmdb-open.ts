import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isSynodError } from '@synod/protocol';
import { open, type RootDatabase } from 'lmdb';
import { Reserve, renameDurably, syncDirectory, Witness } from './data-file.ts';
import { checkDataFile } from './lmdb-check.ts';
import { Damage, PAGE_SIZE } from './lmdb-pages.ts';
import {
  checkRecord,
  decodeRecord,
  encodeRecord,
  FORMAT,
  IDENTITY_KEY,
  type Identity,
  placeOf,
  RecordError,
} from './records.ts';
import { errnoOf, storageCorrupt, storageForeign, storageUnavailable, storageVersion } from './storage-errors.ts';

export type Database = RootDatabase<Buffer, Buffer>;

/** A data file that was checked and opened. */
export interface OpenFile {
  readonly path: string;
  readonly database: Database;
  readonly reserve: Reserve;
  readonly witness: Witness;
  readonly identity: Identity;
}

/**
 * Makes `directory` if it is not there, for its owner alone.
 * @throws SynodError `STORAGE_UNAVAILABLE` or `STORAGE_FULL`.
 */
export function makeDirectory(directory: string): void {
  try {
    makeWithParents(resolve(directory));
    if (!statSync(directory).isDirectory()) throw new Error('it is a file');
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw storageUnavailable(directory, error);
  }
}

// Node's own `recursive` never returns where a file system denies with ENOENT, as /proc does.
function makeWithParents(directory: string): void {
  if (existsSync(directory)) return;
  makeWithParents(dirname(directory));
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return;
    throw error;
  }
  syncDirectory(dirname(directory));
}

/**
 * Checks and opens the data file below a locked `directory`, and makes it first where there never was one.
 * @throws SynodError `STORAGE_FOREIGN`, `STORAGE_VERSION`, `STORAGE_CORRUPT`, `STORAGE_UNAVAILABLE` or `STORAGE_FULL`.
 */
export async function openDataFile(
  directory: string,
  expected: { readonly cluster: string; readonly node: string },
  maxBytes: number,
): Promise<OpenFile> {
  const path = join(directory, 'data.mdb');
  const closers: (() => unknown)[] = [];
  try {
    const witness = new Witness(join(directory, 'witness'));
    closers.push(() => witness.close());
    if (!existsSync(path)) {
      // A new file comes under its name complete, so that one that is missing or empty is never taken for a new one.
      if (witness.read() > 0) throw new Damage('it is missing');
      await createDataFile(directory, path, { ...expected, format: FORMAT, incarnation: 0 });
    }
    const { identity, transaction } = await checkAll(path, expected);
    if (transaction < witness.read()) throw new Damage(`it lacks transactions that were acknowledged`);
    const reserve = await Reserve.open(path, maxBytes);
    closers.push(() => reserve.close());
    return { path, database: openDatabase(path), reserve, witness, identity };
  } catch (error) {
    for (const close of closers.reverse()) await close();
    if (isSynodError(error)) throw error;
    if (error instanceof Damage || error instanceof RecordError) throw storageCorrupt(path, error.message);
    throw errnoOf(error) === 'EIO' ? storageCorrupt(path, 'the disk cannot read it') : storageUnavailable(path, error);
  }
}

/** Checks all pages and all records. */
async function checkAll(path: string, expected: { readonly cluster: string; readonly node: string }) {
  let identity: Identity | undefined;
  const { transaction } = await checkDataFile(path, (key, record) => {
    if (identity) {
      checkRecord(key, record);
      placeOf(key);
      return;
    }
    if (!key.equals(IDENTITY_KEY)) throw new Damage('it does not say whose it is');
    identity = decodeRecord(key, record) as Identity;
    checkIdentity(path, identity, expected);
  });
  if (!identity) throw new Damage('it is empty');
  return { identity, transaction };
}

function checkIdentity(path: string, found: Identity, expected: { readonly cluster: string; readonly node: string }) {
  if (found.format !== FORMAT) throw storageVersion(path, found.format, FORMAT);
  if (found.cluster === expected.cluster && found.node === expected.node) return;
  throw storageForeign(
    path,
    `node ${found.node} of cluster ${found.cluster}`,
    `node ${expected.node} of cluster ${expected.cluster}`,
  );
}

async function createDataFile(directory: string, path: string, identity: Identity): Promise<void> {
  const fresh = join(directory, 'new.mdb');
  rmSync(fresh, { force: true });
  const database = openDatabase(fresh);
  await database.put(IDENTITY_KEY, encodeRecord(IDENTITY_KEY, identity));
  await database.close();
  renameDurably(fresh, path, directory);
  rmSync(`${fresh}-lock`, { force: true });
}

/*
 * `overlappingSync: false`: LMDB's own order. The thread that commits writes the pages and calls fdatasync, and then writes the
 * meta page through a descriptor opened with O_DSYNC; only after that the promise of a write resolves. So a promise that
 * resolved means that the transaction survives a power failure. With lmdb-js's default, overlapping syncs, it would mean that
 * the transaction is visible, and what is durable hangs on a third meta page besides.
 * The map grows by itself, as no `mapSize` bounds it.
 */
function openDatabase(path: string): Database {
  return open<Buffer, Buffer>({
    path,
    noSubdir: true,
    overlappingSync: false,
    pageSize: PAGE_SIZE,
    keyEncoding: 'binary',
    encoding: 'binary',
    permissionsMode: 0o600,
  } as Parameters<typeof open>[0] & { path: string }) as unknown as Database;
}
