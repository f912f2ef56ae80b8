// Writes without end and prints the number of each write when it is durable. Started by kill.test.ts: writer.mjs <directory>
import { writeSync } from 'node:fs';
import { createLmdbStorage } from '../../../dist/storage/lmdb.js';

const storage = createLmdbStorage({ directory: process.argv[2], cluster: 'test' });
const { incarnation } = await storage.open('n1');
const recovered = await storage.recover('a');
writeSync(1, `opened ${incarnation} ${recovered?.log.length ?? 0}\n`);

// Several writes are under way at a time, so that some share a commit and some wait for one.
let next = recovered?.log.length ?? 0;
const write = async () => {
  for (;;) {
    const number = next++;
    await storage.write('a', [
      { field: 'last', kind: 'value', value: number },
      { field: 'log', kind: 'sequence', keep: number, items: [{ number, text: 'x'.repeat(number % 300) }] },
    ]);
    writeSync(1, `${number}\n`);
  }
};
for (let writers = 0; writers < 8; writers++) void write();
