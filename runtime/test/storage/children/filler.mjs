// Writes until the storage is full, then says how it went on, as lines of JSON: filler.mjs <directory>
import { writeSync } from 'node:fs';
import { createLmdbStorage } from '../../../dist/storage/lmdb.js';

const say = (line) => writeSync(1, `${JSON.stringify(line)}\n`);
const storage = createLmdbStorage({ directory: process.argv[2], cluster: 'test' });
await storage.open('n1');
const bytes = new Uint8Array(20_000).fill(7);
let written = 0;
const append = (number) => storage.write('a', [{ field: 'log', kind: 'sequence', keep: number, items: [bytes] }]);
try {
  for (; written < 10_000; written++) await append(written);
} catch (error) {
  say({ code: error.code, definite: error.definite });
}
const again = await append(written + 1).catch((error) => error);
const state = await storage.recover('a');
const small = await storage.write('b', [{ field: 'x', kind: 'value', value: 1 }]).then(
  () => 'written',
  (error) => error.code,
);
say({ again: again?.code, written, recovered: state.log.length, small });
await storage.close();
