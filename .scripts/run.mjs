// What the root's scripts share: running a command, and telling a person how it goes.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The pnpm that installs the workspace; fetched by npx, since a fresh machine has none. */
export const PNPM = 'pnpm@12.21.0';

/** Names of local executables are looked up in the workspace's own node_modules; a path is one from the root. */
const local = (name) => {
  if (name === 'node') return process.execPath;
  return name.includes('/') ? `${root}${name}` : `${root}node_modules/.bin/${name}`;
};

class Failed extends Error {
  constructor(code) {
    super(`exit code ${code}`);
    this.code = code;
  }
}

/**
 * Runs a command to its end. With `quiet`, its output is shown only if it fails.
 * Throws when it fails, unless `tolerate` is set; returns its exit code.
 */
export async function run(name, args, { quiet = false, tolerate = false, env = {} } = {}) {
  const child = spawn(name === 'npx' ? 'npx' : local(name), args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    shell: false,
  });
  let output = '';
  for (const stream of quiet ? [child.stdout, child.stderr] : []) stream.on('data', (chunk) => (output += chunk));
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, forward);
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += `${error.message}\n`;
      resolve(127);
    });
    child.on('close', (status, signal) => resolve(status ?? (signal ? 130 : 1)));
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, forward);
  if (code !== 0 && quiet) process.stderr.write(process.stderr.isTTY ? `\n${output}` : output);
  if (code !== 0 && !tolerate) throw new Failed(code);
  return code;
}

const started = Date.now();
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs one phase of a longer work: a line when it begins on a terminal, a line with its time when it is done.
 * When a command of it fails, this process ends with that command's exit code.
 */
export async function phase(name, work) {
  const since = Date.now();
  const terminal = process.stderr.isTTY;
  if (terminal) process.stderr.write(`  ${name} …`);
  const report = (result) =>
    process.stderr.write(`${terminal ? '\r\x1b[K' : ''}  ${name}${result} (${seconds(since)})\n`);
  try {
    await work();
    report('');
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    report(': FAILED, see above');
    process.exit(error.code);
  }
}

export const elapsed = () => seconds(started);
