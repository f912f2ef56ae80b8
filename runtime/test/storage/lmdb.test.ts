import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { describe, expect, it } from 'vitest';
import { checkDataFile } from '../../src/storage/lmdb-check.ts';
import { encodeRecord, IDENTITY_KEY } from '../../src/storage/records.ts';
import { startWith } from './process.ts';
import { codeOf, onDisk, plain, stored, suffix, temporary, value } from './support.ts';

/** How many records the data file has. */
async function recordsIn(directory: string): Promise<number> {
  let records = 0;
  await checkDataFile(join(directory, 'data.mdb'), () => records++);
  return records;
}

describe('group commit', () => {
  it('puts writes that are called for together into few commits', async () => {
    const storage = onDisk(temporary());
    await storage.open('n1');
    const before = storage.commits;
    const writes = Array.from({ length: 500 }, (_, i) => storage.write(`a${i % 5}`, [value('x', i)]));
    await Promise.all(writes);
    expect(storage.commits - before).toBeLessThanOrEqual(2);
  });

  it('collects what comes while a commit is syncing into the next one', async () => {
    const storage = onDisk(temporary());
    await storage.open('n1');
    const before = storage.commits;
    const chain = async (actor: string) => {
      for (let i = 0; i < 20; i++) await storage.write(actor, [value('x', i)]);
    };
    await Promise.all(Array.from({ length: 50 }, (_, i) => chain(`a${i}`)));
    expect(storage.commits - before).toBeLessThanOrEqual(50);
  });

  it('takes one write of any size', async () => {
    const directory = temporary();
    const storage = onDisk(directory);
    await storage.open('n1');
    const items = Array.from({ length: 30_000 }, (_, i) => ({ i, text: 'x'.repeat(i % 100) }));
    const before = storage.commits;
    await storage.write('a', [suffix('log', 0, ...items.slice(0, 1)), value('b', new Uint8Array(20_000_000).fill(1))]);
    await storage.write('a', [{ field: 'log', kind: 'sequence', keep: 1, items: items.slice(1) }]);
    expect(storage.commits - before).toBe(2);
    await storage.close();
    const state = await stored(directory, 'a');
    expect(state?.log).toEqual(items);
    expect(state?.b).toHaveLength(20_000_000);
  });
});

describe('a sequence on disk', () => {
  it('leaves nothing of its longer past to a later one', async () => {
    const directory = temporary();
    const storage = onDisk(directory);
    await storage.open('n1');
    await storage.write('a', [suffix('log', 0, ...Array.from({ length: 1_000 }, (_, i) => i))]);
    await storage.write('a', [suffix('log', 3)]);
    await storage.close();
    expect(await stored(directory, 'a')).toEqual({ log: [0, 1, 2] });
    const again = onDisk(directory);
    await again.open('n1');
    await again.write('a', [suffix('log', 3, 'x')]);
    await again.close();
    expect(await stored(directory, 'a')).toEqual({ log: [0, 1, 2, 'x'] });
  });

  it('gives back, little by little, the room of what it no longer holds', async () => {
    const directory = temporary();
    const storage = onDisk(directory);
    await storage.open('n1');
    await storage.write('a', [suffix('log', 0, ...Array.from({ length: 600 }, (_, i) => i))]);
    const records: number[] = [];
    for (let length = 0; length < 10; length++) {
      await storage.write('a', [suffix('log', length, 'x')]);
      records.push(await recordsIn(directory));
    }
    expect(records[0]).toBeGreaterThan(500);
    // The identity, the head, and ten items.
    expect(records.at(-1)).toBe(12);
    expect(records).toEqual(records.toSorted((a, b) => b - a));
    expect(plain(await storage.recover('a'))).toEqual({ log: Array.from({ length: 10 }, () => 'x') });
  });

  it('refuses to keep items that were never written', async () => {
    const storage = onDisk(temporary());
    await storage.open('n1');
    await storage.write('a', [suffix('log', 0, 1)]);
    expect(await codeOf(storage.write('a', [suffix('log', 2, 3)]))).toMatch(/AssertionError: a\.log: keeps items/);
  });

  it('is continued without having been recovered', async () => {
    const directory = temporary();
    const storage = onDisk(directory);
    await storage.open('n1');
    await storage.write('a', [suffix('log', 0, 1, 2, 3)]);
    await storage.close();
    await storage.open('n1');
    await storage.write('a', [suffix('log', 2, 4)]);
    await storage.close();
    expect(await stored(directory, 'a')).toEqual({ log: [1, 2, 4] });
  });
});

describe('a storage on disk', () => {
  it('that is closed while it opens is closed then, and its directory free', async () => {
    const directory = temporary();
    const storage = onDisk(directory);
    const opening = storage.open('n1');
    await storage.close();
    expect(await opening).toEqual({ incarnation: 1 });
    expect(await codeOf(storage.recover('a'))).toBe('STORAGE_FAILED');
    expect(await onDisk(directory).open('n1')).toEqual({ incarnation: 2 });
  });
});

