import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeTests } from '../../src/write/file.ts';
import { generated } from '../support/generated.ts';
import { MACHINES } from './machines.ts';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

const shop = () => generated(MACHINES.shop, ['states', 'transitions', 'delays', 'regions'], MACHINES.events);
const written = () =>
  writeTests(shop(), {
    module: './machines.ts',
    name: 'shop',
    command: 'synod generate ./machines.ts#shop --out shop.generated.test.ts',
  });

describe('a generated file', () => {
  const { source, leftOut } = written();

  it('is the same to the byte in every run, and holds nothing of when it was made', () => {
    expect(written().source).toBe(source);
    expect(source).not.toContain(new Date().toISOString().slice(0, 10));
  });

  it('reads well', () => {
    expect(leftOut).toEqual([]);
    expect(source).toContain(' *   synod generate ./machines.ts#shop --out shop.generated.test.ts\n');
    expect(source).toContain("import { shop } from './machines.ts';\n");
    expect(source).toContain('const adapter = machineAdapter(shop);\n');
    expect(source).toMatch(/^describe\('transitions: /m);
    expect(source).toMatch(/^ {2}it\('.* → .* on .*', async \(\) => \{$/m);
    expect(source).toMatch(/^ {8}\{ wait: 1, state: /m);
    expect(source).toMatch(/^ \* - island.cave: dead, no path of the chart leads to it\.$/m);
    expect(source).toMatch(/new Map\(\[/);
    expect(source).toMatch(/: \d+n\b/);
  });

  it('is formatted as Biome would', () => {
    const formatted = execFileSync(
      join(ROOT, 'node_modules/.bin/biome'),
      ['format', '--stdin-file-path=packages/testgen/test/write/shop.test.ts'],
      { cwd: ROOT, input: source, encoding: 'utf8' },
    );
    expect(formatted).toBe(source);
  });

  it('runs in Vitest, and its types hold in strict mode', async () => {
    const folder = await mkdtemp(join(PACKAGE, 'test/write/.tmp-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'shop.test.ts'), source.replace("'./machines.ts'", "'../machines.ts'"));
    await writeFile(join(folder, 'vitest.config.mjs'), CONFIG);
    await writeFile(join(folder, 'tsconfig.json'), TSCONFIG);
    const run = promisify(execFile);
    // One after the other: what fails first must not leave the other writing into a folder that is gone.
    const tests = await run(join(ROOT, 'node_modules/.bin/vitest'), ['run', '--root', folder, '--reporter=json'], {
      cwd: folder,
    });
    const types = await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: folder });
    const { numPassedTests, numTotalTests } = JSON.parse(tests.stdout) as Record<string, number>;
    expect([numPassedTests, types.stdout]).toEqual([numTotalTests, '']);
    expect(numPassedTests).toBe(shop().tests.length);
  }, 60_000);

  it('leaves a test out whose event source text cannot make, and says so', () => {
    const withInstance = generated(MACHINES.shop, ['transitions'], {
      ...MACHINES.events,
      PAY: [{ type: 'PAY', with: new MACHINES.Card('42') } as { readonly type: 'PAY' }],
    });
    const file = writeTests(withInstance, { module: './machines.ts', name: 'shop' });
    expect(file.leftOut.length).toBeGreaterThan(0);
    expect(file.leftOut[0]?.unwritable).toEqual([{ place: 'send.with', what: 'an instance of Card' }]);
    expect(file.source).toContain('give plain data as cases');
  });
});

const CONFIG = `
const conditions = ['@synod/source', 'node', 'import', 'default'];
export default { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } }, test: { pool: 'threads' } };
`;

const TSCONFIG = JSON.stringify({
  extends: '../../../../../tsconfig.base.json',
  compilerOptions: { composite: false, incremental: false, noEmit: true, declaration: false, declarationMap: false },
  include: ['shop.test.ts'],
});
