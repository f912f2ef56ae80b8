import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { synod } from './support/synod.ts';

const MODULE = fileURLToPath(new URL('./fixtures/door.mjs', import.meta.url));
const DOOR = [`${MODULE}#door`, '--cases', `${MODULE}#cases`];

describe('synod mutate', () => {
  it('scores each kind of coverage, and names what lives on and why', async () => {
    const { code, out } = await synod('mutate', ...DOOR, '--coverage', 'states,transitions,pairs');
    expect(out).toMatch(/^16 mutants; 0 of them are equivalent and 2 stand where nothing can come, and do not count$/m);
    expect(out).toMatch(/^states +\d+ killed +\d+\.\d %/m);
    expect(out).toMatch(/^pairs +14 killed +100\.0 %/m);
    expect(out).toContain('never comes walled → open on BREAK: is gone');
    expect(code).toBe(0);
  });

  it('fails with --at-least where a kind scores less', async () => {
    expect((await synod('mutate', ...DOOR, '--coverage', 'pairs', '--at-least', '95')).code).toBe(0);
    const states = await synod('mutate', ...DOOR, '--coverage', 'states', '--at-least', '95');
    expect(states.code).toBe(1);
    expect(states.out).toMatch(/survives .*: it shows after send/);
  });

  it('is JSON on request, also for a role of a protocol', async () => {
    const { code, out } = await synod(
      'mutate',
      'two-phase-commit',
      '--role',
      'resource',
      '--coverage',
      'pairs',
      '--json',
    );
    expect(JSON.parse(out)).toMatchObject({ machine: 'two-phase-commit', mutants: 12, complete: true, survivors: [] });
    expect(code).toBe(0);
  });

  it.each([
    [['mutate', `${MODULE}#gone`], 'EXPORT_NOT_FOUND'],
    [['mutate', 'raft'], 'several roles'],
    [['mutate', DOOR[0] ?? '', '--coverage', 'everything'], 'There is no coverage "everything"'],
    [['mutate', DOOR[0] ?? '', '--at-least', '101'], '101'],
  ])('%j: one sentence, status 2', async (args, says) => {
    const { code, err } = await synod(...args);
    expect(err).toContain(says);
    expect(code).toBe(2);
  });
});
