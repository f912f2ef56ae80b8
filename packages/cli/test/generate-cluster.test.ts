import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyDirectory, synod } from './support/synod.ts';

const ELECTION = ['raft', '--cluster', '--model', 'election', '--nodes', '2', '--max-worlds', '1000'];

describe('synod generate --cluster', () => {
  it('writes tests of several machines, and says what they cover and what not', async () => {
    const file = join(await emptyDirectory(), 'raft.generated.test.ts');
    const { code, out } = await synod('generate', ...ELECTION, '--out', file);
    expect(out).toMatch(/^\d+ tests of \d+ steps, out of \d+ traces: the fewest that do$/m);
    expect(out).toMatch(/^transitions +\d+\/23/m);
    expect(out).toContain('not covered server raft#ClientRequest[0]: No ClientRequest comes to a server');
    expect(out).toContain(`Wrote ${file}.`);
    expect(code).toBe(0);
    const source = await readFile(file, 'utf8');
    expect(source).toContain(`synod generate ${ELECTION.join(' ')} --out ${file}`);
    expect(source).toContain("import { specification } from '@synod/machines/raft';");
    const again = await synod('generate', ...ELECTION, '--out', file, '--check');
    expect([again.code, again.out]).toEqual([0, expect.stringContaining(`${file} is up to date.`)]);
  });

  it('tells programs the same', async () => {
    const { out } = await synod('generate', ...ELECTION, '--json');
    const told = JSON.parse(out);
    expect(told.traces.atLeast).toBe(told.tests.length);
    expect(told.models).toMatchObject([{ model: 'election', nodes: 2, timing: 'assumed', complete: true }, {}]);
    expect(told.source).toContain('playCluster(cluster, {');
  });

  it.each<[string, readonly string[], string]>([
    ['what is no protocol', ['./door.ts#door', '--cluster'], 'is no protocol'],
    ['no such model', ['raft', '--cluster', '--model', 'nonsense'], 'has no model "nonsense"'],
    ['a size without a model', ['raft', '--cluster', '--nodes', '3'], '--nodes says how large a --model is'],
    ['a size that a model does not take', ['swim', '--cluster', '--model', 'crash', '--nodes', '9'], 'takes 2 nodes'],
    ['flags for one machine', ['raft', '--cluster', '--role', 'server'], '--role does not go with --cluster'],
    ['flags for several', ['raft', '--model', 'election'], '--model goes only with --cluster'],
  ])('refuses %s', async (_, args, text) => {
    const { code, err } = await synod('generate', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(text)]);
  });
});
