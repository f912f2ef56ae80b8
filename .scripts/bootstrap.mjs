// Makes a checkout ready to use: installs with pnpm, builds the packages and the inspector's page. Does only what is due.
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  await when('install', await manifests(), `installing dependencies with ${PNPM}`, () =>
    run('npx', ['--yes', PNPM, 'install', '--frozen-lockfile'], { quiet: true, env: { CI: 'true' } }),
  );
  await when(
    'build',
    await sources(/\.ts$/, (path) => !path.startsWith('inspector/page')),
    'building the packages',
    () => run('tsc', ['-b'], { quiet: true }),
  );
  await when(
    'page',
    await sources(/./, (path) => /^(inspector\/(page|src\/world)|packages\/protocol\/src)/.test(path)),
    "building the inspector's page",
    () => run('inspector/node_modules/.bin/vite', ['build', 'inspector/page', '--logLevel', 'warn'], { quiet: true }),
  );
}

/** Does `work` unless it was last done for the same inputs. */
async function when(name, inputs, text, work) {
  const stamp = join(STAMPS, name);
  const before = await readFile(stamp, 'utf8').catch(() => undefined);
  if (before === inputs) return;
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
  const exists = (folder) =>
    access(join(root, folder, 'package.json')).then(
      () => true,
      () => false,
    );
  const known = await Promise.all(folders.map(exists));
  return folders.filter((_, at) => known[at]);
}

/** Names, sizes and times of the sources that match; the outputs must still be there, or the digest is of nothing. */
async function sources(name, belongs) {
  const lines = [];
  for (const folder of await packages()) {
    const missing = await access(join(root, folder, 'dist')).then(
      () => false,
      () => true,
    );
    if (missing) lines.push(`${folder} is not built ${Math.random()}`);
    const parts = folder === 'inspector' ? ['src', 'page'] : ['src'];
    for (const part of parts) {
      const entries = await readdir(join(root, folder, part), { recursive: true, withFileTypes: true }).catch(() => []);
      for (const entry of entries.filter((item) => item.isFile() && name.test(item.name))) {
        const path = join(entry.parentPath, entry.name);
        const relative = path.slice(root.length);
        if (!belongs(relative)) continue;
        const { size, mtimeMs } = await stat(path);
        lines.push(`${relative} ${size} ${mtimeMs}`);
      }
    }
  }
  return digest(lines.sort());
}

const digest = (parts) =>
  createHash('sha256')
    .update(`${process.version}\n${parts.join('\n')}`)
    .digest('hex');
