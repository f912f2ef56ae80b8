import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asTest, type ReplayFile } from '../src/index.ts';

/** What became of one written test. */
export interface Outcome {
  readonly title: string;
  readonly status: string;
  readonly says: string;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const TOYS = fileURLToPath(new URL('./fixtures/toys.mjs', import.meta.url));
const VITEST = dirname(createRequire(import.meta.url).resolve('vitest/package.json'));

/** Writes replay files as tests into a project of its own, which has what is built, and runs them there. */
export async function runTests(files: Readonly<Record<string, ReplayFile>>): Promise<Record<string, Outcome>> {
  const project = await mkdtemp(join(tmpdir(), 'synod-as-test-'));
  try {
    await mkdir(join(project, 'node_modules/@synod'), { recursive: true });
    await symlink(PACKAGE, join(project, 'node_modules/@synod/simulator'));
    await symlink(VITEST, join(project, 'node_modules/vitest'));
    await writeFile(join(project, 'package.json'), '{ "type": "module" }');
    for (const [name, file] of Object.entries(files)) {
      await writeFile(join(project, `${name}.test.ts`), asTest(file, { module: TOYS }));
    }
    const report = join(project, 'report.json');
    const said = await run(project, ['run', '--root', project, '--reporter', 'json', '--outputFile', report]);
    const text = await readFile(report, 'utf8').catch(() => {
      throw new Error(`Vitest wrote no report: ${said}`);
    });
    const outcomes = (JSON.parse(text) as Report).testResults.map(({ name, assertionResults: [result] }) => {
      const { title = '', status = 'not run', failureMessages = [] } = result ?? {};
      return [
        name.slice(name.lastIndexOf('/') + 1, -'.test.ts'.length),
        { title, status, says: failureMessages.join() },
      ];
    });
    return Object.fromEntries(outcomes);
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

/** Runs Vitest as from a shell: this one's variables would make it a worker. Its exit status says only that some test failed. */
function run(cwd: string, args: readonly string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS)/.test(name)));
  return new Promise((done) => {
    execFile(process.execPath, [join(VITEST, 'vitest.mjs'), ...args], { cwd, env }, (_, out, err) => done(out + err));
  });
}
