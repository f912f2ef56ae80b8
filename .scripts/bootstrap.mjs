// Makes a checkout ready to use: installs with pnpm, builds the packages and the inspector's page. Does only what is due.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { PNPM, phase, root, run } from './run.mjs';

const MIN_NODE = [20, 19];
const STAMPS = join(root, 'node_modules/.synod');

/** Installs and builds. Quiet when there is nothing to do. */
export async function bootstrap() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MIN_NODE[0] || (major === MIN_NODE[0] && minor < MIN_NODE[1])) {
    process.stderr.write(`Synod needs Node ${MIN_NODE.join('.')} or newer; this is ${process.versions.node}.\n`);
    process.exit(1);
  }
  await when('install', await manifests(), [], `installing dependencies with ${PNPM}`, () =>
    run('npx', ['--yes', PNPM, 'install', '--frozen-lockfile'], { quiet: true, env: { CI: 'true' } }),
  );
  const folders = await packages();
  await when(
    'build',
    await sources(folders.flatMap((folder) => [`${folder}/src`, `${folder}/tsconfig.json`])),
    folders.map((folder) => `${folder}/dist/.tsbuildinfo`),
    'building the packages',
    () => run('tsc', ['-b'], { quiet: true }),
  );
  await when(
    'page',
    await sources(['inspector/page', 'inspector/src', 'packages/protocol/src']),
    ['inspector/dist/page/index.html'],
    "building the inspector's page",
    () =>
      run('inspector/node_modules/.bin/vite', ['build', 'inspector/page', '--logLevel', 'warn'], {
        quiet: true,
        // Whoever builds it, a test run for example: it is the page that people get.
        env: { NODE_ENV: 'production' },
      }),
  );
}

/** Does `work` unless it was last done for the same inputs and its outputs are still there. */
async function when(name, inputs, outputs, text, work) {
  const stamp = join(STAMPS, name);
  const before = await readFile(stamp, 'utf8').catch(() => undefined);
  if (before === inputs && outputs.every((path) => existsSync(join(root, path)))) return;
  await phase(text, work);
  await mkdir(STAMPS, { recursive: true });
  await writeFile(stamp, inputs);
}

/** What an installation depends on: the lock file, the manifests, the version of Node for native modules. */
async function manifests() {
  const files = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    ...(await packages()).map((folder) => `${folder}/package.json`),
  ];
  return digest(await Promise.all(files.map((file) => readFile(join(root, file), 'utf8'))));
}

async function packages() {
  const nested = await readdir(join(root, 'packages'));
  const folders = ['machines', 'runtime', 'inspector', ...nested.map((name) => `packages/${name}`)];
  return folders.filter((folder) => existsSync(join(root, folder, 'package.json')));
}

/** Names, sizes and times of files and of all files below folders. */
async function sources(inputs) {
  const files = await Promise.all(['tsconfig.base.json', 'tsconfig.json', ...inputs].map(filesBelow));
  const lines = files.flat().map(async (path) => {
    const { size, mtimeMs } = await stat(join(root, path));
    return `${path} ${size} ${mtimeMs}`;
  });
  return digest((await Promise.all(lines)).sort());
}

async function filesBelow(path) {
  const entries = await readdir(join(root, path), { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!entries) return existsSync(join(root, path)) ? [path] : [];
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const digest = (parts) =>
  createHash('sha256')
    .update(`${process.version}\n${parts.join('\n')}`)
    .digest('hex');
