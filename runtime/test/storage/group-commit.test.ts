import { describe, expect, it } from 'vitest';
import { GroupCommit } from '../../src/storage/group-commit.ts';
import type { OpenFile } from '../../src/storage/lmdb-open.ts';
import { codeOf } from './support.ts';

const tree = { treeBranchPageCount: 0, treeLeafPageCount: 0, overflowPages: 0 };

/** A commit on a database that fails with `error`, if given. */
function onDatabase(error?: unknown) {
  const batches: number[] = [];
  const database = {
    getStats: () => ({ lastPageNumber: 1, lastTxnId: 0, root: tree, free: tree }),
    put: () => {},
    batch: (fill: () => void) => {
      fill();
      batches.push(batches.length);
      return error === undefined ? Promise.resolve(true) : Promise.reject(error);
    },
  };
  const file = {
    path: 'data.mdb',
    database,
    reserve: { ensure: async () => {} },
    witness: { note: () => {} },
  } as unknown as OpenFile;
  const lost: string[] = [];
  const commit = new GroupCommit(file, (actors) => void lost.push(...actors));
  const write = (actor: string) =>
    new Promise<void>((resolve, reject) => {
      const next = () => [{ key: Buffer.from('k'), record: Buffer.from('v') }];
      commit.add({ actor, next, shared: true, bytes: 1, resolve, reject });
    });
  return { commit, write, lost, batches };
}

/** What lmdb-js rejects with: the reason comes as a promise. */
function rejected(code: number) {
  const commitError = Promise.reject(Object.assign(new Error('reason'), { code }));
  commitError.catch(() => {});
  return Object.assign(new Error('Commit failed'), { commitError });
}

describe('a commit that fails', () => {
  it.each([
    ['STORAGE_FULL', rejected(28)],
    ['STORAGE_FAILED', rejected(5)],
    ['STORAGE_FAILED', new Error('anything')],
  ])('answers %s, also to what waits behind it, and stays failed', async (code, error) => {
    const { commit, write, lost } = onDatabase(error);
    const first = codeOf(write('a'));
    await new Promise(setImmediate);
    const second = codeOf(write('b'));
    expect([await first, await second]).toEqual([code, code]);
    expect(lost).toEqual(expect.arrayContaining(['a', 'b']));
    expect(commit.failure).toMatchObject({ code });
    await commit.idle();
  });

  it('does not say for certain that nothing was written, unless the disk was full', async () => {
    const { commit, write } = onDatabase(rejected(5));
    await write('a').catch(() => {});
    expect(commit.failure).toMatchObject({ definite: false });
  });
});

describe('a commit', () => {
  it('is idle when all is written', async () => {
    const { commit, write, batches } = onDatabase();
    let done = false;
    void write('a').then(() => {
      done = true;
    });
    await commit.idle();
    expect([done, batches.length, commit.commits]).toEqual([true, 1, 1]);
  });
});
