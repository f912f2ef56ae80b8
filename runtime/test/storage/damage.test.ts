import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDataFile } from '../../src/storage/lmdb-check.ts';
import { start } from './process.ts';
import { codeOf, onDisk, stored, suffix, temporary, value } from './support.ts';

const SECRET_VALUE = 'a value that can be found in the file';

/** A storage with several levels, large values and free pages. */
async function filled(): Promise<string> {
  const directory = temporary();
  const storage = onDisk(directory);
  await storage.open('n1');
  for (let term = 0; term < 20; term++) {
    const entries = Array.from({ length: 30 }, (_, i) => ({ number: term * 30 + i, text: 'x'.repeat((i * 11) % 200) }));
    await storage.write('raft', [value('term', term), suffix('log', term * 30, ...entries)]);
  }
  await storage.write('kv', [value('x', SECRET_VALUE), value('map', new Map([['k', new Uint8Array(30_000).fill(7)]]))]);
  await storage.write('kv', [value('map', new Map([['k', new Uint8Array(10_000).fill(8)]]))]);
  await storage.write('queue', [suffix('items', 0, ...Array.from({ length: 300 }, (_, i) => i))]);
  await storage.write('queue', [suffix('items', 50, 'x')]);
  await storage.close();
  return directory;
}

const flip = (path: string, at: number) => {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] as number) ^ 0x10;
  writeFileSync(path, bytes);
};

/** Flips a bit in each copy of the value, as a commit leaves earlier copies on free pages. */
function flipValue(path: string): void {
  const bytes = readFileSync(path);
  for (let at = bytes.indexOf(SECRET_VALUE); at >= 0; at = bytes.indexOf(SECRET_VALUE, at + 1)) {
    bytes[at + 4] = (bytes[at + 4] as number) ^ 0x10;
  }
  writeFileSync(path, bytes);
}

const damages: readonly [name: string, damage: (path: string) => void][] = [
  ['is random', (path) => writeFileSync(path, Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 7919) >>> 3)))],
  ['is text', (path) => writeFileSync(path, 'hello')],
  ['is cut to half of what is used', (path) => truncateSync(path, 60 * 4096)],
  ['is cut in the middle of a page', (path) => truncateSync(path, 10 * 4096 + 1)],
  ['is cut to one page', (path) => truncateSync(path, 4096)],
  ['is cut to nothing', (path) => truncateSync(path, 0)],
  ['is gone', (path) => rmSync(path)],
  ['has a flipped bit in its first magic number', (path) => flip(path, 24)],
  ['has a flipped bit in its second magic number', (path) => flip(path, 4096 + 24)],
  ['has a flipped bit in a value', flipValue],
  [
    'is of another, older state',
    (path) => {
      // What a restored backup or a lost sync looks like: sound in itself, but acknowledged writes are missing.
      cpSync(`${path}.old`, path);
    },
  ],
];

describe('a data file that', () => {
  it.each(damages)('%s is refused, named, and left as it is', async (_, damage) => {
    const directory = await filled();
    const path = join(directory, 'data.mdb');
    cpSync(path, `${path}.old`);
    const storage = onDisk(directory);
    await storage.open('n1');
    await storage.write('kv', [value('y', 1)]);
    await storage.close();
    damage(path);
    const left = existsSync(path) ? readFileSync(path) : undefined;
    for (let attempt = 0; attempt < 2; attempt++) {
      const error: Error = await storage.open('n1').then(
        () => new Error('opened'),
        (cause) => cause,
      );
      expect(error).toMatchObject({ code: 'STORAGE_CORRUPT' });
      expect(error.message).toContain(path);
    }
    const after = existsSync(path) ? readFileSync(path) : undefined;
    expect(left === after || (left && after?.equals(left))).toBe(true);
  });

  it('is sound is not refused, whatever becomes of the witness', async () => {
    const directory = await filled();
    const witness = join(directory, 'witness');
    const harmless: (() => void)[] = [
      () => rmSync(witness),
      () => truncateSync(witness, 0),
      () => truncateSync(witness, 5),
      () => flip(witness, 7),
      () => flip(witness, 11),
    ];
    for (const harm of harmless) {
      harm();
      expect((await stored(directory, 'kv'))?.x).toBe(SECRET_VALUE);
    }
  });

  it('is damaged while it is open is refused by what reads it', async () => {
    const directory = await filled();
    const path = join(directory, 'data.mdb');
    const storage = onDisk(directory);
    await storage.open('n1');
    flipValue(path);
    expect(await codeOf(storage.recover('kv'))).toBe('STORAGE_CORRUPT');
    expect(await codeOf(storage.recover('queue'))).toBeUndefined();
  });
});

// To search further: node runtime/test/storage/children/flipper.mjs <directory> <scratch directory> <seed> <count>
describe('damage at random', () => {
  it.each([1, 2])(
    'is refused or harmless, and never ends the process (seed %i)',
    async (seed) => {
      const directory = await filled();
      const count = 100;
      const { child, lines, errors } = start('flipper.mjs', directory, temporary(), String(seed), String(count));
      const results = new Map<string, number>();
      lines.on('line', (line) => results.set(line, (results.get(line) ?? 0) + 1));
      const [[code, signal]] = await Promise.all([once(child, 'exit'), once(lines, 'close')]);
      expect([code, signal, errors()]).toEqual([0, null, '']);
      expect([...results.keys()].sort()).toEqual(['intact', 'refused']);
      expect((results.get('intact') ?? 0) + (results.get('refused') ?? 0)).toBe(count);
      expect(results.get('refused')).toBeGreaterThan(count / 4);
    },
    120_000,
  );
});

describe('the check of a data file', () => {
  it('sees each record once, in order', async () => {
    const directory = await filled();
    const keys: Buffer[] = [];
    await checkDataFile(join(directory, 'data.mdb'), (key) => keys.push(Buffer.from(key)));
    expect(keys.length).toBeGreaterThan(600);
    for (const [index, key] of keys.entries()) {
      if (index > 0) expect(Buffer.compare(keys[index - 1] as Buffer, key)).toBe(-1);
    }
  });

  it('passes whatever a busy life leaves behind', async () => {
    const directory = temporary();
    const storage = onDisk(directory);
    let length = 0;
    for (let life = 0; life < 12; life++) {
      await storage.open('n1');
      for (let step = 0; step < 25; step++) {
        const keep = step % 5 === 4 ? Math.floor(length / 2) : length;
        const items = Array.from({ length: 1 + ((life * step) % 40) }, (_, i) =>
          'x'.repeat((i * 97) % (step === 7 ? 9_000 : 300)),
        );
        length = keep + items.length;
        void storage.write('a', [
          suffix('log', keep, ...items),
          value('v', 'y'.repeat((life * 977 + step * 331) % 20_000)),
        ]);
        if (step % 3 === 0) await storage.write(`b${step}`, [value('x', step)]);
      }
      if (life % 4 === 3) {
        await storage.erase('a');
        length = 0;
      }
      await storage.close();
    }
    const log = (await stored(directory, 'a'))?.log as unknown[] | undefined;
    expect(log?.length ?? 0).toBe(length);
  });
});