describe('the directory', () => {
  it('is made for its owner alone', async () => {
    const directory = join(temporary(), 'deep', 'n1');
    const storage = onDisk(directory);
    await storage.open('n1');
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const file of ['data.mdb', 'witness', 'lock']) expect(statSync(join(directory, file)).mode & 0o077).toBe(0);
  });

  it('may have a long path', async () => {
    const storage = onDisk(join(temporary(), ...Array.from({ length: 12 }, () => 'a-directory-with-a-name')));
    const opened = codeOf(storage.open('n1'));
    expect(await opened).toBe(process.platform === 'linux' ? undefined : 'STORAGE_UNAVAILABLE');
  });

  it('is refused to another node and another cluster', async () => {
    const directory = temporary();
    const storage = onDisk(directory);
    await storage.open('n1');
    await storage.close();
    const others: [string, string][] = [
      ['test', 'n2'],
      ['other', 'n1'],
    ];
    for (const [cluster, node] of others) {
      const error: Error = await onDisk(directory, { cluster })
        .open(node)
        .then(
          () => new Error('opened'),
          (cause) => cause,
        );
      expect(error).toMatchObject({ code: 'STORAGE_FOREIGN' });
      expect(error.message).toContain('belongs to node n1 of cluster test');
    }
    expect(await storage.open('n1')).toEqual({ incarnation: 2 });
  });

  it('is refused when another version wrote it', async () => {
    const directory = temporary();
    const path = join(directory, 'data.mdb');
    const database = open<Buffer, Buffer>({
      path,
      noSubdir: true,
      overlappingSync: false,
      pageSize: 4096,
      keyEncoding: 'binary',
      encoding: 'binary',
    });
    const identity = { format: 2, cluster: 'test', node: 'n1', incarnation: 1 };
    await database.put(IDENTITY_KEY, encodeRecord(IDENTITY_KEY, identity));
    await database.close();
    expect(await codeOf(onDisk(directory).open('n1'))).toBe('STORAGE_VERSION');
  });

  it('is unavailable where there is a file', async () => {
    const file = join(temporary(), 'file');
    writeFileSync(file, 'x');
    expect(await codeOf(onDisk(file).open('n1'))).toBe('STORAGE_UNAVAILABLE');
    expect(await codeOf(onDisk(join(file, 'below')).open('n1'))).toBe('STORAGE_UNAVAILABLE');
  });

  it('is unavailable where nothing can be made', async () => {
    expect(await codeOf(onDisk('/proc/synod').open('n1'))).toBe('STORAGE_UNAVAILABLE');
  });
});

describe('a full disk', () => {
  const megabyte = new Uint8Array(1_000_000).fill(7);

  it('refuses a write and keeps all before it; the actor can recover, and others erase', async () => {
    const directory = temporary();
    const storage = onDisk(directory, { maxBytes: 8 * 1024 * 1024 });
    await storage.open('n1');
    let written = 0;
    let code: string | undefined;
    for (; code === undefined; written++) {
      code = await codeOf(storage.write('big', [suffix('log', written, megabyte)]));
    }
    expect(code).toBe('STORAGE_FULL');
    expect(written).toBeGreaterThan(3);
    expect(await codeOf(storage.write('big', [suffix('log', written, 1)]))).toBe('STORAGE_FAILED');
    expect(plain(await storage.recover('big'))?.log).toHaveLength(written - 1);
    await storage.erase('big');
    const half = megabyte.subarray(500_000);
    for (let i = 0; i < 3; i++) await storage.write('big', [suffix('log', i, half)]);
    await storage.close();
    expect((await stored(directory, 'big'))?.log).toHaveLength(3);
    expect(statSync(join(directory, 'data.mdb')).size).toBeLessThanOrEqual(8 * 1024 * 1024);
  });

  it('fails what waits behind the write that found no room', async () => {
    const storage = onDisk(temporary(), { maxBytes: 4 * 1024 * 1024 });
    await storage.open('n1');
    const big = storage.write('a', [value('x', new Uint8Array(9_000_000))]);
    const behind = storage.write('b', [value('x', 1)]);
    expect(await Promise.all([codeOf(big), codeOf(behind)])).toEqual(['STORAGE_FULL', 'STORAGE_FULL']);
    expect(await storage.recover('b')).toBeUndefined();
    await storage.write('b', [value('x', 2)]);
    expect(await storage.recover('b')).toEqual({ x: 2 });
  });

  it.runIf(process.platform === 'linux')('is told by the system, without a word on the console', async () => {
    const directory = temporary();
    const { child, lines, errors } = startWith(['ulimit -f 20000'], 'filler.mjs', directory);
    const said: unknown[] = [];
    lines.on('line', (line) => said.push(JSON.parse(line)));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, errors()]).toEqual([0, '']);
    const [full, after] = said as [unknown, { again: string; written: number; recovered: number }];
    expect(full).toEqual({ code: 'STORAGE_FULL', definite: true });
    expect(after.again).toBe('STORAGE_FAILED');
    expect(after.written).toBeGreaterThan(100);
    expect(after.recovered).toBe(after.written);
    expect((await stored(directory, 'a'))?.log).toHaveLength(after.written);
  });
});
