import { describe, expect, it } from 'vitest';
import { createMemoryStorage } from '../../src/storage/memory.ts';
import { suffix, value } from './support.ts';

/** A storage whose commits end when the test says so. */
function held() {
  const commits: (() => void)[] = [];
  return { storage: createMemoryStorage({ commit: (done) => void commits.push(done) }), commits };
}

const settle = () => new Promise(setImmediate);

describe('the commits of a memory storage', () => {
  it('come one at a time, and each takes all writes that waited when it began', async () => {
    const { storage, commits } = held();
    await storage.open('n1');
    const done: number[] = [];
    const write = (i: number) => void storage.write('a', [value('x', i)]).then(() => done.push(i));
    write(1);
    write(2);
    write(3);
    expect([commits.length, storage.pending]).toEqual([1, 3]);
    commits.shift()?.();
    await settle();
    expect([done, commits.length, storage.pending]).toEqual([[1], 1, 2]);
    commits.shift()?.();
    await settle();
    expect([done, commits.length, storage.pending]).toEqual([[1, 2, 3], 0, 0]);
  });
});

describe('a crash of a memory storage', () => {
  it('loses what no commit made durable; the promises of the lost writes never settle', async () => {
    const { storage, commits } = held();
    await storage.open('n1');
    const settled: string[] = [];
    const write = (name: string) =>
      void storage.write('a', [suffix('log', 0, name)]).then(
        () => settled.push(name),
        () => settled.push(`${name} failed`),
      );
    write('durable');
    write('lost under way');
    commits.shift()?.();
    write('lost waiting');
    storage.crash();
    expect(storage.pending).toBe(0);
    for (const late of commits) late();
    expect(await storage.open('n1')).toEqual({ incarnation: 2 });
    expect((await storage.recover('a'))?.log).toEqual(expect.objectContaining({ length: 1 }));
    await settle();
    expect(settled).toEqual(['durable']);
  });

  it('leaves a storage that works: a commit from before it ends nothing of what came after', async () => {
    const { storage, commits } = held();
    await storage.open('n1');
    void storage.write('a', [value('x', 'lost')]);
    storage.crash();
    await storage.open('n1');
    let durable = false;
    const written = storage.write('a', [value('x', 'kept')]).then(() => {
      durable = true;
    });
    commits[0]?.();
    await settle();
    expect(durable).toBe(false);
    commits[1]?.();
    await written;
    expect(await storage.recover('a')).toEqual({ x: 'kept' });
  });
});
