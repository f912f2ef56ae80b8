import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DurableChange, type DurableState, isSynodError, Sequence } from '@synod/protocol';
import { afterEach } from 'vitest';
import { createLmdbStorage, type LmdbStorage, type LmdbStorageOptions } from '../../src/storage/lmdb.ts';
import type { Storage } from '../../src/storage/storage.ts';

export const value = (field: string, content: unknown): DurableChange => ({ field, kind: 'value', value: content });

export const suffix = (field: string, keep: number, ...items: unknown[]): DurableChange => ({
  field,
  kind: 'sequence',
  keep,
  items,
});

/** Durable state with its sequences as arrays. */
export const plain = (state: DurableState | undefined) =>
  state &&
  Object.fromEntries(
    Object.entries(state).map(([field, content]) => [field, content instanceof Sequence ? content.slice(0) : content]),
  );

/** The code of the error that `promise` rejects with; undefined when it resolves. */
export const codeOf = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => undefined,
    (error: unknown) => (isSynodError(error) ? error.code : `${(error as Error).name}: ${(error as Error).message}`),
  );

const directories: string[] = [];
const opened: Storage[] = [];

afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A directory that is removed after the test. */
export function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'synod-'));
  directories.push(directory);
  return directory;
}

/** A storage on disk that is closed after the test. */
export function onDisk(directory: string, options: Partial<LmdbStorageOptions> = {}): LmdbStorage {
  const storage = createLmdbStorage({ cluster: 'test', ...options, directory });
  opened.push(storage);
  return storage;
}

/** Opens the storage below `directory`, reads `actor`, and closes it. */
export async function stored(directory: string, actor: string) {
  const storage = onDisk(directory);
  await storage.open('n1');
  const state = plain(await storage.recover(actor));
  await storage.close();
  return state;
}
