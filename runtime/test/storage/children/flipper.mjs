// Damages copies of a data file in many ways and opens each: flipper.mjs <directory> <scratch> <seed> <count>
// Prints a line for each copy: "intact", "refused", or what is wrong. A crash ends the lines early.
import { copyFileSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createLmdbStorage } from '../../../dist/storage/lmdb.js';

const [directory, scratch, seed, count] = process.argv.slice(2);
const PAGE = 4096;
const ACTORS = ['raft', 'kv', 'queue'];
let state = Number(seed);
const random = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};

async function contents(storage) {
  const all = {};
  for (const actor of ACTORS) {
    const fields = Object.entries((await storage.recover(actor)) ?? {});
    all[actor] = fields.map(([field, value]) => [field, typeof value?.at === 'function' ? [...value] : value]);
  }
  return all;
}

const storageAt = (path) => createLmdbStorage({ directory: path, cluster: 'test' });
const source = readFileSync(join(directory, 'data.mdb'));
const pages = [];
for (let page = 0; page < source.length / PAGE; page++) {
  if (source.subarray(page * PAGE, (page + 1) * PAGE).some((byte) => byte !== 0)) pages.push(page);
}

/** One of several kinds of damage, and its description. */
function damage(bytes) {
  const page = random(4) === 0 ? random(2) : pages[random(pages.length)];
  // The head of a page matters most: there are its numbers, and the offsets of its nodes.
  const at = page * PAGE + random(random(2) === 0 ? 200 : PAGE);
  const kind = random(10);
  if (kind < 6) {
    bytes[at] ^= 1 << random(8);
    return `bit in byte ${at}`;
  }
  if (kind < 8) {
    const length = 1 + random(400);
    for (let i = at; i < Math.min(at + length, bytes.length); i++) bytes[i] = random(256);
    return `${length} bytes from ${at}`;
  }
  const other = pages[random(pages.length)];
  if (kind === 8) {
    source.copy(bytes, other * PAGE, page * PAGE, (page + 1) * PAGE);
    return `page ${page} over page ${other}`;
  }
  bytes.fill(0, other * PAGE, (other + 1) * PAGE);
  return `page ${other} zeroed`;
}

async function attempt(bytes, expected) {
  const storage = storageAt(scratch);
  try {
    await storage.open('n1');
    if (!isDeepStrictEqual(await contents(storage), expected)) return 'WRONG';
    // Writing touches what reading does not: the lists of free pages.
    for (let i = 0; i < 3; i++)
      await storage.write('kv', [{ field: 'x', kind: 'value', value: 'y'.repeat(9_000 * i) }]);
    await storage.write('raft', [{ field: 'log', kind: 'sequence', keep: 10, items: Array(200).fill('z') }]);
    await storage.erase('queue');
    await storage.close();
    await storage.open('n1');
    const log = (await storage.recover('raft'))?.log;
    const right = log?.length === 210 && log.at(9)?.number === 9 && log.at(209) === 'z';
    return right && (await storage.recover('queue')) === undefined ? 'intact' : 'WRONG AFTERWARDS';
  } catch (error) {
    if (error.code !== 'STORAGE_CORRUPT') return `${error.code}: ${error.message}`;
    return readFileSync(join(scratch, 'data.mdb')).equals(bytes) ? 'refused' : 'TOUCHED';
  } finally {
    await storage.close();
  }
}

const storage = storageAt(directory);
await storage.open('n1');
const expected = await contents(storage);
await storage.close();
const sound = readFileSync(join(directory, 'data.mdb'));
sound.copy(source);
for (let i = 0; i < Number(count); i++) {
  const bytes = Buffer.from(source);
  const what = damage(bytes);
  writeFileSync(join(scratch, 'data.mdb'), bytes);
  copyFileSync(join(directory, 'witness'), join(scratch, 'witness'));
  const result = await attempt(bytes, expected);
  writeSync(1, `${result === 'intact' || result === 'refused' ? result : `${what}: ${result}`}\n`);
}
