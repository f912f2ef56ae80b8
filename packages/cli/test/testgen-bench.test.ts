import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { describeComparison, type Pair } from '../bench/testgen/report.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

// `pnpm run bench testgen` on its smallest machine: whether it counts rightly, not how fast either is.

describe('the comparison with @xstate/graph', () => {
  it('has both on the same machine, with what the other refuses', async () => {
    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'packages/cli/bench'], {
      cwd: root,
    });
    const bench = join(root, 'packages/cli/bench/dist/testgen.bench.js');
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await run(process.execPath, [bench, '--json', '--machine', 'traffic-light'], { env });
    expect(JSON.parse(stdout)).toEqual([
      {
        name: 'traffic-light',
        ours: expect.objectContaining({ states: 17, transitions: 11, tests: 3 }),
        // It does not know that the timers of two regions run side by side.
        theirs: expect.objectContaining({
          transitions: expect.any(Number),
          trouble: 'After events on test machines are not supported',
        }),
      },
    ]);
  }, 60_000);

  it('says what was refused, and leaves rates out where one of the two came to no end', () => {
    const row = {
      tests: 3,
      steps: 16,
      ms: 4.2,
      transitions: 11,
      score: 0.939,
      best: 1,
      states: 17,
      statesPerSecond: 2_000,
    };
    const pairs: readonly Pair[] = [
      { name: 'light', ours: row, theirs: { ...row, statesPerSecond: 4_000, trouble: 'No delays' } },
      { name: 'endless', ours: row, theirs: { trouble: 'no end within 20 s' } },
    ];
    const text = describeComparison(pairs);
    expect(text).toMatch(/^light +Synod +3 +16 +4 +11 +93\.9 % +100\.0 % +17 +2,000$/m);
    expect(text).toMatch(/^ +@xstate\/graph +–$/m);
    expect(text).toContain('light: 0.5 times the states a second');
    expect(text).not.toMatch(/^endless: /m);
    expect(text.split('\n').slice(-3)).toEqual(['  light: No delays', '  endless: no end within 20 s', '']);
  });
});
