import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockDirectory } from '../../src/storage/directory-lock.ts';
import { kill, start } from './process.ts';
import { codeOf, onDisk, temporary } from './support.ts';

const CONTENDERS = 5;

describe('the lock of a directory', () => {
  it('is held by one at a time, and free when released', async () => {
    const directory = temporary();
    for (let turn = 0; turn < 3; turn++) {
      const lock = await lockDirectory(directory);
      expect(await codeOf(lockDirectory(directory))).toBe('STORAGE_LOCKED');
      await lock.release();
      expect(readdirSync(directory)).toEqual([]);
    }
  });

  it('goes to one of many who want it at once, within a process', async () => {
    const directory = temporary();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockDirectory(directory)));
    const held = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(held).toHaveLength(1);
    await held[0]?.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('names the process that holds it', async () => {
    const directory = temporary();
    const { child, lines } = start('holder.mjs', directory);
    await once(lines, 'line');
    const error: unknown = await onDisk(directory)
      .open('n1')
      .catch((cause) => cause);
    expect(error).toMatchObject({ code: 'STORAGE_LOCKED', message: expect.stringContaining(`process ${child.pid}`) });
  });

  it('of a killed process goes to exactly one of many who want it at once', async () => {
    const directory = temporary();
    const first = start('holder.mjs', directory);
    await once(first.lines, 'line');
    await kill(first.child);
    const contenders = Array.from({ length: CONTENDERS }, () => start('holder.mjs', directory));
    const said = await Promise.all(contenders.map(({ lines }) => once(lines, 'line')));
    const lines = said.map(([line]) => String(line)).sort();
    expect(lines).toEqual([...Array.from({ length: CONTENDERS - 1 }, () => 'STORAGE_LOCKED'), 'opened']);
  });

  it('is not kept from anybody by the process id of the dead holder, which may be in use again', async () => {
    const directory = temporary();
    writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: process.pid, token: '0123456789ab' }));
    const lock = await lockDirectory(directory);
    await lock.release();
  });

  it.each([
    ['is empty, as after a power failure', ''],
    ['holds rubbish', 'rubbish'],
  ])('is taken over when its file %s', async (_, content) => {
    const directory = temporary();
    writeFileSync(join(directory, 'lock'), content);
    const lock = await lockDirectory(directory);
    await lock.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is taken over from one who died while taking it over', async () => {
    const directory = temporary();
    writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: 1, token: 'aaaaaaaaaaaa' }));
    writeFileSync(join(directory, 'lock.aaaaaaaaaaaa'), JSON.stringify({ pid: 1, token: 'bbbbbbbbbbbb' }));
    writeFileSync(join(directory, 'lock.aaaaaaaaaaaa.bbbbbbbbbbbb'), JSON.stringify({ pid: 1, token: 'cccccccccccc' }));
    const lock = await lockDirectory(directory);
    expect(await codeOf(lockDirectory(directory))).toBe('STORAGE_LOCKED');
    await lock.release();
    expect(readdirSync(directory)).toEqual([]);
  });
});
