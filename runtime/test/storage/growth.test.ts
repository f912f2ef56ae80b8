import { expect, it } from 'vitest';
import { onDisk, stored, suffix, temporary } from './support.ts';

it('the file grows with what is written, whatever its size', async () => {
  const directory = temporary();
  const storage = onDisk(directory);
  await storage.open('n1');
  const value = 'x'.repeat(1_000_003);
  for (let count = 0; count < 24; count++) await storage.write('a', [suffix('log', count, value)]);
  await storage.close();
  expect((await stored(directory, 'a'))?.log).toHaveLength(24);
});
