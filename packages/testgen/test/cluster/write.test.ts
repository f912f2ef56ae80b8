import { readFileSync } from 'node:fs';
import { specification as raft } from '@synod/machines/raft';
import { specification as swim } from '@synod/machines/swim';
import { type GeneratedCluster, generateClusterTests, writeClusterTests } from '@synod/testgen';
import { describe, expect, it } from 'vitest';

const raftFile = () =>
  writeClusterTests(generateClusterTests(raft, { models: [{ name: 'election', nodes: 2 }], maxWorlds: 1_000 }), {
    module: '@synod/machines/raft',
    title: 'Raft',
    command: 'synod generate raft --cluster --model election --nodes 2 --max-worlds 1000 --out raft.generated.test.ts',
  }).source;

describe('a written cluster test', () => {
  // The file itself runs beside this one. After a change that is meant: vitest -u.
  it('is the same whenever it is generated', async () => {
    await expect(raftFile()).toMatchFileSnapshot('./raft.generated.test.ts');
    expect(readFileSync(new URL('./raft.generated.test.ts', import.meta.url), 'utf8')).toBe(raftFile());
  });

  it('says what it covers, what not and why, and which message a number stands for', () => {
    const source = raftFile();
    expect(source).toContain("import { specification } from '@synod/machines/raft';");
    expect(source).toContain('  // Covers transitions: server raft');
    expect(source).toContain('  // Covers sometimes: A leader is elected.\n');
    expect(source).toMatch(/\/\/ RequestVote: raft@n1 → raft@n2\n +\{\n? +deliver: 1,/);
    expect(source).toContain(' * - server ClientRequest in raft.follower: No ClientRequest comes to a server');
    expect(source).not.toMatch(/undefined|\[object/);
  });

  it('leaves out tests whose requests source text cannot make, and says so', () => {
    const generated = generateClusterTests(swim, { models: [{ name: 'leave' }], maxWorlds: 200 });
    const asked = { request: { type: 'member.leave', why: () => 'no text' }, at: 'swim@n1' } as const;
    const [first] = generated.tests;
    if (!first) throw new Error('there is a test');
    const other: GeneratedCluster = { ...generated, tests: [{ ...first, steps: [asked] }] };
    const { source, leftOut } = writeClusterTests(other, { module: './swim.ts', title: 'SWIM' });
    expect(leftOut).toEqual([{ name: first.name, unwritable: [{ place: 'request.why', what: 'the function why' }] }]);
    expect(source).toContain('Not written: ');
  });
});
