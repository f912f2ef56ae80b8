import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kill, start } from './process.ts';
import { onDisk, stored, temporary } from './support.ts';

const LIVES = 6;

describe('a process that is killed while it writes', () => {
  it('keeps each write that was acknowledged, whole and in order, through several lives', async () => {
    const directory = temporary();
    let acknowledged = -1;
    for (let life = 1; life <= LIVES; life++) {
      const { child, lines, errors } = start('writer.mjs', directory);
      const stopAt = acknowledged + life * 40;
      lines.on('line', (line) => {
        if (line.startsWith('opened')) return;
        acknowledged = Math.max(acknowledged, Number(line));
        if (acknowledged >= stopAt) child.kill('SIGKILL');
      });
      await Promise.all([once(child, 'exit'), once(lines, 'close')]);
      expect(errors()).toBe('');
      const state = await stored(directory, 'a');
      const log = state?.log as { number: number; text: string }[];
      expect(log.length).toBeGreaterThan(acknowledged);
      expect(state?.last).toBe(log.length - 1);
      expect(log).toEqual(log.map((_, number) => ({ number, text: 'x'.repeat(number % 300) })));
      acknowledged = log.length - 1;
    }
    const storage = onDisk(directory);
    expect(await storage.open('n1')).toEqual({ incarnation: 2 * LIVES + 1 });
  });

  it('leaves a lock that the next one takes over, and no litter', async () => {
    const directory = temporary();
    for (let life = 0; life < 3; life++) {
      const { child, lines } = start('holder.mjs', directory);
      expect(await once(lines, 'line')).toEqual(['opened']);
      await kill(child);
    }
    await stored(directory, 'a');
    expect(readdirSync(directory).sort()).toEqual(['data.mdb', 'data.mdb-lock', 'witness']);
  });
});

// LMDB syncs pages by fdatasync and the meta page by writing it through a descriptor of its own with O_DSYNC (see lmdb-open.ts).
describe.runIf(process.platform === 'linux')('the meta page of the data file', () => {
  it('is written through a descriptor that syncs', async () => {
    const directory = temporary();
    const storage = onDisk(directory);
    await storage.open('n1');
    const flags = descriptorsOf(join(directory, 'data.mdb'));
    const O_DSYNC = 0o10000;
    expect(flags.some((flag) => (flag & O_DSYNC) !== 0)).toBe(true);
  });
});

/** The flags of this process's open descriptors of `path`. */
function descriptorsOf(path: string): number[] {
  const flags: number[] = [];
  for (const fd of readdirSync('/proc/self/fd')) {
    try {
      const info = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
      if (readlinkSync(`/proc/self/fd/${fd}`) === path)
        flags.push(Number.parseInt(/flags:\s+(\d+)/.exec(info)?.[1] ?? '0', 8));
    } catch {
      // The descriptor of the listing itself is closed by now.
    }
  }
  return flags;
}
