// Opens a storage and holds it until killed: holder.mjs <directory>
import { writeSync } from 'node:fs';
import { createLmdbStorage } from '../../../dist/storage/lmdb.js';

const storage = createLmdbStorage({ directory: process.argv[2], cluster: 'test' });
try {
  await storage.open('n1');
  writeSync(1, 'opened\n');
  setInterval(() => {}, 1_000);
} catch (error) {
  writeSync(1, `${error.code}\n`);
}
