import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

it("the root readme's example elects a leader as it stands there", async () => {
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
  const [, code] = readme.match(/```ts\n([\s\S]*?)```/) ?? [];
  // Beside this room's sources, so that the packages it names are found.
  const file = fileURLToPath(new URL(`../dist/readme-example-${process.pid}.mjs`, import.meta.url));
  await writeFile(file, code ?? '');
  const child = spawn(process.execPath, [file], { stdio: 'pipe' });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await rm(file, { force: true });
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const followers = () =>
    [...output.matchAll(/^(n\d) follows (raft@n\d)$/gm)].map(([, node, leader]) => ({ node, leader }));
  await expect
    .poll(() => new Set(followers().map(({ node }) => node)).size, { timeout: 15_000, message: output })
    .toBe(3);
});
